import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { pairKey, type PairBalance } from './allocation.js';
import type { Contract, ContractTerm, ContractVisit, DatedAllocationSet } from './contract.js';
import { packageOn, readPackages, type PackageCode } from './package.js';
import { paceOfTerm } from './pace.js';
import { refuseByRules } from './refusal.js';
import { noticeDeadline, termDates } from './term.js';
import {
  judgeTimeEntry,
  lateEntryLastDay,
  type TermBalance,
  type Corrected,
  type Situation,
  type TimeEntry,
} from './time-entry.js';

const packages = readPackages(parse(readFileSync('config/packages.yaml', 'utf8')));
const rules = {
  reminderDays: [90, 75, 67, 60],
  noticeDays: 60,
  lateEntryDays: 10,
  consultantDayMinutes: 1440,
  paceTolerancePercent: 10,
  forecastDays: 90,
  usageAlertPercents: [50, 80, 100],
  customerAlertPercent: 80,
  behindAlertMonths: 2,
  expiryAlertDays: 90,
  noticeNearDays: 30,
  noEntryDays: 21,
  behindPlanMonths: 1,
  plannedSessionGraceDays: 3,
  lateEntryClosingDays: 3,
  houseTimeZone: 'Asia/Tokyo',
  fiscalYearStartMonth: 4,
  reportAttachmentMegabytes: 5,
  reportLinkDays: 14,
};
const anchorOn = '2026-04-01';
const sato = 'consultant-sato';
const lee = 'consultant-lee';
const database = 'line-database';
const storage = 'line-storage';

function term(number: number, code: PackageCode, status: 'open' | 'closed' = 'open'): ContractTerm {
  const dates = termDates(anchorOn, number);
  const sold = packageOn(packages, code, dates.startsOn)!;
  return {
    id: `term-${number}`,
    number,
    ...dates,
    startsAt: new Date(`${dates.startsOn}T00:00:00Z`),
    endsAt: new Date(`${termDates(anchorOn, number + 1).startsOn}T00:00:00Z`),
    noticeDeadlineOn: noticeDeadline(dates.endsOn, rules.noticeDays),
    status,
    renewalState: status === 'open' ? 'open' : 'renewed',
    periods: [{ package: sold, effectiveOn: dates.startsOn }],
    topUps: [],
    plan: paceOfTerm({
      anchor: anchorOn,
      number,
      baseMinutes: sold.grantedMinutes,
      additions: [],
      tolerancePercent: 10,
    }),
  };
}

interface Given {
  package?: PackageCode;
  today?: string;
  usedMinutes?: number;
  onsiteUsedMinutes?: number;
  dayMinutes?: number;
  closed?: boolean;
  expiredMinutes?: number;
  closedThrough?: string;
  adjusting?: boolean;
  enforce?: boolean;
  enteredOn?: string;
  pairs?: [consultant: string, line: string, allocatedMinutes: number, workedMinutes: number][];
  sets?: DatedAllocationSet[];
  visits?: ContractVisit[];
  corrected?: Corrected;
}

const setOf = (consultants: string[], fromOn = anchorOn, sequence = 1): DatedAllocationSet => ({
  sequence,
  fromOn,
  allocations: consultants.map((consultantId, index) => ({
    consultantId,
    productLineId: database,
    minutes: 0,
    primary: index === 0,
  })),
});

function situation(given: Given): Situation {
  const { package: code = 'premier', closed = false, usedMinutes = 0 } = given;
  const first = term(0, code, closed ? 'closed' : 'open');
  const contract: Contract = {
    subscriptionId: 's',
    revision: 1,
    customerId: 'c',
    csmId: 'u',
    timeZone: 'Asia/Tokyo',
    status: 'active',
    pacePolicy: given.enforce ? 'enforce' : 'advise',
    anchorOn,
    enteredOn: given.enteredOn ?? anchorOn,
    terms: closed ? [first, term(1, code)] : [first],
    enrolments: [{ productLineId: database, fromOn: anchorOn, untilOn: null }],
  };
  const sold = first.periods[0]!.package;
  const pairs = new Map<string, PairBalance>(
    (given.pairs ?? []).map(([consultantId, productLineId, allocatedMinutes, workedMinutes]) => [
      pairKey({ consultantId, productLineId }),
      { allocatedMinutes, workedMinutes },
    ]),
  );
  if (given.pairs === undefined && usedMinutes > 0) {
    pairs.set(pairKey({ consultantId: sato, productLineId: database }), {
      allocatedMinutes: 0,
      workedMinutes: usedMinutes,
    });
  }
  const termBalance: TermBalance = {
    balance: {
      grantedMinutes: sold.grantedMinutes,
      usedMinutes,
      expiredMinutes: given.expiredMinutes ?? (closed ? sold.grantedMinutes - usedMinutes : 0),
      onsiteCapMinutes: sold.onsite.capMinutes,
      onsiteUsedMinutes: given.onsiteUsedMinutes ?? 0,
    },
    closed,
    pairs,
  };
  return {
    contract,
    assignments: {
      allocationSets: new Map([[first.id, given.sets ?? [setOf([sato])]]]),
      visits: given.visits ?? [],
    },
    termBalance,
    consultantDayMinutes: given.dayMinutes ?? 0,
    closedThrough: given.closedThrough ?? null,
    adjusting: given.adjusting ?? false,
    today: given.today ?? '2026-07-10',
    rules,
  };
}

const entry: TimeEntry = {
  workDate: '2026-07-10',
  minutes: 60,
  consultantId: sato,
  productLineId: database,
  activity: 'technical-advice',
  delivery: 'remote',
  visitId: null,
  summary: 'Index advice',
  reference: null,
  severity: null,
};

const visit: ContractVisit = {
  id: 'visit-1',
  startsOn: '2026-07-09',
  endsOn: '2026-07-11',
  place: 'Osaka',
  status: 'planned',
  consultantIds: [sato],
};
const onsite: Partial<TimeEntry> = { delivery: 'onsite', visitId: visit.id };

/** Codes, each with its largest acceptable minutes: `hours-exhausted≤60`. */
const judge = (asked: Partial<TimeEntry>, given: Given): string =>
  judgeTimeEntry({ ...entry, ...asked }, situation(given), given.corrected)
    .map(({ code, maxAcceptableMinutes }) =>
      maxAcceptableMinutes === undefined ? code : `${code}≤${maxAcceptableMinutes}`,
    )
    .join(' ');

describe('logging time (§5)', () => {
  it.each<[why: string, asked: Partial<TimeEntry>, given: Given, refused: string]>([
    ['an ordinary entry', {}, {}, ''],
    ['the day before the first term', { workDate: '2026-03-31' }, {}, 'term-not-found'],
    ['the first day of the term', { workDate: '2026-04-01' }, {}, ''],
    ['the last day of the term', { workDate: '2027-03-31' }, { today: '2027-03-31' }, ''],
    ['after the last day, which is reported alone', { workDate: '2027-04-01', minutes: 99_999 }, {}, 'term-not-found'],
    ['today', { workDate: '2026-07-10' }, { today: '2026-07-10' }, ''],
    ['tomorrow', { workDate: '2026-07-11' }, { today: '2026-07-10' }, 'work-date-in-future'],

    ['a closed month', { workDate: '2026-06-30' }, { closedThrough: '2026-06' }, 'period-closed'],
    ['a month before the closed one', { workDate: '2026-04-30' }, { closedThrough: '2026-06' }, 'period-closed'],
    ['the month after it', { workDate: '2026-07-01' }, { closedThrough: '2026-06' }, ''],
    ['a closed month as an adjustment', { workDate: '2026-06-30' }, { closedThrough: '2026-06', adjusting: true }, ''],

    ['a consultant without an allocation', { consultantId: lee }, {}, 'consultant-not-assigned'],
    [
      'an assigned consultant on another line',
      { productLineId: storage },
      {},
      'consultant-not-assigned product-line-not-enrolled',
    ],
    [
      'a consultant who has left the set, on a day before',
      { consultantId: lee, workDate: '2026-06-30' },
      { sets: [setOf([sato, lee]), setOf([sato], '2026-07-01', 2)] },
      '',
    ],
    [
      'the same consultant on the day of the new set',
      { consultantId: lee, workDate: '2026-07-01' },
      { sets: [setOf([sato, lee]), setOf([sato], '2026-07-01', 2)] },
      'consultant-not-assigned',
    ],
    [
      'a new consultant, on a day before the set that names this consultant',
      { consultantId: lee, workDate: '2026-06-30' },
      { sets: [setOf([sato]), setOf([sato, lee], '2026-07-01', 2)] },
      '',
    ],

    ['the last minute', { minutes: 20 }, { usedMinutes: 11_500 }, ''],
    ['one more', { minutes: 21 }, { usedMinutes: 11_500 }, 'hours-exhausted≤20 allocation-exhausted≤20'],
    ['nothing left', { minutes: 1 }, { usedMinutes: 11_520 }, 'hours-exhausted≤0 allocation-exhausted≤0'],
    [
      'late, all expired minutes of a closed term, regardless of allocations',
      { minutes: 1_020 },
      {
        closed: true,
        today: '2027-04-01',
        usedMinutes: 10_500,
        pairs: [
          [sato, database, 0, 500],
          [lee, database, 11_020, 10_000],
        ],
      },
      '',
    ],
    [
      'the whole allocation and all unallocated minutes',
      { minutes: 1_000 },
      {
        pairs: [
          [sato, database, 500, 0],
          [lee, database, 10_520, 0],
        ],
      },
      '',
    ],
    [
      'one minute more',
      { minutes: 1_001 },
      {
        pairs: [
          [sato, database, 500, 0],
          [lee, database, 10_520, 0],
        ],
      },
      'allocation-exhausted≤1000',
    ],
    [
      'unallocated minutes, beyond a used-up allocation',
      { minutes: 401 },
      {
        usedMinutes: 600,
        pairs: [
          [sato, database, 500, 600],
          [lee, database, 10_520, 0],
        ],
      },
      'allocation-exhausted≤400',
    ],

    [
      'onsite on a package without onsite work, reported without other onsite rules',
      { ...onsite, minutes: 30 },
      { package: 'basic' },
      'onsite-not-included',
    ],
    ['onsite without a visit', { delivery: 'onsite' }, { visits: [visit] }, 'visit-required'],
    ['onsite on an unknown visit', { ...onsite, visitId: 'visit-9' }, { visits: [visit] }, 'visit-required'],
    ['onsite on the first day of its visit', { ...onsite, workDate: '2026-07-09' }, { visits: [visit] }, ''],
    ['onsite the day before its visit', { ...onsite, workDate: '2026-07-08' }, { visits: [visit] }, 'outside-visit'],
    [
      'onsite the day after its visit',
      { ...onsite, workDate: '2026-07-12' },
      { visits: [visit], today: '2026-07-12' },
      'outside-visit',
    ],
    [
      'onsite by a consultant who is not part of the visit',
      onsite,
      { visits: [{ ...visit, consultantIds: [lee] }] },
      'outside-visit',
    ],
    ['onsite on a cancelled visit', onsite, { visits: [{ ...visit, status: 'cancelled' }] }, 'outside-visit'],
    ['onsite on a completed visit', onsite, { visits: [{ ...visit, status: 'done' }] }, ''],
    ['exactly the onsite cap', onsite, { visits: [visit], usedMinutes: 2_820, onsiteUsedMinutes: 2_820 }, ''],
    [
      'one minute above the cap',
      { ...onsite, minutes: 61 },
      { visits: [visit], usedMinutes: 2_820, onsiteUsedMinutes: 2_820 },
      'onsite-cap-exceeded≤60',
    ],

    ['the 24th hour of a consultant’s day', {}, { dayMinutes: 1_380 }, ''],
    ['one minute beyond the 24th hour', { minutes: 61 }, { dayMinutes: 1_380 }, 'consultant-day-exceeded≤60'],

    ['ahead of a pace that only advises', { minutes: 1_400, workDate: '2026-04-01' }, { today: '2026-04-01' }, ''],
    [
      'up to the plan of an enforced service month',
      { minutes: 960, workDate: '2026-04-01' },
      { today: '2026-04-01', enforce: true },
      '',
    ],
    [
      'beyond it',
      { minutes: 961, workDate: '2026-04-01' },
      { today: '2026-04-01', enforce: true },
      'ahead-of-pace≤960',
    ],

    ['ten days after the end', { workDate: '2027-03-31' }, { closed: true, today: '2027-04-10' }, ''],
    [
      'eleven days after the end',
      { workDate: '2027-03-31' },
      { closed: true, today: '2027-04-11' },
      'late-entry-window-passed',
    ],
    [
      'old work of an existing contract, ten days after it was entered',
      { workDate: '2026-07-10' },
      { closed: true, enteredOn: '2027-09-01', today: '2027-09-11' },
      '',
    ],
    [
      'eleven days after it was entered',
      { workDate: '2026-07-10' },
      { closed: true, enteredOn: '2027-09-01', today: '2027-09-12' },
      'late-entry-window-passed',
    ],
    [
      'late, more than the expired minutes',
      { workDate: '2027-03-31', minutes: 21 },
      { closed: true, today: '2027-04-01', usedMinutes: 11_500 },
      'hours-exhausted≤20',
    ],

    [
      'all broken rules, in the order of the rules',
      { ...onsite, workDate: '2026-07-13', minutes: 20_000, consultantId: lee, productLineId: storage },
      { closedThrough: '2026-07', visits: [visit], enforce: true, dayMinutes: 100 },
      'work-date-in-future period-closed consultant-not-assigned product-line-not-enrolled hours-exhausted≤11520 ' +
        'outside-visit onsite-cap-exceeded≤2880 consultant-day-exceeded≤1340 ahead-of-pace≤3840',
    ],
  ])('%s', (_, asked, given, refused) => {
    expect(judge(asked, given)).toBe(refused);
  });

  it('names the largest amount that the entry could have', () => {
    const given = { usedMinutes: 11_420, dayMinutes: 1_400 };
    const refusal = refuseByRules(judgeTimeEntry({ ...entry, minutes: 200 }, situation(given)));
    expect(refusal.violations?.map(({ code }) => code)).toEqual([
      'hours-exhausted',
      'allocation-exhausted',
      'consultant-day-exceeded',
    ]);
    expect(refusal.maxAcceptableMinutes).toBe(40);
    expect(judge({ minutes: 40 }, given)).toBe('');
    expect(judge({ minutes: 41 }, given)).not.toBe('');
  });

  it('names no amount if another rule refuses the entry', () => {
    const refusal = refuseByRules(judgeTimeEntry({ ...entry, minutes: 2_000, consultantId: lee }, situation({})));
    expect(refusal.code).toBe('rules-violated');
    expect(refusal.maxAcceptableMinutes).toBeUndefined();
  });

  it('accepts exactly the amounts up to the largest acceptable one, under any limits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 11_520 }),
        fc.integer({ min: 0, max: 1_440 }),
        fc.integer({ min: 0, max: 3_000 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 20_000 }),
        (usedMinutes, dayMinutes, allocatedToOther, enforce, minutes) => {
          const other = Math.min(allocatedToOther, 11_520 - usedMinutes);
          const given: Given = {
            usedMinutes,
            dayMinutes,
            enforce,
            pairs: [
              [sato, database, 0, usedMinutes],
              [lee, database, other, 0],
            ],
          };
          const violations = judgeTimeEntry({ ...entry, minutes }, situation(given));
          if (violations.length === 0) return;
          const most = refuseByRules(violations).maxAcceptableMinutes!;
          expect(most).toBeLessThan(minutes);
          expect(judge({ minutes: most + 1 }, given)).not.toBe('');
          if (most > 0) expect(judge({ minutes: most }, given)).toBe('');
        },
      ),
    );
  });
});

describe('correcting an entry (§5, §12)', () => {
  const old: Corrected = { ...entry, termId: 'term-0', minutes: 60 };
  const past: Given = { closed: true, today: '2027-05-01', corrected: old };
  const left = { sets: [setOf([lee])], corrected: old };

  it.each<[why: string, asked: Partial<TimeEntry>, given: Given, refused: string]>([
    ['lower, after the late-entry window', { minutes: 59 }, past, ''],
    ['the same amount, after the late-entry window', {}, past, 'late-entry-window-passed'],
    [
      'lower on another day, after the window',
      { minutes: 59, workDate: '2026-07-09' },
      past,
      'late-entry-window-passed',
    ],
    [
      'lower, from remote to onsite, after the window',
      { ...onsite, minutes: 59 },
      { ...past, visits: [visit] },
      'late-entry-window-passed',
    ],
    ['lower, of a consultant who has left', { minutes: 59 }, left, ''],
    ['the same amount, of a consultant who has left', {}, left, 'consultant-not-assigned'],
    [
      'lower, by another consultant who is not assigned',
      { minutes: 59 },
      { ...left, corrected: { ...old, consultantId: lee } },
      'consultant-not-assigned',
    ],
    [
      'lower, on a line that has left',
      { minutes: 59, productLineId: storage },
      { corrected: { ...old, productLineId: storage } },
      '',
    ],
    ['lower, ahead of an enforced pace', { minutes: 59 }, { enforce: true, usedMinutes: 9_000, corrected: old }, ''],
    [
      'higher, ahead of an enforced pace',
      { minutes: 61 },
      { enforce: true, usedMinutes: 9_000, corrected: old },
      'ahead-of-pace≤0',
    ],
    ['within a closed month', { minutes: 70 }, { closedThrough: '2026-07', corrected: old }, ''],
    [
      'into another closed month',
      { workDate: '2026-06-10' },
      { closedThrough: '2026-07', corrected: old },
      'period-closed',
    ],
  ])('%s', (_, asked, given, refused) => {
    expect(judge(asked, given)).toBe(refused);
  });
});

it('counts late-entry days from the term’s end or the day of entry of the contract, whichever is later', () => {
  const { contract } = situation({ enteredOn: '2026-04-01' });
  expect(lateEntryLastDay(contract.terms[0]!, contract, rules)).toBe('2027-04-10');
  expect(lateEntryLastDay(contract.terms[0]!, { ...contract, enteredOn: '2027-12-30' }, rules)).toBe('2028-01-09');
});
