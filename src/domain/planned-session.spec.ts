import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { addDays, daysBetween, type Day } from './calendar.js';
import type { Contract, DatedAllocationSet, Enrolment } from './contract.js';
import { paceOfTerm } from './pace.js';
import { readPackages, type PackageCode } from './package.js';
import {
  closedBecause,
  endOfSeries,
  judgeFulfilment,
  judgePlannedWork,
  plannedSessionStatus,
  seriesDays,
  type PlannedWork,
} from './planned-session.js';

const packages = readPackages(parse(readFileSync(join(__dirname, '../../config/packages.yaml'), 'utf8')));
const sato = 'consultant-sato';
const lee = 'consultant-lee';
const database = 'line-database';
const storage = 'line-storage';

const contractOf = (sold: PackageCode, enrolments: Enrolment[]): Contract => ({
  subscriptionId: 'subscription',
  revision: 1,
  customerId: 'customer',
  csmId: 'csm',
  timeZone: 'Asia/Tokyo',
  status: 'active',
  pacePolicy: 'enforce',
  anchorOn: '2026-04-01',
  enteredOn: '2026-04-01',
  terms: [
    {
      id: 'term',
      number: 0,
      startsOn: '2026-04-01',
      endsOn: '2027-03-31',
      startsAt: new Date('2026-03-31T15:00:00Z'),
      endsAt: new Date('2027-03-31T15:00:00Z'),
      noticeDeadlineOn: '2027-01-30',
      status: 'open',
      renewalState: 'open',
      periods: [{ effectiveOn: '2026-04-01', package: packages[sold][0]! }],
      topUps: [],
      plan: paceOfTerm({ anchor: '2026-04-01', number: 0, baseMinutes: 11_520, additions: [], tolerancePercent: 10 }),
    },
  ],
  enrolments,
});

const forTheTerm: Enrolment[] = [{ productLineId: database, fromOn: '2026-04-01', untilOn: null }];
const presentSet: DatedAllocationSet = {
  sequence: 1,
  fromOn: '2026-04-01',
  allocations: [{ consultantId: sato, productLineId: database, minutes: 0, primary: true }],
};
const work: PlannedWork = {
  plannedOn: '2026-06-10',
  minutes: 90,
  consultantId: sato,
  productLineId: database,
  activity: 'health-check',
  delivery: 'remote',
  summary: 'Health check',
};

describe('judgePlannedWork (§6)', () => {
  // prettier-ignore
  test.each<[string, Partial<PlannedWork>, string[]]>([
    ['a day of the term',                   {},                                             []],
    ['today',                               { plannedOn: '2026-06-01' },                    []],
    ['yesterday',                           { plannedOn: '2026-05-31' },                    ['planned-in-past']],
    ['the last day',                        { plannedOn: '2027-03-31' },                    []],
    ['the day after the term',              { plannedOn: '2027-04-01' },                    ['term-not-found']],
    ['the day before the term',             { plannedOn: '2026-03-31' },                    ['term-not-found']],
    ['another consultant',                  { consultantId: lee },                          ['consultant-not-assigned']],
    ['another product line',                { productLineId: storage },                     ['consultant-not-assigned', 'product-line-not-enrolled']],
    ['more minutes than are left',          { minutes: 1_440 },                             []],
    ['onsite',                              { delivery: 'onsite' },                         []],
    ['several broken rules, in order',      { plannedOn: '2026-05-31', consultantId: lee }, ['planned-in-past', 'consultant-not-assigned']],
  ])('%s', (_, change, codes) => {
    const situation = { contract: contractOf('premier', forTheTerm), presentSet, today: '2026-06-01' };
    expect(judgePlannedWork({ ...work, ...change }, situation).map(({ code }) => code)).toEqual(codes);
  });

  test('a line that leaves takes no session from its last day on', () => {
    const leaving = [{ productLineId: database, fromOn: '2026-04-01', untilOn: '2026-07-01' }];
    const situation = { contract: contractOf('premier', leaving), presentSet, today: '2026-06-01' };
    expect(judgePlannedWork({ ...work, plannedOn: '2026-06-30' }, situation)).toEqual([]);
    expect(judgePlannedWork({ ...work, plannedOn: '2026-07-01' }, situation)).toMatchObject([
      { code: 'product-line-not-enrolled', params: { on: '2026-07-01' } },
    ]);
  });

  test('Basic has no onsite sessions', () => {
    const situation = { contract: contractOf('basic', forTheTerm), presentSet, today: '2026-06-01' };
    expect(judgePlannedWork({ ...work, delivery: 'onsite' }, situation)).toEqual([
      { code: 'onsite-not-included', params: { package: 'basic' }, pointer: '/delivery' },
    ]);
  });

  test('without allocations nobody is assigned', () => {
    const situation = { contract: contractOf('premier', forTheTerm), presentSet: undefined, today: '2026-06-01' };
    expect(judgePlannedWork(work, situation)).toMatchObject([
      { code: 'consultant-not-assigned', lists: { assigned: [] } },
    ]);
  });
});

describe('plannedSessionStatus', () => {
  const open = { plannedOn: '2026-04-01', fulfilledByEntryId: null, cancelledAt: null };

  // prettier-ignore
  test.each<[Day, string]>([
    ['2026-03-31', 'open'],
    ['2026-04-01', 'open'],
    ['2026-04-04', 'open'],
    ['2026-04-05', 'overdue'],
    ['2027-04-05', 'overdue'],
  ])('on %s a session of 2026-04-01 without an entry is %s', (today, status) => {
    expect(plannedSessionStatus(open, today, 3)).toBe(status);
  });

  test('with an entry it is fulfilled, and after a cancellation cancelled, on every day', () => {
    for (const today of ['2026-03-01', '2026-05-01']) {
      expect(plannedSessionStatus({ ...open, fulfilledByEntryId: 'entry' }, today, 3)).toBe('fulfilled');
      expect(plannedSessionStatus({ ...open, cancelledAt: new Date(0) }, today, 3)).toBe('cancelled');
    }
  });

  test('only an open or overdue session can change', () => {
    expect(closedBecause(open)).toBeUndefined();
    expect(closedBecause({ ...open, fulfilledByEntryId: 'entry' })).toBe('planned-session-fulfilled');
    expect(closedBecause({ ...open, cancelledAt: new Date(0) })).toBe('planned-session-cancelled');
  });
});

describe('seriesDays', () => {
  const goldenWeek = new Map([['2026-05-05', 'Children’s Day']]);

  test('every second Tuesday leaves out a holiday and keeps its weekday', () => {
    const series = { startsOn: '2026-04-21', everyWeeks: 2, until: '2026-06-02' };
    expect(seriesDays(series, (day) => goldenWeek.get(day))).toEqual({
      days: ['2026-04-21', '2026-05-19', '2026-06-02'],
      skipped: [{ day: '2026-05-05', holiday: 'Children’s Day' }],
    });
  });

  test('days and skipped days together are every n-th week from the first to the last day', () => {
    const series = fc.record({
      startsOn: fc.integer({ min: 0, max: 400 }).map((days) => addDays('2026-01-01', days)),
      everyWeeks: fc.integer({ min: 1, max: 26 }),
      weeks: fc.integer({ min: 0, max: 60 }),
      holidays: fc.array(fc.integer({ min: 0, max: 420 })),
    });
    fc.assert(
      fc.property(series, ({ startsOn, everyWeeks, weeks, holidays }) => {
        const until = addDays(startsOn, 7 * weeks + 3);
        const off = new Set(holidays.map((days) => addDays(startsOn, days)));
        const found = seriesDays({ startsOn, everyWeeks, until }, (day) => (off.has(day) ? 'holiday' : undefined));
        expect(found.days.filter((day) => off.has(day))).toEqual([]);
        const all = [...found.days, ...found.skipped.map(({ day }) => day)].sort();
        expect(all[0]).toBe(startsOn);
        expect(all).toHaveLength(Math.floor(weeks / everyWeeks) + 1);
        all.forEach((day, at) => expect(daysBetween(startsOn, day)).toBe(7 * everyWeeks * at));
      }),
    );
  });
});

describe('endOfSeries', () => {
  const contract = contractOf('premier', forTheTerm);

  // prettier-ignore
  test.each<[string, Day | undefined, Day, string[]]>([
    ['without a last day: the end of the term', undefined,    '2027-03-31', []],
    ['the first day',                           '2026-06-02', '2026-06-02', []],
    ['the last day of the term',                '2027-03-31', '2027-03-31', []],
    ['a day before the first day',              '2026-06-01', '2026-06-01', ['dates-out-of-order']],
    ['a day after the term',                    '2027-04-01', '2027-04-01', ['series-outside-term']],
  ])('%s', (_, until, end, codes) => {
    const found = endOfSeries({ startsOn: '2026-06-02', until }, contract);
    expect({ until: found.until, codes: found.violations.map(({ code }) => code) }).toEqual({ until: end, codes });
  });

  test.each([undefined, '2027-03-31', '2027-05-01'])(
    'refuses a first day outside of every term (until %s)',
    (until) => {
      const { violations } = endOfSeries({ startsOn: '2027-04-01', until }, contract);
      expect(violations).toMatchObject([{ code: 'term-not-found', pointer: '/plannedOn' }]);
    },
  );
});

describe('judgeFulfilment', () => {
  const session = { id: 'session', subscriptionId: 'subscription', fulfilledByEntryId: null, cancelledAt: null };

  // prettier-ignore
  test.each([
    ['an open session',                   session,                                           []],
    ['no session',                        undefined,                                         ['planned-session-not-found']],
    ['a session of another subscription', { ...session, subscriptionId: 'other' },           ['planned-session-not-found']],
    ['a fulfilled session',               { ...session, fulfilledByEntryId: 'entry' },       ['planned-session-fulfilled']],
    ['a cancelled session',               { ...session, cancelledAt: new Date(0) },          ['planned-session-cancelled']],
  ])('%s', (_, named, codes) => {
    expect(judgeFulfilment('session', named, 'subscription').map(({ code }) => code)).toEqual(codes);
  });
});
