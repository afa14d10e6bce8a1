import fc from 'fast-check';
import {
  differences,
  expiryAtClose,
  grant,
  leftOf,
  post,
  rebuild,
  remainingMinutes,
  reverseUse,
  upgrade,
  useInTerm,
  type Balance,
  type LedgerEntry,
  type WorkInTerm,
} from './ledger.js';

const endsOn = '2027-03-31';
const empty: Balance = {
  grantedMinutes: 0,
  usedMinutes: 0,
  expiredMinutes: 0,
  onsiteCapMinutes: 2880,
  onsiteUsedMinutes: 0,
};
const premier: Balance = { ...empty, grantedMinutes: 11_520 };

function work(change: Partial<WorkInTerm> = {}): WorkInTerm {
  return {
    closed: false,
    minutes: 60,
    onsiteMinutes: 0,
    workDate: '2026-07-01',
    endsOn,
    timeEntryId: 'entry-1',
    ...change,
  };
}

describe('the entries of work (§5)', () => {
  const use: LedgerEntry = {
    kind: 'use',
    minutes: -60,
    onsiteMinutes: 0,
    effectiveOn: '2026-07-01',
    timeEntryId: 'entry-1',
  };
  const reversal: LedgerEntry = { ...use, kind: 'reversal', minutes: 60 };
  const revived: LedgerEntry = { ...reversal, kind: 'expiry-reversal', effectiveOn: endsOn };
  const expired: LedgerEntry = { ...use, kind: 'expiry', effectiveOn: endsOn };
  const onsite = { onsiteMinutes: 60 };

  test.each<[string, LedgerEntry[], LedgerEntry[]]>([
    ['logged in an open term', useInTerm(work()), [use]],
    ['logged onsite', useInTerm(work(onsite)), [{ ...use, onsiteMinutes: -60 }]],
    ['logged late', useInTerm(work({ closed: true })), [revived, use]],
    ['logged late and onsite', useInTerm(work({ closed: true, ...onsite })), [revived, { ...use, onsiteMinutes: -60 }]],
    ['taken back', reverseUse(work()), [reversal]],
    ['reversed, onsite', reverseUse(work(onsite)), [{ ...reversal, onsiteMinutes: 60 }]],
    ['reversed after the close', reverseUse(work({ closed: true })), [reversal, expired]],
  ])('%s', (_, entries, expected) => {
    expect(entries).toStrictEqual(expected);
  });
});

// prettier-ignore
test.each([
  [ 240, { remainingMinutes: 240, drawnAheadMinutes:   0 }],
  [   0, { remainingMinutes:   0, drawnAheadMinutes:   0 }],
  [-240, { remainingMinutes:   0, drawnAheadMinutes: 240 }],
])('granted − used − expired = %i is shown as %j', (minutes, left) => {
  expect(leftOf(minutes)).toEqual(left);
});

describe('expiryAtClose (§11)', () => {
  test('expires what remains, on the last day', () => {
    const expiry = expiryAtClose({ ...premier, usedMinutes: 9520 }, endsOn);
    expect(expiry).toEqual({ kind: 'expiry', minutes: -2000, onsiteMinutes: 0, effectiveOn: endsOn });
  });

  test('nothing expires if all is used', () => {
    expect(expiryAtClose({ ...premier, usedMinutes: 11_520 }, endsOn)).toBeUndefined();
  });
});

describe('post', () => {
  const entry = (kind: LedgerEntry['kind'], minutes: number, onsiteMinutes = 0): LedgerEntry => ({
    kind,
    minutes,
    onsiteMinutes,
    effectiveOn: '2026-07-01',
  });
  const used = { ...premier, usedMinutes: 100, onsiteUsedMinutes: 40 };
  const closed = { ...used, expiredMinutes: 11_420 };

  test.each<[string, Balance, LedgerEntry, Partial<Balance>]>([
    ['grant', empty, grant(11_520, '2026-04-01'), { grantedMinutes: 11_520 }],
    ['upgrade', premier, upgrade(100, '2026-10-01'), { grantedMinutes: 11_620 }],
    ['an upgrade that changes only other limits', premier, upgrade(0, '2026-10-01'), { grantedMinutes: 11_520 }],
    ['the last minute', premier, entry('use', -11_520), { usedMinutes: 11_520 }],
    [
      'onsite work exactly up to the cap',
      used,
      entry('use', -2840, -2840),
      { usedMinutes: 2940, onsiteUsedMinutes: 2880 },
    ],
    ['reversal of onsite work', used, entry('reversal', 40, 40), { usedMinutes: 60, onsiteUsedMinutes: 0 }],
    ['expiry of all that remains', used, entry('expiry', -11_420), { expiredMinutes: 11_420 }],
    ['expiry-reversal of all that expired', closed, entry('expiry-reversal', 11_420), { expiredMinutes: 0 }],
  ])('%s', (_, before, posted, after) => {
    expect(post(before, posted)).toEqual({ ...before, ...after });
  });

  test.each<[string, Balance, LedgerEntry]>([
    ['takes more than remains', premier, entry('use', -11_521)],
    ['takes more than remains', closed, entry('use', -1)],
    ['takes more than remains', used, entry('expiry', -11_421)],
    ['gives back more than was used', used, entry('reversal', 101)],
    ['revives more than had expired', closed, entry('expiry-reversal', 11_421)],
    ['passes the onsite cap', used, entry('use', -2841, -2841)],
    ['gives back more onsite time than was used', used, entry('reversal', 41, 41)],
    ['leaves more onsite time than time', used, entry('reversal', 61)],
    ['wrong sign', premier, entry('use', 1)],
    ['wrong sign', premier, entry('grant', -1)],
    ['no minutes', premier, entry('use', 0)],
    ['no minutes', premier, entry('use', -0.5)],
    ['wrong onsite minutes', used, entry('use', -10, -5)],
    ['wrong onsite minutes', premier, entry('grant', 10, 10)],
  ])('%s', (broken, before, posted) => {
    expect(() => post(before, posted)).toThrow(broken);
  });
});

describe('differences', () => {
  test('are empty for a balance and its own ledger', () => {
    const entries = [grant(11_520, '2026-04-01'), ...useInTerm(work())];
    expect(differences({ ...premier, usedMinutes: 60 }, rebuild(entries))).toEqual([]);
  });

  test('name each wrong amount', () => {
    const stored = { ...premier, usedMinutes: 61, seatsUsed: 2 };
    const rebuilt = { ...rebuild([grant(11_520, '2026-04-01'), ...useInTerm(work())]), seatsUsed: 1 };
    expect(differences(stored, rebuilt)).toEqual([
      { field: 'usedMinutes', stored: 61, rebuilt: 60 },
      { field: 'seatsUsed', stored: 2, rebuilt: 1 },
    ]);
  });
});

describe('what is conserved (§4)', () => {
  type Step = { kind: 'use' | 'reverse' | 'upgrade' | 'close'; amount: number; onsite: boolean };
  const steps = fc.array(
    fc.record<Step>({
      kind: fc.constantFrom('use', 'use', 'use', 'reverse', 'upgrade', 'close'),
      amount: fc.integer({ min: 1, max: 6000 }),
      onsite: fc.boolean(),
    }),
    { maxLength: 40 },
  );

  /** Plays a term as the service does. Steps that a rule would refuse are skipped. */
  function play(played: readonly Step[]): { balance: Balance; entries: LedgerEntry[]; closed: boolean; net: number } {
    const entries: LedgerEntry[] = [];
    const standing: WorkInTerm[] = [];
    let balance = empty;
    let closed = false;
    const write = (written: LedgerEntry[]) => {
      for (const entry of written) balance = post(balance, entry);
      entries.push(...written);
    };
    write([grant(11_520, '2026-04-01')]);
    for (const { kind, amount, onsite } of played) {
      if (kind === 'use') {
        const onsiteMinutes = onsite ? amount : 0;
        const available = closed ? balance.expiredMinutes : remainingMinutes(balance);
        if (amount > available || balance.onsiteUsedMinutes + onsiteMinutes > balance.onsiteCapMinutes) continue;
        const logged = work({ closed, minutes: amount, onsiteMinutes });
        standing.push(logged);
        write(useInTerm(logged));
      } else if (kind === 'reverse' && standing.length > 0) {
        const [taken] = standing.splice(amount % standing.length, 1);
        write(reverseUse({ ...taken!, closed }));
      } else if (kind === 'upgrade' && !closed) {
        write([upgrade(amount, '2026-10-01')]);
      } else if (kind === 'close' && !closed) {
        const expiry = expiryAtClose(balance, endsOn);
        write(expiry ? [expiry] : []);
        closed = true;
      }
    }
    return { balance, entries, closed, net: standing.reduce((sum, { minutes }) => sum + minutes, 0) };
  }

  test('granted − used − expired = remaining ≥ 0, and 0 once the term has closed', () => {
    fc.assert(
      fc.property(steps, (played) => {
        const { balance, closed, net } = play(played);
        expect(balance.usedMinutes).toBe(net);
        expect(remainingMinutes(balance)).toBeGreaterThanOrEqual(0);
        if (closed) expect(remainingMinutes(balance)).toBe(0);
      }),
    );
  });

  test('the balance and the remaining minutes are the sums of the entries', () => {
    fc.assert(
      fc.property(steps, (played) => {
        const { balance, entries } = play(played);
        expect(differences(balance, rebuild(entries))).toEqual([]);
        expect(entries.reduce((sum, { minutes }) => sum + minutes, 0)).toBe(remainingMinutes(balance));
      }),
    );
  });
});
