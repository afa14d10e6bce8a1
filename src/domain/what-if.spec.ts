import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { addDays, startOfDay, type Day } from './calendar.js';
import { entitlementOf, judgeUpgrade, type TermTopUp } from './entitlement.js';
import type { NoticeState } from './notice.js';
import { packageOn, readPackages, type PackageCode } from './package.js';
import type { RenewalState } from './term.js';
import { evenUse, imagine, type ConsideredChanges } from './what-if.js';

const table = readPackages(parse(readFileSync('config/packages.yaml', 'utf8')));
const sold = (code: PackageCode) => packageOn(table, code, '2026-04-01')!;

const timeZone = 'Asia/Tokyo';
const dates = { startsOn: '2026-04-01', endsOn: '2027-03-31' };
const lastDay: Day = '2027-01-30';

const termIn = (renewalState: RenewalState) => ({
  ...dates,
  noticeDeadlineOn: lastDay,
  lockAt: startOfDay(addDays(lastDay, 1), timeZone),
  endsAt: startOfDay(addDays(dates.endsOn, 1), timeZone),
  renewalState,
  periods: [{ package: sold('basic'), effectiveOn: dates.startsOn }],
  topUps: [] as TermTopUp[],
});

function asked(
  changes: ConsideredChanges,
  given: { today?: Day; renewalState?: RenewalState; notices?: NoticeState[]; entered?: number } = {},
) {
  const { today = '2026-10-01', renewalState = 'open', notices = [], entered = 0 } = given;
  const now = new Date(startOfDay(today, timeZone).getTime() + 3 * 3_600_000);
  return imagine({ term: termIn(renewalState), topUpsEntered: entered, notices, now, today, timeZone }, changes);
}

const premier = (on: Day) => ({ to: sold('premier'), on });
const standing: NoticeState = { party: 'customer', effective: true, reason: null, withdrawn: false, waived: false };

describe('considered changes', () => {
  it('without any leave the renewal as it is', () => {
    expect(asked({}).imagined).toMatchObject({ renewalState: 'open', renews: true, addedMinutes: 0 });
    expect(asked({}, { renewalState: 'declined' }).imagined).toMatchObject({ renewalState: 'declined', renews: false });
  });

  // prettier-ignore
  it.each<[today: Day, noticeOn: Day, effective: boolean, reason: string | null, state: RenewalState]>([
    ['2026-10-01', '2026-10-01', true,  null,   'declined'],
    ['2026-10-01', '2027-01-30', true,  null,   'declined'],
    ['2026-10-01', '2027-01-31', false, 'late', 'locked'],
    ['2026-10-01', '2027-03-31', false, 'late', 'locked'],
    ['2026-10-01', '2026-04-01', true,  null,   'declined'],
    // Received in time and recorded after the lock.
    ['2027-02-10', '2027-01-30', true,  null,   'declined'],
    ['2027-02-10', '2027-02-10', false, 'late', 'locked'],
  ])('on %s, a notice on %s is effective: %s (%s), and the renewal is %s', (today, noticeOn, effective, reason, state) => {
    const { imagined } = asked({ noticeOn }, { today });
    expect(imagined).toMatchObject({ notice: { effective, reason }, renewalState: state, renews: state !== 'declined' });
  });

  // prettier-ignore
  it.each<[what: string, changes: ConsideredChanges, codes: string[]]>([
    ['a notice before the term',        { noticeOn: '2026-03-31' },                       ['day-outside-term']],
    ['a notice after the term',         { noticeOn: '2027-04-01' },                       ['day-outside-term']],
    ['an upgrade before the term',      { upgrade: premier('2026-03-31') },               ['effective-on-out-of-range']],
    ['an upgrade after the term',       { upgrade: premier('2027-04-01') },               ['effective-on-out-of-range']],
    ['the same package',                { upgrade: { to: sold('basic'), on: '2026-10-01' } }, ['not-an-upgrade']],
    ['a top-up after the term',         { topUp: { minutes: 60, on: '2027-04-01' } },     ['effective-on-out-of-range']],
    ['a top-up of over ten packages',   { topUp: { minutes: 57_601, on: '2026-10-01' } }, ['top-up-too-large']],
    ['two wrong days',                  { upgrade: premier('2027-04-01'), noticeOn: '2027-04-01' }, ['effective-on-out-of-range', 'day-outside-term']],
  ])('with %s are refused', (_, changes, codes) => {
    const { violations, imagined } = asked(changes);
    expect([violations.map(({ code }) => code), imagined]).toEqual([codes, undefined]);
  });

  // prettier-ignore
  it.each<[topUpOn: Day, upgradeOn: Day | undefined, granted: number, capMinutes: number, before: number | undefined]>([
    ['2026-10-01', undefined,    5_760 + 600, 0,     undefined],
    ['2027-03-31', undefined,    5_760 + 600, 0,     undefined],
    ['2026-10-01', '2026-10-01', 8_633 + 600, 2_308, 5_760],
    ['2026-11-01', '2026-10-01', 8_633 + 600, 2_308, 5_760],
    ['2026-09-30', '2026-10-01', 8_633 + 600, 2_308, 5_760],
    // The top-up of today comes before the upgrade of a later day.
    ['2026-10-01', '2027-01-01', 7_181 + 600, 1_945, 6_360],
  ])('a top-up on %s and an upgrade on %s grant %d minutes, %d of them onsite', (on, upgradeOn, granted, capMinutes, before) => {
    const changes = { topUp: { minutes: 600, on }, ...(upgradeOn && { upgrade: premier(upgradeOn) }) };
    const { imagined } = asked(changes);
    expect(imagined!.entitlement).toMatchObject({ grantedMinutes: granted, onsiteCapMinutes: capMinutes });
    expect(imagined!.addedMinutes).toBe(granted - 5_760);
    expect(imagined!.upgrade?.change.grantedBeforeMinutes).toBe(before);
  });

  it('a top-up counts those entered before, and is limited by the package of its day', () => {
    const topUp = { minutes: 115_200, on: '2026-10-01' };
    expect(asked({ topUp, upgrade: premier('2026-10-01') }).violations).toEqual([]);
    expect(asked({ topUp, upgrade: premier('2026-10-02') }).violations).toMatchObject([{ code: 'top-up-too-large' }]);
    const one = { minutes: 1, on: '2026-10-01' };
    expect(asked({ topUp: one }, { entered: 99 }).violations).toEqual([]);
    expect(asked({ topUp: one }, { entered: 100 }).violations).toMatchObject([{ code: 'too-many-top-ups' }]);
  });

  it('with a second notice of the customer are refused', () => {
    const { violations } = asked({ noticeOn: '2026-12-01' }, { renewalState: 'declined', notices: [standing] });
    expect(violations).toEqual([{ code: 'notice-already-given', params: { party: 'customer' }, pointer: '/noticeOn' }]);
  });

  // prettier-ignore
  it.each<[upgradeOn: Day, noticeOn: Day | undefined, atUpgrade: RenewalState, after: RenewalState]>([
    ['2026-10-01', undefined,    'open',     'open'],
    ['2027-02-15', undefined,    'locked',   'locked'],
    ['2027-01-30', undefined,    'open',     'open'],
    ['2026-11-01', '2026-12-01', 'open',     'declined'],
    ['2026-12-01', '2026-12-01', 'open',     'declined'],
    ['2027-02-15', '2026-12-01', 'declined', 'declined'],
    ['2027-02-15', '2027-02-01', 'locked',   'locked'],
    ['2027-02-01', '2027-02-15', 'locked',   'locked'],
  ])('an upgrade on %s and a notice on %s: at the upgrade the renewal is %s, at last %s', (on, noticeOn, atUpgrade, after) => {
    const { imagined } = asked({ upgrade: premier(on), noticeOn });
    expect(imagined).toMatchObject({ upgrade: { renewalState: atUpgrade }, renewalState: after });
  });

  it('grant on any day of the term what the real upgrade grants on that day', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 364 }),
        fc.constantFrom('premier', 'enterprise', 'dedicated'),
        (at, code) => {
          const on = addDays(dates.startsOn, at);
          const { upgrade } = asked({ upgrade: { to: sold(code), on } }).imagined!;
          const { periods, topUps } = termIn('open');
          const real = judgeUpgrade({
            term: dates,
            periods,
            topUps,
            to: sold(code),
            effectiveOn: on,
            today: on,
          });
          expect(upgrade!.change).toEqual(real.change);
          expect(upgrade!.change.entitlement).toEqual(entitlementOf(upgrade!.change.periods, dates, topUps));
        },
      ),
    );
  });
});

it('a use in each service month is a year of it in the days of the term', () => {
  expect(evenUse(dates, 960)).toEqual({ days: 365, minutes: 11_520 });
  expect(evenUse({ startsOn: '2027-03-01', endsOn: '2028-02-29' }, 0)).toEqual({ days: 366, minutes: 0 });
});
