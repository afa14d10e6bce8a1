import fc from 'fast-check';
import { addDays, daysBetween, type Day } from './calendar.js';
import {
  burnDown,
  forecast,
  forecastOfPlans,
  forecastWindow,
  pace,
  paceOfTerm,
  planThroughServiceMonth,
  plannedMinutes,
  type AddedPlan,
} from './pace.js';

const planOf = (anchor: Day, number: number, baseMinutes: number, ...additions: AddedPlan[]) =>
  paceOfTerm({ anchor, number, baseMinutes, additions, tolerancePercent: 10 });

const premier = planOf('2026-04-01', 0, 11_520);
/** Basic, and Premier from 2026-10-01: 8,633 minutes, 2,873 of them from the upgrade. */
const upgraded = planOf('2026-04-01', 0, 5_760, { effectiveOn: '2026-10-01', extraMinutes: 2_873 });

/** Premier with a supplement of 600 minutes for the last 151 days. */
const toppedUp = planOf('2026-04-01', 0, 11_520, { effectiveOn: '2026-11-01', extraMinutes: 600 });

const plans = fc
  .record({
    offset: fc.integer({ min: 0, max: 365 * 30 }),
    number: fc.integer({ min: 0, max: 12 }),
    baseMinutes: fc.integer({ min: 0, max: 200_000 }),
    additions: fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 364 }), extraMinutes: fc.integer({ min: 0, max: 90_000 }) }),
      { maxLength: 3 },
    ),
  })
  .map(({ offset, number, baseMinutes, additions }) => {
    const anchor = addDays('2000-01-01', offset);
    const { startsOn } = planOf(anchor, number, 0);
    const plan = planOf(
      anchor,
      number,
      baseMinutes,
      ...additions.map(({ after, extraMinutes }) => ({ effectiveOn: addDays(startsOn, after), extraMinutes })),
    );
    return { plan, grantedMinutes: additions.reduce((sum, { extraMinutes }) => sum + extraMinutes, baseMinutes) };
  });

describe('the straight plan (§6)', () => {
  it.each([
    ['before the term', premier, '2026-03-31', 0],
    ['the first day: 960 ÷ 30', premier, '2026-04-01', 32],
    ['the end of a service month', premier, '2026-04-30', 960],
    ['a day of 31: 960 ÷ 31, rounded down', premier, '2026-05-01', 990],
    ['half a year', premier, '2026-09-30', 5_760],
    ['the day before the last', premier, '2027-03-30', 11_489],
    ['the last day', premier, '2027-03-31', 11_520],
    ['after the term', premier, '2028-01-01', 11_520],
    ['the day before an upgrade', upgraded, '2026-09-30', 2_880],
    ['the first day of an upgrade: 2,895 and 15', upgraded, '2026-10-01', 2_910],
    ['a month after the upgrade: 3,360 and 489', upgraded, '2026-10-31', 3_849],
    ['the last day of an upgraded term', upgraded, '2027-03-31', 8_633],
    ['the first day of a top-up: 6,752 and 3', toppedUp, '2026-11-01', 6_755],
    ['the last day of a term with a top-up', toppedUp, '2027-03-31', 12_120],
    ['clamped service month: 2026-01-31…2026-02-27', planOf('2026-01-31', 0, 5_760), '2026-02-27', 480],
    ['leap year: the twelfth month has 29 days', planOf('2027-03-01', 0, 5_760), '2028-02-28', 5_743],
    ['leap year: all on its last day', planOf('2027-03-01', 0, 5_760), '2028-02-29', 5_760],
    [
      'an upgrade on the last day',
      planOf('2026-04-01', 0, 5_760, { effectiveOn: '2027-03-31', extraMinutes: 16 }),
      '2027-03-31',
      5_776,
    ],
  ])('%s', (_, plan, on, expected) => {
    expect(plannedMinutes(plan, on)).toBe(expected);
  });

  it('is 0 before the term, all minutes from its last day on, and never decreases', () => {
    fc.assert(
      fc.property(plans, fc.integer({ min: -5, max: 370 }), ({ plan, grantedMinutes }, after) => {
        const on = addDays(plan.startsOn, after);
        expect(plannedMinutes(plan, addDays(plan.startsOn, -1))).toBe(0);
        expect(plannedMinutes(plan, plan.endsOn)).toBe(grantedMinutes);
        expect(plannedMinutes(plan, on)).toBeLessThanOrEqual(plannedMinutes(plan, addDays(on, 1)));
        expect(plannedMinutes(plan, on)).toBeLessThanOrEqual(planThroughServiceMonth(plan, on));
        expect(planThroughServiceMonth(plan, on)).toBeLessThanOrEqual(grantedMinutes);
      }),
    );
  });

  it.each([
    ['2026-03-31', 0],
    ['2026-04-01', 960],
    ['2026-04-30', 960],
    ['2026-05-01', 1_920],
    ['2027-03-01', 11_520],
    ['2027-04-01', 11_520],
  ])('releases through the service month of %s %i minutes', (on, expected) => {
    expect(planThroughServiceMonth(premier, on)).toBe(expected);
  });
});

describe('use against plan (§6)', () => {
  it.each([
    [1_056, 96, 'on-pace'],
    [1_057, 97, 'ahead'],
    [960, 0, 'on-pace'],
    [864, -96, 'on-pace'],
    [863, -97, 'behind'],
    [0, -960, 'behind'],
  ])('Premier with %i minutes used by 2026-04-30: %i, %s', (usedMinutes, differenceMinutes, status) => {
    expect(pace(premier, usedMinutes, '2026-04-30')).toEqual({ plannedMinutes: 960, differenceMinutes, status });
  });

  it('has a wider tolerance from an upgrade’s effective day on', () => {
    expect(pace(upgraded, 2_880 + 49, '2026-09-30').status).toBe('ahead');
    expect(pace(upgraded, 2_880 + 48, '2026-09-30').status).toBe('on-pace');
    expect(pace(upgraded, 2_910 + 71, '2026-10-01').status).toBe('on-pace');
    expect(pace(upgraded, 2_910 + 72, '2026-10-01').status).toBe('ahead');
  });

  it('is on pace before the term and without use', () => {
    expect(pace(premier, 0, '2026-03-01')).toEqual({ plannedMinutes: 0, differenceMinutes: 0, status: 'on-pace' });
  });
});

describe('the forecast (§6)', () => {
  it.each([
    ['2026-04-01', '2026-04-01', '2026-04-01', 1],
    ['2026-04-01', '2026-06-29', '2026-04-01', 90],
    ['2026-04-01', '2026-06-30', '2026-04-02', 90],
    ['2026-04-01', '2026-03-31', '2026-04-01', 0],
  ])('of a term from %s, made on %s, looks back to %s: %i days', (startsOn, on, from, windowDays) => {
    expect(forecastWindow(startsOn, on, 90)).toEqual({ from, to: on, windowDays });
  });

  it.each<[string, number, number, number, Day, Day | null, number]>([
    // what               remaining used window on           exhausted     expiring
    ['10 a day, 60 left', 1_000, 900, 90, '2027-01-30', null, 400],
    ['exactly on the last day', 600, 900, 90, '2027-01-30', '2027-03-31', 0],
    ['a minute too many', 601, 900, 90, '2027-01-30', null, 1],
    ['a part of a day counts as a day', 15, 900, 90, '2027-01-30', '2027-02-01', 0],
    ['tomorrow', 10, 900, 90, '2027-01-30', '2027-01-31', 0],
    ['slow use is rounded down', 100, 1, 90, '2027-01-30', null, 100],
    ['without use', 1_000, 0, 90, '2027-01-30', null, 1_000],
    ['use was reversed', 1_000, -60, 90, '2027-01-30', null, 1_000],
    ['nothing remaining', 0, 900, 90, '2027-01-30', '2027-01-30', 0],
    ['on the last day', 100, 900, 90, '2027-03-31', null, 100],
    ['after the term', 0, 900, 90, '2027-04-01', null, 0],
    ['before the term', 11_520, 0, 0, '2026-03-01', null, 11_520],
    ['a crawl', 96_000, 1, 90, '2026-07-01', null, 95_997],
    ['two weeks, with some left', 1_000, 140, 14, '2027-01-30', null, 400],
    ['two weeks: a day', 100, 140, 14, '2027-01-30', '2027-02-09', 0],
    ['less than two weeks: no day', 100, 130, 13, '2027-01-30', null, 0],
    ['the first day: no day', 11_520, 480, 1, '2026-04-01', null, 0],
    ['all used in the first week', 0, 480, 7, '2026-04-07', '2026-04-07', 0],
  ])('%s', (_, remainingMinutes, usedMinutesInWindow, windowDays, on, exhaustedOn, expiringMinutes) => {
    expect(
      forecast({ remainingMinutes, expiredMinutes: 0, usedMinutesInWindow, windowDays, on, endsOn: '2027-03-31' }),
    ).toEqual({
      exhaustedOn,
      expiringMinutes,
      basis: { days: windowDays, minutes: usedMinutesInWindow },
    });
  });

  it('names no day if the rest has expired, because it was not used up', () => {
    const closed = { remainingMinutes: 0, expiredMinutes: 400, usedMinutesInWindow: 900, windowDays: 90 };
    expect(forecast({ ...closed, on: '2027-03-31', endsOn: '2027-03-31' })).toEqual({
      exhaustedOn: null,
      expiringMinutes: 0,
      basis: { days: 90, minutes: 900 },
    });
  });

  it('names a day or expiring minutes, never both', () => {
    const situation = fc.record({
      remainingMinutes: fc.integer({ min: 1, max: 200_000 }),
      usedMinutesInWindow: fc.integer({ min: 0, max: 100_000 }),
      windowDays: fc.integer({ min: 14, max: 90 }),
      daysLeft: fc.integer({ min: 0, max: 365 }),
    });
    fc.assert(
      fc.property(situation, ({ daysLeft, ...rest }) => {
        const on = addDays('2027-03-31', -daysLeft);
        const { exhaustedOn, expiringMinutes } = forecast({ ...rest, expiredMinutes: 0, on, endsOn: '2027-03-31' });
        expect(exhaustedOn === null).toBe(expiringMinutes > 0);
        if (exhaustedOn === null) return;
        const projectedBy = (day: Day) => (rest.usedMinutesInWindow * daysBetween(on, day)) / rest.windowDays;
        expect(projectedBy(exhaustedOn)).toBeGreaterThanOrEqual(rest.remainingMinutes);
        expect(projectedBy(addDays(exhaustedOn, -1))).toBeLessThan(rest.remainingMinutes);
      }),
    );
  });
});

describe('the burn-down', () => {
  it('shows each service month’s use beside its plan', () => {
    const months = burnDown(premier, [
      { workDate: '2026-05-01', minutes: 500 },
      { workDate: '2026-04-30', minutes: 120 },
      { workDate: '2026-04-01', minutes: 60 },
      { workDate: '2027-03-31', minutes: 30 },
    ]);
    expect(months).toHaveLength(12);
    expect(months[0]).toEqual({
      month: 0,
      startsOn: '2026-04-01',
      endsOn: '2026-04-30',
      plannedMinutes: 960,
      usedMinutes: 180,
      cumulativePlannedMinutes: 960,
      cumulativeUsedMinutes: 180,
    });
    expect(months[1]).toMatchObject({ usedMinutes: 500, cumulativePlannedMinutes: 1_920, cumulativeUsedMinutes: 680 });
    expect(months[11]).toMatchObject({ usedMinutes: 30, cumulativePlannedMinutes: 11_520, cumulativeUsedMinutes: 710 });
  });

  it('loses no minute, planned or used', () => {
    const use = fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 364 }), minutes: fc.integer({ min: -600, max: 600 }) }),
    );
    fc.assert(
      fc.property(plans, use, ({ plan, grantedMinutes }, used) => {
        const months = burnDown(
          plan,
          used.map(({ after, minutes }) => ({ workDate: addDays(plan.startsOn, after), minutes })),
        );
        const sum = (amounts: number[]) => amounts.reduce((total, minutes) => total + minutes, 0);
        expect(sum(months.map((month) => month.plannedMinutes))).toBe(grantedMinutes);
        expect(sum(months.map((month) => month.usedMinutes))).toBe(sum(used.map(({ minutes }) => minutes)));
        expect(months[11]!.cumulativeUsedMinutes).toBe(sum(months.map((month) => month.usedMinutes)));
      }),
    );
  });
});

describe('forecastOfPlans: used + planned (§6)', () => {
  const ahead = { remainingMinutes: 1_000, expiredMinutes: 0, on: '2026-06-01', endsOn: '2027-03-31' };
  const session = (plannedOn: Day, minutes: number) => ({ plannedOn, minutes });
  const three = ['2026-07-01', '2026-08-01', '2026-09-01'].map((day) => session(day, 300));

  // prettier-ignore
  test.each<[string, Partial<Parameters<typeof forecastOfPlans>[0]>, number, number, Day | null]>([
    ['nothing planned: all would expire',       { sessions: [] },                                        0,   1_000, null],
    ['three sessions of 300',                   { sessions: three },                                     900, 100,   null],
    ['a session that takes exactly the rest',   { sessions: [...three, session('2026-10-01', 100)] },    1_000, 0,   '2026-10-01'],
    ['more than is left, in any order',         { sessions: [session('2026-12-01', 900), ...three] },    1_800, 0,   '2026-12-01'],
    ['today and the last day count',            { sessions: [session('2026-06-01', 10), session('2027-03-31', 20)] }, 30, 970, null],
    ['yesterday and the next term do not',      { sessions: [session('2026-05-31', 10), session('2027-04-01', 20)] }, 0, 1_000, null],
    ['no minutes left',                         { remainingMinutes: 0, sessions: three },                900, 0,     '2026-06-01'],
    ['after the term nothing can take place',   { on: '2027-04-01', sessions: three },                   0,   1_000, null],
    ['the rest has expired',                    { remainingMinutes: 0, expiredMinutes: 1_000, sessions: three }, 0, 0, null],
  ])('%s', (_, change, plannedMinutes, expiringMinutes, exhaustedOn) => {
    expect(forecastOfPlans({ ...ahead, sessions: [], ...change })).toEqual({ plannedMinutes, expiringMinutes, exhaustedOn });
  });

  const sessions = fc.array(
    fc.record({
      plannedOn: fc.integer({ min: 0, max: 300 }).map((days) => addDays(ahead.on, days)),
      minutes: fc.integer({ min: 1, max: 1_440 }),
    }),
    { maxLength: 20 },
  );

  test('left minutes are either planned or expire, and each session lowers what expires by its minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), sessions, (remainingMinutes, planned) => {
        const found = forecastOfPlans({ ...ahead, remainingMinutes, sessions: planned });
        expect(found.plannedMinutes).toBe(planned.reduce((sum, { minutes }) => sum + minutes, 0));
        expect(found.expiringMinutes).toBe(Math.max(0, remainingMinutes - found.plannedMinutes));
        expect(found.exhaustedOn === null).toBe(found.expiringMinutes > 0);
        const one = forecastOfPlans({ ...ahead, remainingMinutes, sessions: planned.slice(1) });
        const first = planned[0]?.minutes ?? 0;
        expect(found.expiringMinutes).toBe(Math.max(0, remainingMinutes - one.plannedMinutes - first));
      }),
    );
  });

  test('a session that takes place as planned changes nothing of the forecast but what is planned', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30_000, max: 90_000 }), sessions, (remainingMinutes, planned) => {
        const before = forecastOfPlans({ ...ahead, remainingMinutes, sessions: planned });
        const [done, ...others] = planned;
        const used = done?.minutes ?? 0;
        const after = forecastOfPlans({ ...ahead, remainingMinutes: remainingMinutes - used, sessions: others });
        expect(after).toEqual({ ...before, plannedMinutes: before.plannedMinutes - used });
      }),
    );
  });
});
