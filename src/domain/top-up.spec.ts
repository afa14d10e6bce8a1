import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { PairBalance } from './allocation.js';
import { entitlementOf, type TermTopUp } from './entitlement.js';
import { cancelTopUp, grant, post, remainingMinutes, topUp as topUpEntry, type Balance } from './ledger.js';
import { packageCodes, packageOn, readPackages, type PackageCode } from './package.js';
import { judgeTopUp, judgeTopUpCancellation, mostTopUps, type ProposedTopUp, type ToppedUpTerm } from './top-up.js';

const table = readPackages(parse(readFileSync(join(__dirname, '../../config/packages.yaml'), 'utf8')));
const today = '2026-10-15';

function termOf(code: PackageCode, ...topUps: TermTopUp[]): ToppedUpTerm {
  const sold = packageOn(table, code, '2026-04-01')!;
  const dates = { startsOn: '2026-04-01', endsOn: '2027-03-31' };
  return { ...dates, periods: [{ package: sold, effectiveOn: dates.startsOn }], topUps };
}

const supplement = (minutes: number): TermTopUp => ({ kind: 'supplement', minutes, effectiveOn: '2026-06-01' });
const goodwill = (minutes: number): TermTopUp => ({ kind: 'goodwill', minutes, effectiveOn: '2026-07-01' });

describe('a top-up (§10)', () => {
  const bought = { kind: 'supplement', minutes: 600, effectiveOn: today, orderNumber: 'PO-1' } as const;
  const given = { kind: 'goodwill', minutes: 600, effectiveOn: today, reason: 'Outage' } as const;
  const judged = (asked: ProposedTopUp, { term = termOf('premier'), entered = 0 } = {}) =>
    judgeTopUp(asked, { term, entered, today });

  it.each<[string, ProposedTopUp, string[]]>([
    ['a supplement of today', bought, []],
    ['a goodwill of today', given, []],
    ['of one minute', { ...bought, minutes: 1 }, []],
    ['of ten packages', { ...bought, minutes: 115_200 }, []],
    ['of more than ten packages', { ...bought, minutes: 115_201 }, ['top-up-too-large']],
    ['on the first day', { ...bought, effectiveOn: '2026-04-01' }, []],
    ['before the term', { ...bought, effectiveOn: '2026-03-31' }, ['effective-on-out-of-range']],
    ['tomorrow', { ...bought, effectiveOn: '2026-10-16' }, ['effective-on-out-of-range']],
    ['a supplement without an order', { ...bought, orderNumber: undefined }, ['order-number-required']],
    ['a goodwill without a reason', { ...given, reason: undefined }, ['reason-required']],
    ['a supplement with a reason', { ...bought, reason: 'R' }, ['field-of-other-top-up']],
    ['a goodwill with an order', { ...given, orderNumber: 'PO-1' }, ['field-of-other-top-up']],
    [
      'with several mistakes',
      { kind: 'goodwill', minutes: 115_201, effectiveOn: '2026-10-16', orderNumber: 'PO-1' },
      ['reason-required', 'field-of-other-top-up', 'effective-on-out-of-range', 'top-up-too-large'],
    ],
  ])('%s', (_, asked, codes) => {
    const { violations, entitlement } = judged(asked);
    expect(violations.map(({ code }) => code)).toEqual(codes);
    expect(entitlement === undefined).toBe(codes.length > 0);
  });

  it('names the largest acceptable amount', () => {
    expect(judged({ ...bought, minutes: 115_201 }).violations).toEqual([
      {
        code: 'top-up-too-large',
        params: { minutes: 115_201, packages: 10 },
        pointer: '/minutes',
        limitMinutes: 115_200,
        maxAcceptableMinutes: 115_200,
      },
    ]);
  });

  it('compares with the package in force on the effective day', () => {
    const [basic, premier] = ['basic', 'premier'].map((code) => packageOn(table, code as PackageCode, '2026-04-01')!);
    const term: ToppedUpTerm = {
      ...termOf('basic'),
      periods: [
        { package: basic!, effectiveOn: '2026-04-01' },
        { package: premier!, effectiveOn: '2026-10-01' },
      ],
    };
    expect(judged({ ...bought, minutes: 115_200, effectiveOn: '2026-10-01' }, { term }).violations).toEqual([]);
    expect(judged({ ...bought, minutes: 57_601, effectiveOn: '2026-09-30' }, { term }).violations).toMatchObject([
      { code: 'top-up-too-large', limitMinutes: 57_600 },
    ]);
  });

  it('is the last one of a term with a hundred', () => {
    expect(judged(bought, { entered: mostTopUps - 1 }).violations).toEqual([]);
    expect(judged(bought, { entered: mostTopUps }).violations).toMatchObject([{ code: 'too-many-top-ups' }]);
  });

  it('raises what the term grants; only a supplement raises the onsite cap', () => {
    const term = termOf('premier', supplement(100), goodwill(50));
    expect(judged(bought, { term }).entitlement).toMatchObject({ grantedMinutes: 12_270, onsiteCapMinutes: 3_055 });
    expect(judged(given, { term }).entitlement).toMatchObject({ grantedMinutes: 12_270, onsiteCapMinutes: 2_905 });
  });
});

describe('the cancellation of a top-up (§10)', () => {
  interface Given {
    code: PackageCode;
    topUps: [TermTopUp, ...TermTopUp[]];
    pairs: PairBalance[];
    onsite: number;
  }

  const balanceOf = ({ code, topUps, pairs, onsite }: Given): Balance => {
    const { grantedMinutes, onsiteCapMinutes } = entitlementOf(termOf(code).periods, termOf(code), topUps);
    const usedMinutes = pairs.reduce((sum, { workedMinutes }) => sum + workedMinutes, 0);
    return { grantedMinutes, usedMinutes, expiredMinutes: 0, onsiteCapMinutes, onsiteUsedMinutes: onsite };
  };
  /** Cancels the first top-up. */
  const judged = (given: Given) =>
    judgeTopUpCancellation(given.topUps[0], {
      term: termOf(given.code, ...given.topUps),
      balance: balanceOf(given),
      pairs: given.pairs,
    });
  const pair = (allocatedMinutes: number, workedMinutes: number): PairBalance => ({ allocatedMinutes, workedMinutes });

  // The term grants 11,520 minutes and 600 more, with an onsite cap of 3,030.
  it.each<[string, TermTopUp, PairBalance[], number, number]>([
    ['nothing used', supplement(600), [], 0, 600],
    ['the minutes of the package worked', supplement(600), [pair(0, 11_520)], 0, 600],
    ['a part of the top-up worked', supplement(600), [pair(0, 11_700)], 0, 420],
    ['all but one minute worked', supplement(600), [pair(0, 12_119)], 0, 1],
    ['all worked', supplement(600), [pair(0, 12_120)], 0, 0],
    ['a part allocated', supplement(600), [pair(12_000, 0)], 0, 120],
    ['all allocated', supplement(600), [pair(12_120, 60)], 0, 0],
    ['allocated and worked beside it', supplement(600), [pair(11_000, 60), pair(0, 900)], 0, 220],
    ['onsite work up to the cap of the package', supplement(600), [pair(0, 2_880)], 2_880, 600],
    ['onsite work of 3,000: needs 12,000 minutes', supplement(600), [pair(0, 3_000)], 3_000, 120],
    ['onsite work of 3,001: needs 12,004 minutes', supplement(600), [pair(0, 3_001)], 3_001, 116],
    ['onsite work up to the cap', supplement(600), [pair(0, 3_030)], 3_030, 0],
    ['goodwill never changes the onsite cap', goodwill(600), [pair(0, 2_880)], 2_880, 600],
  ])('%s', (_, topUp, pairs, onsite, minutes) => {
    const { violations, cancellation } = judged({ code: 'premier', topUps: [topUp], pairs, onsite });
    expect(cancellation?.minutes ?? 0).toBe(minutes);
    expect(violations.map(({ code }) => code)).toEqual(minutes === 0 ? ['top-up-used'] : []);
  });

  it('of a supplement of Basic, which has no onsite work, takes it back', () => {
    expect(judged({ code: 'basic', topUps: [supplement(60)], pairs: [], onsite: 0 }).cancellation).toMatchObject({
      minutes: 60,
      entitlement: { grantedMinutes: 5_760, onsiteCapMinutes: 0 },
    });
  });

  it('leaves the other top-ups as they are', () => {
    const topUps: Given['topUps'] = [supplement(600), supplement(400), goodwill(100)];
    const { cancellation } = judged({ code: 'premier', topUps, pairs: [pair(0, 12_400)], onsite: 0 });
    expect(cancellation).toMatchObject({
      minutes: 220,
      entitlement: { grantedMinutes: 12_400, onsiteCapMinutes: 3_075 },
    });
  });

  const terms = fc
    .record({
      code: fc.constantFrom(...packageCodes),
      topUps: fc.array(
        fc.record({
          kind: fc.constantFrom('supplement' as const, 'goodwill' as const),
          minutes: fc.integer({ min: 1, max: 20_000 }),
          effectiveOn: fc.constant('2026-06-01'),
        }),
        { minLength: 1, maxLength: 4 },
      ),
      workedShare: fc.double({ min: 0, max: 1, noNaN: true }),
      allocatedShare: fc.double({ min: 0, max: 1, noNaN: true }),
      onsiteShare: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ code, topUps, workedShare, allocatedShare, onsiteShare }): Given => {
      const granted = entitlementOf(termOf(code).periods, termOf(code), topUps);
      const workedMinutes = Math.floor(granted.grantedMinutes * workedShare);
      const allocatedMinutes = Math.floor(granted.grantedMinutes * allocatedShare);
      const onsite = Math.floor(Math.min(granted.onsiteCapMinutes, workedMinutes) * onsiteShare);
      return { code, topUps: topUps as Given['topUps'], pairs: [pair(allocatedMinutes, workedMinutes)], onsite };
    });

  it('keeps every promise of the balance, and could not take one minute more', () => {
    fc.assert(
      fc.property(terms, (given) => {
        const [first, ...others] = given.topUps;
        const balance = balanceOf(given);
        const minutes = judged(given).cancellation?.minutes ?? 0;
        const committed = given.pairs.reduce((sum, one) => sum + Math.max(one.allocatedMinutes, one.workedMinutes), 0);
        const keepsPromises = (taken: number): boolean => {
          const left = entitlementOf(termOf(given.code).periods, termOf(given.code), [
            { ...first, minutes: first.minutes - taken },
            ...others,
          ]);
          return committed <= left.grantedMinutes && balance.onsiteUsedMinutes <= left.onsiteCapMinutes;
        };
        expect(keepsPromises(minutes)).toBe(true);
        if (minutes < first.minutes) expect(keepsPromises(minutes + 1)).toBe(false);
        if (minutes === 0) return;
        const { onsiteCapMinutes, grantedMinutes } = judged(given).cancellation!.entitlement;
        const after = post({ ...balance, onsiteCapMinutes }, cancelTopUp(minutes, first.effectiveOn));
        expect([after.grantedMinutes, remainingMinutes(after)]).toEqual([
          grantedMinutes,
          remainingMinutes(balance) - minutes,
        ]);
      }),
    );
  });

  it('of an unused top-up restores the balance before it', () => {
    const opened = post(
      { grantedMinutes: 0, usedMinutes: 0, expiredMinutes: 0, onsiteCapMinutes: 2_880, onsiteUsedMinutes: 0 },
      grant(11_520, '2026-04-01'),
    );
    const toppedUp = post(opened, topUpEntry('goodwill', 90, '2026-07-01'));
    expect(remainingMinutes(toppedUp)).toBe(11_610);
    expect(post(toppedUp, cancelTopUp(90, '2026-07-01'))).toEqual(opened);
  });
});
