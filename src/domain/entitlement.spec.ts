import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { addDays, daysBetween, type Day } from './calendar.js';
import { entitlementOf, judgeUpgrade, packageInForceOn, type PackagePeriods } from './entitlement.js';
import { packageCodes, packageOn, readPackages, type PackageCode } from './package.js';
import { termDates } from './term.js';

const table = readPackages(parse(readFileSync(join(__dirname, '../../config/packages.yaml'), 'utf8')));
const sold = (code: PackageCode) => packageOn(table, code, '2026-04-01')!;
const periodsOf = (...periods: [PackageCode, Day][]): PackagePeriods =>
  periods.map(([code, effectiveOn]) => ({ package: sold(code), effectiveOn }));
const term = { startsOn: '2026-04-01', endsOn: '2027-03-31' };
const leapTerm = { startsOn: '2027-03-01', endsOn: '2028-02-29' };

describe('what a term grants (§10)', () => {
  it.each<[string, [PackageCode, Day][], typeof term, number, number, number | null]>([
    ['one package', [['basic', '2026-04-01']], term, 5_760, 0, 0],
    ['one package, leap year', [['dedicated', '2027-03-01']], leapTerm, 96_000, 24_000, null],
    [
      'Basic → Premier on 2026-10-01',
      [
        ['basic', '2026-04-01'],
        ['premier', '2026-10-01'],
      ],
      term,
      8_633,
      2_158,
      2,
    ],
    [
      'an upgrade on day 1 grants the whole new package',
      [
        ['basic', '2026-04-01'],
        ['premier', '2026-04-01'],
      ],
      term,
      11_520,
      2_880,
      2,
    ],
    [
      'an upgrade on the last day grants one day of it',
      [
        ['basic', '2026-04-01'],
        ['premier', '2027-03-31'],
      ],
      term,
      5_776,
      1_444,
      2,
    ],
    [
      '366 days: 215 and 151',
      [
        ['basic', '2027-03-01'],
        ['premier', '2027-10-02'],
      ],
      leapTerm,
      8_137,
      2_034,
      2,
    ],
    [
      'two upgrades, rounded up once',
      [
        ['basic', '2026-04-01'],
        ['premier', '2026-05-01'],
        ['enterprise', '2026-06-01'],
      ],
      term,
      20_642,
      5_160,
      4,
    ],
    [
      'two upgrades on one day: the later counts',
      [
        ['basic', '2026-04-01'],
        ['premier', '2026-05-01'],
        ['dedicated', '2026-05-01'],
      ],
      term,
      88_584,
      22_146,
      null,
    ],
  ])('%s', (_, periods, dates, grantedMinutes, onsiteCapMinutes, maxVisits) => {
    expect(entitlementOf(periodsOf(...periods), dates, [])).toMatchObject({
      grantedMinutes,
      onsiteCapMinutes,
      maxVisits,
    });
  });

  it('takes the limits of the last package', () => {
    expect(entitlementOf(periodsOf(['basic', '2026-04-01'], ['dedicated', '2027-03-31']), term, [])).toMatchObject({
      learningSeats: 6,
      maxConsultants: 3,
      maxProductLines: 3,
    });
  });

  it('adds top-ups as they are; only supplements raise the onsite cap', () => {
    const periods = periodsOf(['basic', '2026-04-01'], ['premier', '2026-10-01']);
    const topUps = [
      { kind: 'supplement' as const, minutes: 600, effectiveOn: '2026-05-01' },
      { kind: 'goodwill' as const, minutes: 120, effectiveOn: '2026-11-01' },
    ];
    // (8,633 + 600) × 25 % = 2,308.25
    expect(entitlementOf(periods, term, topUps)).toEqual({
      ...entitlementOf(periods, term, []),
      grantedMinutes: 9_353,
      onsiteCapMinutes: 2_308,
    });
  });

  it('lies between both packages, less than a minute above the exact share', () => {
    const pairs = fc.constantFrom<[PackageCode, PackageCode]>(
      ['basic', 'premier'],
      ['premier', 'enterprise'],
      ['basic', 'dedicated'],
    );
    const anchors = fc.integer({ min: 0, max: 365 * 12 }).map((offset) => addDays('2020-01-01', offset));
    fc.assert(
      fc.property(anchors, pairs, fc.integer({ min: 0, max: 364 }), (anchor, [from, to], daysBefore) => {
        const dates = termDates(anchor, 0);
        const termDays = daysBetween(dates.startsOn, dates.endsOn) + 1;
        const { grantedMinutes } = entitlementOf(
          periodsOf([from, anchor], [to, addDays(anchor, daysBefore)]),
          dates,
          [],
        );
        const minuteDays = sold(from).grantedMinutes * daysBefore + sold(to).grantedMinutes * (termDays - daysBefore);
        expect(grantedMinutes * termDays - minuteDays).toBeGreaterThanOrEqual(0);
        expect(grantedMinutes * termDays - minuteDays).toBeLessThan(termDays);
      }),
    );
  });

  it('never decreases by a further or an earlier upgrade', () => {
    const offsets = fc.tuple(fc.integer({ min: 0, max: 363 }), fc.integer({ min: 0, max: 363 }));
    fc.assert(
      fc.property(offsets, ([one, other]) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)].map((days) =>
          addDays(term.startsOn, days),
        ) as [Day, Day];
        const granted = (...periods: [PackageCode, Day][]) =>
          entitlementOf(periodsOf(['basic', term.startsOn], ...periods), term, []).grantedMinutes;
        expect(granted(['premier', first], ['enterprise', second])).toBeGreaterThanOrEqual(granted(['premier', first]));
        expect(granted(['premier', first])).toBeGreaterThanOrEqual(granted(['premier', second]));
      }),
    );
  });
});

describe('the package in force', () => {
  const periods = periodsOf(['basic', '2026-04-01'], ['premier', '2026-10-01'], ['dedicated', '2026-10-01']);

  it.each([
    ['2026-04-01', 'basic'],
    ['2026-09-30', 'basic'],
    ['2026-10-01', 'dedicated'],
    ['2027-03-31', 'dedicated'],
  ])('on %s is %s', (day, code) => {
    expect(packageInForceOn(periods, day).code).toBe(code);
  });
});

describe('an upgrade (§10)', () => {
  const judged = (to: PackageCode, effectiveOn: Day, today: Day, periods = periodsOf(['premier', '2026-04-01'])) =>
    judgeUpgrade({ term, periods, topUps: [], to: sold(to), effectiveOn, today });

  it('shows what it changes', () => {
    const { violations, change } = judgeUpgrade({
      term,
      periods: periodsOf(['basic', '2026-04-01']),
      topUps: [],
      to: sold('premier'),
      effectiveOn: '2026-10-01',
      today: '2026-10-15',
    });
    expect(violations).toEqual([]);
    expect(change).toMatchObject({
      from: { code: 'basic' },
      to: { code: 'premier' },
      grantedBeforeMinutes: 5_760,
      grantedAfterMinutes: 8_633,
      entitlement: { grantedMinutes: 8_633, onsiteCapMinutes: 2_158, maxVisits: 2, learningSeats: 2 },
      periods: [{ effectiveOn: '2026-04-01' }, { effectiveOn: '2026-10-01', package: { code: 'premier' } }],
    });
  });

  it.each<[string, PackageCode, Day, Day, string[]]>([
    ['on the first day', 'enterprise', '2026-04-01', '2026-10-15', []],
    ['today', 'enterprise', '2026-10-15', '2026-10-15', []],
    ['tomorrow', 'enterprise', '2026-10-16', '2026-10-15', ['upgrade-in-future']],
    ['before the term', 'enterprise', '2026-03-31', '2026-10-15', ['effective-on-out-of-range']],
    ['on the last day', 'enterprise', '2027-03-31', '2027-04-05', []],
    ['after the term', 'enterprise', '2027-04-01', '2027-04-05', ['effective-on-out-of-range']],
    ['a downgrade', 'basic', '2026-10-15', '2026-10-15', ['not-an-upgrade']],
    ['the same package', 'premier', '2026-10-15', '2026-10-15', ['not-an-upgrade']],
    ['two mistakes at once', 'basic', '2026-12-01', '2026-10-15', ['not-an-upgrade', 'upgrade-in-future']],
  ])('%s', (_, to, effectiveOn, today, codes) => {
    const { violations, change } = judged(to, effectiveOn, today);
    expect(violations.map(({ code }) => code)).toEqual(codes);
    expect(change === undefined).toBe(codes.length > 0);
  });

  it('cannot precede an existing upgrade, but can have the same day', () => {
    const periods = periodsOf(['basic', '2026-04-01'], ['premier', '2026-10-01']);
    expect(judged('enterprise', '2026-09-30', '2026-10-15', periods).violations).toEqual([
      {
        code: 'effective-on-out-of-range',
        params: { effectiveOn: '2026-09-30', earliest: '2026-10-01', latest: '2026-10-15' },
      },
    ]);
    expect(judged('enterprise', '2026-10-01', '2026-10-15', periods).violations).toEqual([]);
  });

  it('prorates packages only: top-ups stay as they are', () => {
    const topUps = [
      { kind: 'supplement' as const, minutes: 1_000, effectiveOn: '2026-05-01' },
      { kind: 'goodwill' as const, minutes: 10, effectiveOn: '2026-09-01' },
    ];
    const periods = periodsOf(['basic', '2026-04-01']);
    const asked = { term, periods, to: sold('premier'), effectiveOn: '2026-10-01', today: '2026-10-15' };
    expect(judgeUpgrade({ ...asked, topUps }).change).toMatchObject({
      grantedBeforeMinutes: 6_770,
      grantedAfterMinutes: 9_643,
      entitlement: { grantedMinutes: 9_643, onsiteCapMinutes: 2_408 },
    });
  });

  it('follows the same rules for every pair of packages', () => {
    for (const from of packageCodes) {
      for (const to of packageCodes) {
        const { change } = judged(to, '2026-08-01', '2026-10-15', periodsOf([from, '2026-04-01']));
        expect(change !== undefined).toBe(packageCodes.indexOf(to) > packageCodes.indexOf(from));
      }
    }
  });
});
