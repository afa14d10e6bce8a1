import fc from 'fast-check';
import { addDays } from './calendar.js';
import { post, remainingMinutes, type Balance } from './ledger.js';
import type { PackageCode, PackageVersion } from './package.js';
import { rollOver, type EndedTerm } from './roll-over.js';
import type { RenewalState } from './term.js';

// prettier-ignore
const packages: Record<PackageCode, PackageVersion> = {
  //                     hours visits seats consultants lines
  basic:     sold('basic',     96,    0,    1,    1,    1),
  premier:   sold('premier',  192,    2,    2,    2,    2),
  enterprise: sold('enterprise', 384, 4,    3,    2,    2),
  dedicated: sold('dedicated', 1600, null,  6,    3,    3),
};

function sold(
  code: PackageCode,
  hours: number,
  maxVisits: number | null,
  learningSeats: number,
  maxConsultants: number,
  maxProductLines: number,
): PackageVersion {
  const grantedMinutes = hours * 60;
  const capPercent = code === 'basic' ? 0 : 25;
  return {
    code,
    version: '2026-01',
    effectiveOn: '2026-01-01',
    name: { en: code, ja: code },
    grantedMinutes,
    onsite: { included: capPercent > 0, capPercent, capMinutes: (grantedMinutes * capPercent) / 100, maxVisits },
    travelExpenses: capPercent > 0 ? 'included' : 'not-applicable',
    learningSeats,
    maxConsultants,
    maxProductLines,
    termMonths: 12,
  };
}

function balance(change: Partial<Balance> = {}): Balance {
  return {
    grantedMinutes: 11_520,
    usedMinutes: 9520,
    expiredMinutes: 0,
    onsiteCapMinutes: 2880,
    onsiteUsedMinutes: 0,
    ...change,
  };
}

const premierTerm: EndedTerm = {
  number: 0,
  anchorOn: '2026-04-01',
  endsOn: '2027-03-31',
  renewalState: 'locked',
  balance: balance(),
  enrolments: [
    { productLineId: '1', fromOn: '2026-04-01', untilOn: null },
    { productLineId: '2', fromOn: '2026-04-01', untilOn: null },
  ],
};

const renewing = { nextPackage: packages.premier, noticeDays: 60, today: '2027-04-01' };

describe('rollOver (§11)', () => {
  test('renews with a full new entitlement', () => {
    expect(rollOver(premierTerm, renewing)).toEqual({
      renewalState: 'renewed',
      expiry: { kind: 'expiry', minutes: -2000, onsiteMinutes: 0, effectiveOn: '2027-03-31' },
      next: {
        number: 1,
        startsOn: '2027-04-01',
        endsOn: '2028-03-31',
        noticeDays: 60,
        noticeDeadlineOn: '2028-01-31',
        package: packages.premier,
        entitlement: {
          grantedMinutes: 11_520,
          onsiteCapMinutes: 2880,
          maxVisits: 2,
          learningSeats: 2,
          maxConsultants: 2,
          maxProductLines: 2,
        },
        grant: { kind: 'grant', minutes: 11_520, onsiteMinutes: 0, effectiveOn: '2027-04-01' },
        carry: {
          fromGrantedMinutes: 11_520,
          toGrantedMinutes: 11_520,
          maxConsultants: 2,
          maxProductLines: 2,
          enrolledProductLineIds: ['1', '2'],
        },
      },
    });
  });

  test('into a smaller package: allocations shrink from the old grant to the new one', () => {
    const { next } = rollOver(premierTerm, { ...renewing, nextPackage: packages.basic });
    expect(next).toMatchObject({
      entitlement: { grantedMinutes: 5760, onsiteCapMinutes: 0, maxVisits: 0 },
      grant: { minutes: 5760 },
      carry: { fromGrantedMinutes: 11_520, toGrantedMinutes: 5760, maxConsultants: 1, maxProductLines: 1 },
    });
  });

  test('after an upgrade, allocations are scaled from the granted minutes of the term', () => {
    const upgraded = { ...premierTerm, balance: balance({ grantedMinutes: 8633, usedMinutes: 0 }) };
    const { next, expiry } = rollOver(upgraded, renewing);
    expect(next?.carry).toMatchObject({ fromGrantedMinutes: 8633, toGrantedMinutes: 11_520 });
    expect(expiry?.minutes).toBe(-8633);
  });

  test.each<[RenewalState, 'renewed' | 'ended']>([
    ['locked', 'renewed'],
    ['open', 'renewed'], // the deadline has passed, but the lock job has not run
    ['declined', 'ended'],
  ])('%s → %s', (renewalState, expected) => {
    const rolled = rollOver({ ...premierTerm, renewalState }, renewing);
    expect(rolled.renewalState).toBe(expected);
    expect(rolled.next !== undefined).toBe(expected === 'renewed');
  });

  test('at the end of a subscription everything expires', () => {
    expect(rollOver({ ...premierTerm, renewalState: 'declined' }, renewing)).toEqual({
      renewalState: 'ended',
      expiry: { kind: 'expiry', minutes: -2000, onsiteMinutes: 0, effectiveOn: '2027-03-31' },
      next: undefined,
    });
  });

  test('nothing expires if all was used', () => {
    expect(rollOver({ ...premierTerm, balance: balance({ usedMinutes: 11_520 }) }, renewing).expiry).toBeUndefined();
  });

  test('a product line that leaves or joins with the new term', () => {
    const enrolments = [
      { productLineId: '1', fromOn: '2026-04-01', untilOn: '2027-04-01' },
      { productLineId: '2', fromOn: '2026-04-01', untilOn: null },
      { productLineId: '3', fromOn: '2027-04-01', untilOn: null },
    ];
    const { next } = rollOver({ ...premierTerm, enrolments }, renewing);
    expect(next?.carry.enrolledProductLineIds).toEqual(['2', '3']);
  });

  test('no roll-over on the last day', () => {
    expect(() => rollOver(premierTerm, { ...renewing, today: '2027-03-31' })).toThrow('is not over on 2027-03-31');
  });

  test.each<RenewalState>(['renewed', 'ended'])('not twice: %s', (renewalState) => {
    expect(() => rollOver({ ...premierTerm, renewalState }, renewing)).toThrow('was rolled over before');
  });

  test('after an outage, all missed terms in order, counted from the anchor', () => {
    const terms: string[] = [];
    let term: EndedTerm = { ...premierTerm, anchorOn: '2024-02-29', endsOn: '2025-02-27' };
    while (term.endsOn < '2028-03-01') {
      const { next } = rollOver(term, { ...renewing, today: '2028-03-01' });
      terms.push(`${next!.startsOn}…${next!.endsOn} ${next!.noticeDeadlineOn}`);
      const { number, endsOn } = next!;
      term = {
        ...term,
        number,
        endsOn,
        balance: balance({ usedMinutes: 0 }),
        renewalState: 'open',
      };
    }
    expect(terms).toEqual([
      '2025-02-28…2026-02-27 2025-12-29',
      '2026-02-28…2027-02-27 2026-12-29',
      '2027-02-28…2028-02-28 2027-12-30',
      '2028-02-29…2029-02-27 2028-12-29',
    ]);
  });
});

describe('what is conserved', () => {
  const amounts = fc.record({
    grantedMinutes: fc.integer({ min: 1, max: 96_000 }),
    usedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    code: fc.constantFrom<PackageCode>('basic', 'premier', 'enterprise', 'dedicated'),
    renewalState: fc.constantFrom<RenewalState>('open', 'locked', 'declined'),
  });

  test('expires exactly what remains, and opens with exactly the new grant', () => {
    fc.assert(
      fc.property(amounts, ({ grantedMinutes, usedShare, code, renewalState }) => {
        const before = balance({ grantedMinutes, usedMinutes: Math.floor(grantedMinutes * usedShare) });
        const { expiry, next } = rollOver(
          { ...premierTerm, balance: before, renewalState },
          { ...renewing, nextPackage: packages[code] },
        );
        const after = expiry ? post(before, expiry) : before;
        expect(remainingMinutes(after)).toBe(0);
        expect(after.expiredMinutes).toBe(remainingMinutes(before));
        if (!next) return;
        expect(next.startsOn).toBe(addDays(premierTerm.endsOn, 1));
        expect(next.grant.minutes).toBe(packages[code].grantedMinutes);
        expect(next.entitlement.onsiteCapMinutes).toBe(packages[code].onsite.capMinutes);
      }),
    );
  });
});
