import { pairKey } from './allocation.js';
import type { Pace } from './pace.js';
import type { TermBalance, TimeEntry } from './time-entry.js';
import { warningsAfter } from './warnings.js';

const entry: TimeEntry = {
  workDate: '2026-07-10',
  minutes: 60,
  consultantId: 'sato',
  productLineId: 'database',
  activity: 'technical-advice',
  delivery: 'remote',
  visitId: null,
  summary: 'Index advice',
  reference: null,
  severity: null,
};

interface After {
  usedMinutes?: number;
  closed?: boolean;
  allocatedMinutes?: number;
  workedMinutes?: number;
  pace?: Pace['status'];
}

/** Codes and params of the warnings after an entry of 60 minutes in a Basic term (5,760 minutes). */
function warned({
  usedMinutes = 60,
  closed = false,
  allocatedMinutes = 0,
  workedMinutes = 60,
  pace = 'on-pace',
}: After) {
  const termBalance: TermBalance = {
    balance: {
      grantedMinutes: 5_760,
      usedMinutes,
      expiredMinutes: closed ? 5_760 - usedMinutes : 0,
      onsiteCapMinutes: 0,
      onsiteUsedMinutes: 0,
    },
    closed,
    pairs: new Map([[pairKey(entry), { allocatedMinutes, workedMinutes }]]),
  };
  return warningsAfter(entry, termBalance, { plannedMinutes: 480, differenceMinutes: 100, status: pace }).map(
    ({ code, params }) => [code, params],
  );
}

describe('the warnings after an entry (§5)', () => {
  it.each<[string, After, unknown[]]>([
    ['nothing for an ordinary entry', {}, []],
    ['nothing while the allocation lasts', { allocatedMinutes: 60 }, []],
    [
      'the minutes that came from the unallocated minutes',
      { allocatedMinutes: 40, workedMinutes: 60 },
      [['drawn-from-unallocated', { drawnMinutes: 20 }]],
    ],
    [
      'at most the minutes of the entry',
      { allocatedMinutes: 40, workedMinutes: 600 },
      [['drawn-from-unallocated', { drawnMinutes: 60 }]],
    ],
    ['nothing for a pair without allocated minutes', { allocatedMinutes: 0, workedMinutes: 600 }, []],
    ['nothing one minute below four fifths used', { usedMinutes: 4_607 }, []],
    [
      'the remaining minutes from four fifths on',
      { usedMinutes: 4_608 },
      [['hours-nearly-used', { grantedMinutes: 5_760, usedMinutes: 4_608, remainingMinutes: 1_152 }]],
    ],
    ['use ahead of the plan', { pace: 'ahead' }, [['ahead-of-pace', { differenceMinutes: 100, plannedMinutes: 480 }]]],
    ['nothing for use behind the plan', { pace: 'behind' }, []],
    ['only a late entry in a closed term', { closed: true, usedMinutes: 5_000 }, [['late-entry', {}]]],
  ])('%s', (_, after, expected) => {
    expect(warned(after)).toEqual(expected);
  });
});
