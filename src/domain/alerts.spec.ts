import fc from 'fast-check';
import { concernsCustomer, firstCheck, checkAlerts, type WatchedTerm, type UsageAlert } from './alerts.js';
import { addDays, daysBetween, type Day } from './calendar.js';
import { paceOfTerm, plannedMinutes, type AddedPlan } from './pace.js';

const rules = {
  usageAlertPercents: [50, 80, 100],
  customerAlertPercent: 80,
  behindAlertMonths: 2,
  expiryAlertDays: 90,
  paceTolerancePercent: 10,
};

const planOf = (anchor: Day, baseMinutes: number, ...additions: AddedPlan[]) =>
  paceOfTerm({ anchor, number: 0, baseMinutes, additions, tolerancePercent: 10 });

/** Premier: 960 minutes a service month, tolerance 96. */
const premier = planOf('2026-04-01', 11_520);

function lookOn(today: Day, change: Partial<WatchedTerm> = {}, ...given: UsageAlert[]) {
  const facts = { plan: premier, grantedMinutes: 11_520, usedMinutes: 0, expiringMinutes: 0 };
  const days = { today, morningOn: today, enteredOn: '2026-04-01' };
  return checkAlerts({ ...facts, ...days, given: new Set(given), ...change }, rules);
}

describe('the alerts that are due (§6)', () => {
  // prettier-ignore
  it.each<[string, Day, Partial<WatchedTerm>, UsageAlert[]]>([
    ['nothing while use is on pace',                   '2026-09-30', { usedMinutes: 5_700 }, []],
    ['one minute short of half',                       '2026-09-30', { usedMinutes: 5_759 }, []],
    ['exactly half',                                   '2026-09-30', { usedMinutes: 5_760 }, ['used-50']],
    ['one minute short of four fifths',                '2027-01-20', { usedMinutes: 9_215 }, ['used-50']],
    ['exactly four fifths',                            '2027-01-20', { usedMinutes: 9_216 }, ['used-50', 'used-80']],
    ['all of it',                                      '2027-03-31', { usedMinutes: 11_520 }, ['used-50', 'used-80', 'used-100']],
    ['ahead by the tolerance: still on pace',          '2026-04-30', { usedMinutes: 1_056 }, []],
    ['ahead by a minute more',                         '2026-04-30', { usedMinutes: 1_057 }, ['ahead']],
    ['behind by exactly two service months',           '2026-05-31', {}, []],
    ['behind by a day more',                           '2026-06-01', {}, ['behind']],
    ['behind, but before the morning',                 '2026-06-01', { morningOn: '2026-05-31' }, []],
    ['expiring: a day too early',                      '2026-12-30', { usedMinutes: 7_000, expiringMinutes: 2_000 }, ['used-50']],
    ['expiring: 90 days before 2027-03-31',            '2026-12-31', { usedMinutes: 7_000, expiringMinutes: 2_000 }, ['used-50', 'expiring']],
    ['expiring, but before the morning',               '2026-12-31', { usedMinutes: 7_000, expiringMinutes: 2_000, morningOn: '2026-12-30' }, ['used-50']],
    ['expiring: no more than the tolerance',           '2026-12-31', { usedMinutes: 8_600, expiringMinutes: 96 }, ['used-50']],
    ['expiring: a minute more than the tolerance',     '2026-12-31', { usedMinutes: 8_600, expiringMinutes: 97 }, ['used-50', 'expiring']],
    ['expiring: reported after the 90th day',          '2027-02-15', { usedMinutes: 8_600, expiringMinutes: 2_000 }, ['used-50', 'expiring']],
    ['existing contract: not on the day it was entered', '2027-01-15', { expiringMinutes: 9_000, enteredOn: '2027-01-15' }, []],
    ['existing contract: on the next morning',         '2027-01-16', { expiringMinutes: 9_000, enteredOn: '2027-01-15' }, ['behind', 'expiring']],
    ['before the term',                                '2026-03-31', {}, []],
    ['after the term',                                 '2027-04-01', {}, []],
  ])('%s', (_, today, change, due) => expect(lookOn(today, change).due).toEqual(due));

  it('are due once; if a booking reaches several shares, only the highest is mailed', () => {
    const big = { usedMinutes: 9_300 };
    expect(lookOn('2026-06-15', big)).toMatchObject({
      due: ['used-50', 'used-80', 'ahead'],
      mailed: ['used-80', 'ahead'],
    });
    expect(lookOn('2026-06-16', big, 'used-50', 'used-80', 'ahead')).toMatchObject({ due: [], mailed: [] });
  });

  it('use the total after an upgrade, and never report a share twice', () => {
    // Basic, and Premier from 2026-10-01: 8,633 minutes.
    const plan = planOf('2026-04-01', 5_760, { effectiveOn: '2026-10-01', extraMinutes: 2_873 });
    const upgraded = { plan, grantedMinutes: 8_633 };
    expect(lookOn('2026-10-01', { ...upgraded, usedMinutes: 4_316 }).due).toEqual(['ahead']);
    expect(lookOn('2026-10-01', { ...upgraded, usedMinutes: 4_317 }).due).toEqual(['used-50', 'ahead']);
    expect(lookOn('2027-01-01', { ...upgraded, usedMinutes: 6_900 }, 'used-50', 'used-80', 'ahead').due).toEqual([]);
    expect(lookOn('2027-03-01', { ...upgraded, usedMinutes: 6_907 }, 'used-50').due).toEqual(['used-80']);
  });

  it.each<[UsageAlert, boolean]>([
    ['used-50', false],
    ['used-80', true],
    ['used-100', true],
    ['ahead', false],
    ['behind', false],
    ['expiring', true],
  ])('%s concerns the customer: %s', (alert, toCustomer) => expect(concernsCustomer(alert, rules)).toBe(toCustomer));
});

describe('when to check again', () => {
  // prettier-ignore
  it.each<[string, Day, Partial<WatchedTerm>, UsageAlert[], Day | undefined, number | undefined]>([
    ['unused: after two service months; 32 planned and 96 tolerated', '2026-04-01', {}, [], '2026-06-01', 129],
    ['some use: later; half is reached first',       '2026-06-01', { usedMinutes: 5_700 }, ['ahead'], '2026-11-29', 5_760],
    ['on pace: 90 days before the end',  '2026-12-01', { usedMinutes: 7_700 }, ['used-50'], '2026-12-31', 7_680 + 30 + 96 + 1],
    ['behind was reported: 90 days before the end', '2026-06-01', {}, ['behind'], '2026-12-31', 1_920 + 32 + 96 + 1],
    ['in the last 90 days: when it falls behind', '2027-01-01', { usedMinutes: 7_700 }, ['used-50'], '2027-02-01', 8_670 + 96 + 1],
    ['every alert was reported', '2027-01-01', { usedMinutes: 11_520 }, ['used-50', 'used-80', 'used-100', 'ahead', 'behind', 'expiring'], undefined, undefined],
    ['before the term', '2026-03-01', {}, [], '2026-06-01', 97],
    ['after the term', '2027-04-01', {}, [], undefined, undefined],
  ])('%s', (_, today, change, given, nextOn, fromMinutes) => {
    expect(lookOn(today, change, ...given)).toMatchObject({ nextOn, fromMinutes });
  });

  it('needs no plan at the start of a term', () => {
    expect(firstCheck({ anchor: '2026-04-01', number: 0, grantedMinutes: 11_520 }, rules)).toEqual({
      nextOn: '2026-06-01',
      fromMinutes: 97,
    });
    expect(
      firstCheck({ anchor: '2026-04-01', number: 1, grantedMinutes: 11_520 }, { ...rules, expiryAlertDays: 300 })
        .nextOn,
    ).toBe('2027-06-01');
    expect(
      firstCheck({ anchor: '2026-04-01', number: 1, grantedMinutes: 11_520 }, { ...rules, expiryAlertDays: 320 })
        .nextOn,
    ).toBe('2027-05-16');
  });

  it('misses nothing: checks at these moments find the same alerts on the same days as daily checks', () => {
    const day = fc.record({ minutes: fc.integer({ min: -400, max: 1_500 }), works: fc.integer({ min: 0, max: 9 }) });
    const year = fc.record({
      offset: fc.integer({ min: 0, max: 1_500 }),
      baseMinutes: fc.constantFrom(5_760, 11_520, 23_040, 96_000),
      busy: fc.integer({ min: 0, max: 9 }),
      enteredAfter: fc.integer({ min: 0, max: 200 }),
      days: fc.array(day, { minLength: 366, maxLength: 366 }),
    });
    fc.assert(
      fc.property(year, ({ offset, baseMinutes, busy, enteredAfter, days }) => {
        const anchor = addDays('2026-01-01', offset);
        const plan = planOf(anchor, baseMinutes);
        const enteredOn = addDays(anchor, enteredAfter);
        const everyDay = new Set<UsageAlert>();
        const whenTold = new Set<UsageAlert>();
        let { nextOn, fromMinutes }: { nextOn?: Day; fromMinutes?: number } = firstCheck(
          { anchor, number: 0, grantedMinutes: baseMinutes },
          rules,
        );
        let usedMinutes = 0;
        for (let at = enteredAfter; at <= daysBetween(plan.startsOn, plan.endsOn); at++) {
          const today = addDays(plan.startsOn, at);
          const look = (given: Set<UsageAlert>) => {
            const facts = { plan, grantedMinutes: baseMinutes, usedMinutes, expiringMinutes: 0 };
            const seen = checkAlerts({ ...facts, given, today, morningOn: today, enteredOn }, rules);
            for (const alert of seen.due) given.add(alert);
            return seen;
          };
          if (nextOn !== undefined && nextOn <= today) ({ nextOn, fromMinutes } = look(whenTold));
          look(everyDay);
          if (whenTold.size !== everyDay.size) return false;
          if (days[at]!.works >= busy) continue;
          const before = usedMinutes;
          usedMinutes = Math.min(baseMinutes, Math.max(0, usedMinutes + days[at]!.minutes));
          const isCalled = usedMinutes < before || (fromMinutes !== undefined && usedMinutes >= fromMinutes);
          if (isCalled) ({ nextOn, fromMinutes } = look(whenTold));
          look(everyDay);
          if (whenTold.size !== everyDay.size) return false;
        }
        return true;
      }),
      { numRuns: 40 },
    );
  });

  it('for a term on plan is only the morning 90 days before the end, and then no alert is due', () => {
    const usedMinutes = plannedMinutes(premier, '2026-12-31');
    expect(lookOn('2026-12-31', { usedMinutes, expiringMinutes: 31 }, 'used-50').due).toEqual([]);
  });
});
