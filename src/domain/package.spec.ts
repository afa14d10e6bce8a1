import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  isOvertaken,
  isUpgrade,
  packageAtRenewal,
  packageCodes,
  packageOn,
  PackageTableError,
  readPackages,
  type PackageVersion,
} from './package.js';

const published = parse(readFileSync(join(__dirname, '../../config/packages.yaml'), 'utf8')) as Record<string, unknown>;
const table = readPackages(published);
const [basic, premier, enterprise, dedicated] = packageCodes.map((code) => packageOn(table, code, '2026-04-01')!) as [
  PackageVersion,
  PackageVersion,
  PackageVersion,
  PackageVersion,
];

describe('the published table (§1)', () => {
  it.each([
    //           granted  included  %   cap     visits  travel            seats consultants lines
    [basic, /**/ 5_760, /*  */ false, 0, 0, /*    */ 0, 'not-applicable', 1, 1, 1],
    [premier, /**/ 11_520, /* */ true, 25, 2_880, /*  */ 2, 'included', 2, 2, 2],
    [enterprise, /**/ 23_040, /* */ true, 25, 5_760, /*  */ 4, 'included', 3, 2, 2],
    [dedicated, /**/ 96_000, /* */ true, 25, 24_000, /* */ null, 'included', 6, 3, 3],
  ])(
    'holds $code',
    (sold, grantedMinutes, included, capPercent, capMinutes, maxVisits, travel, seats, people, lines) => {
      expect(sold).toMatchObject({
        grantedMinutes,
        onsite: { included, capPercent, capMinutes, maxVisits },
        travelExpenses: travel,
        learningSeats: seats,
        maxConsultants: people,
        maxProductLines: lines,
        termMonths: 12,
      });
    },
  );
});

describe('versions of a package', () => {
  const block = (published.basic as object[])[0]!;
  const versioned = readPackages({
    ...published,
    basic: [
      block,
      { ...block, version: '3', effectiveOn: '2027-01-01', hours: 120 },
      { ...block, version: '2', effectiveOn: '2026-07-01', hours: 100 },
    ],
  });

  it.each([
    ['1999-12-31', undefined],
    ['2000-01-01', '1'],
    ['2026-06-30', '1'],
    ['2026-07-01', '2'],
    ['2026-12-31', '2'],
    ['2027-01-01', '3'],
    ['2199-12-31', '3'],
  ])('on %s version %s is sold', (day, expected) => {
    expect(packageOn(versioned, 'basic', day)?.version).toBe(expected);
  });
});

describe('a table with mistakes', () => {
  const problemsOf = (plain: unknown): readonly string[] => {
    try {
      readPackages(plain);
    } catch (error) {
      if (error instanceof PackageTableError) return error.problems;
    }
    return [];
  };
  const block = (published.premier as object[])[0]!;

  it('is refused with all mistakes at once', () => {
    const premier = [
      {
        ...block,
        version: '',
        hours: 1.5,
        onsite: { percent: 0, visits: 'some' },
        months: 24,
        travelExpenses: 'maybe',
        colour: 'red',
      },
      {
        ...block,
        effectiveOn: '2026-02-30',
        name: { en: 'Premier' },
        hours: '192',
        onsite: 'sometimes',
        learningSeats: -1,
      },
    ];
    expect(problemsOf({ ...published, premier, basic: [], gold: [] })).toEqual([
      'packages.gold is not known',
      'basic must be a list of versions',
      'premier[0].colour is not known',
      'premier[0].hours must be a whole number from 1 to 100000',
      'premier[0].version must be a text',
      'premier[0].onsite.percent must be a whole number from 1 to 100',
      'premier[0].onsite.visits must be a whole number from 1 to 1000',
      'premier[0].travelExpenses must be one of included, not-applicable',
      'premier[0].months must be 12',
      'premier[1].hours must be a whole number from 1 to 100000',
      'premier[1].effectiveOn must be a day, YYYY-MM-DD',
      'premier[1].name.ja must be a text',
      'premier[1].onsite must have the fields percent, visits',
      'premier[1].onsite.percent must be a whole number from 1 to 100',
      'premier[1].onsite.visits must be a whole number from 1 to 1000',
      'premier[1].learningSeats must be a whole number from 0 to 1000',
    ]);
  });

  it.each([
    ['nothing', null],
    ['a list', []],
    ['a text', 'packages'],
  ])('is refused: %s', (_, plain) => {
    expect(problemsOf(plain)[0]).toBe('packages must have the fields basic, premier, enterprise, dedicated');
  });

  it('is refused if two versions have the same name or day', () => {
    expect(problemsOf({ ...published, premier: [block, block] })).toEqual([
      'premier has two versions with the same version',
      'premier has two versions with the same effectiveOn',
    ]);
  });
});

describe('an upgrade (§10)', () => {
  it('leads to a higher package, never to a lower one or the same', () => {
    const columns = [basic, premier, enterprise, dedicated];
    columns.forEach((from, at) =>
      columns.forEach((to, beside) =>
        expect([from.code, to.code, isUpgrade(from, to)]).toEqual([from.code, to.code, beside > at]),
      ),
    );
  });

  it.each<[string, Partial<PackageVersion>, boolean]>([
    ['one number higher', { learningSeats: 3 }, true],
    ['more hours, one seat fewer', { grantedMinutes: 20_000, learningSeats: 1 }, false],
    ['any number of visits', { onsite: { ...premier.onsite, maxVisits: null } }, true],
    [
      'more hours, a lower onsite share',
      { grantedMinutes: 96_000, onsite: { ...premier.onsite, capPercent: 20 } },
      false,
    ],
    ['only another name', { version: '2' }, false],
  ])('%s', (_, change, expected) => {
    expect(isUpgrade(premier, { ...premier, ...change })).toBe(expected);
  });

  it('cannot reduce any number of visits to four', () => {
    expect(
      isUpgrade(dedicated, { ...dedicated, grantedMinutes: 120_000, onsite: { ...dedicated.onsite, maxVisits: 4 } }),
    ).toBe(false);
  });
});

it.each<[PackageVersion, PackageVersion, PackageVersion, boolean]>([
  // next, from, to
  [premier, basic, premier, true],
  [premier, basic, enterprise, true],
  [enterprise, basic, premier, false],
  [basic, premier, enterprise, false],
  [premier, premier, enterprise, true],
])('$code as the next package of $code is overtaken by an upgrade to $code: %s', (next, from, to, overtaken) => {
  expect(isOvertaken(next, { from, to })).toBe(overtaken);
});

describe('the package of the next term (§10, §11)', () => {
  const newer = { ...premier, version: '2', effectiveOn: '2027-04-01', grantedMinutes: 12_000 };
  const table = { basic: [basic], premier: [newer, premier], enterprise: [enterprise], dedicated: [dedicated] };

  it.each<[string, PackageVersion['code'] | null, string, string, string]>([
    ['the current package if no other is set', null, '2027-03-31', 'premier', '1'],
    ['the newest version on the first day', null, '2027-04-01', 'premier', '2'],
    ['the next package that was set', 'basic', '2027-04-01', 'basic', '1'],
    ['the oldest version on a day before all versions', null, '1999-12-31', 'premier', '1'],
  ])('is %s', (_, nextPackage, startsOn, code, version) => {
    expect(packageAtRenewal(table, { package: 'premier', nextPackage }, startsOn)).toMatchObject({ code, version });
  });
});
