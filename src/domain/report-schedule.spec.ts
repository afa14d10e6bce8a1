import { addMonths } from './calendar.js';
import { daysOf, lastMonthDue, momentIn, monthOwed, nextMoment, type ReportPeriod } from './report-schedule.js';

const at = (dayOfMonth: number, timeZone: string, timeOfDay = '09:00') => ({ dayOfMonth, timeOfDay, timeZone });

test.each([
  ['2026-02', at(31, 'Asia/Tokyo'), '2026-02-28T00:00:00.000Z'],
  ['2028-02', at(31, 'Asia/Tokyo'), '2028-02-29T00:00:00.000Z'],
  ['2028-02', at(30, 'UTC'), '2028-02-29T09:00:00.000Z'],
  ['2026-04', at(31, 'UTC'), '2026-04-30T09:00:00.000Z'],
  ['2026-12', at(1, 'Asia/Tokyo'), '2026-12-01T00:00:00.000Z'],
  // 09:00 local time in winter and in summer.
  ['2026-03', at(1, 'America/New_York'), '2026-03-01T14:00:00.000Z'],
  ['2026-04', at(1, 'America/New_York'), '2026-04-01T13:00:00.000Z'],
  // Clocks go from 02:00 to 03:00, and from 02:00 back to 01:00.
  ['2026-03', at(8, 'America/New_York', '02:30'), '2026-03-08T07:30:00.000Z'],
  ['2026-11', at(1, 'America/New_York', '01:30'), '2026-11-01T05:30:00.000Z'],
])('the report of %s on %j leaves at %s', (month, moment, expected) => {
  expect(momentIn(month, moment).toISOString()).toBe(expected);
});

test.each([
  ['before the report leaves', '2026-06', '2026-07-30T23:59:59Z', undefined],
  ['in a month without a 31st', '2026-05', '2026-06-30T00:00:00Z', '2026-06'],
  ['when the report leaves', '2026-06', '2026-07-31T00:00:00Z', '2026-07'],
  ['at the end of the month in UTC, already the next month in Tokyo', '2026-06', '2026-07-31T22:00:00Z', '2026-07'],
  ['after the report has left', '2026-07', '2026-08-30T23:59:59Z', undefined],
  ['after an outage, only the newest', '2026-03', '2026-07-05T00:00:00Z', '2026-06'],
])('the report due on the 31st in Tokyo: %s', (_, doneThrough, now, expected) => {
  const moment = at(31, 'Asia/Tokyo');
  expect(monthOwed(moment, doneThrough, new Date(now))).toBe(expected);
});

test('each month has exactly one report, in every zone and on every day', () => {
  for (const timeZone of ['Asia/Tokyo', 'America/New_York', 'Pacific/Apia', 'America/St_Johns', 'Pacific/Kiritimati']) {
    for (const day of [1, 8, 31]) {
      for (const time of ['00:00', '02:30', '23:59']) {
        const moment = at(day, timeZone, time);
        let doneThrough = lastMonthDue(moment, new Date('2024-01-15T00:00:00Z'));
        for (let months = 0; months < 36; months++) {
          const due = nextMoment(moment, doneThrough);
          expect(monthOwed(moment, doneThrough, new Date(due.getTime() - 1))).toBeUndefined();
          const owed = monthOwed(moment, doneThrough, due)!;
          expect(momentIn(owed, moment)).toEqual(due);
          expect(nextMoment(moment, owed) > due).toBe(true);
          doneThrough = owed;
        }
        expect(doneThrough.slice(0, 4)).toMatch(/2026|2027/);
      }
    }
  }
});

test.each<[ReportPeriod, string, object]>([
  ['previous-month', '2027-01', { from: '2026-12-01', to: '2026-12-31' }],
  ['previous-month', '2028-03', { from: '2028-02-01', to: '2028-02-29' }],
  ['previous-three-months', '2027-01', { from: '2026-10-01', to: '2026-12-31' }],
  ['year-to-date', '2027-01', { from: '2026-01-01', to: '2026-12-31' }],
  ['year-to-date', '2027-03', { from: '2027-01-01', to: '2027-02-28' }],
  ['coming-three-months', '2026-12', { from: '2026-12-01', to: '2027-02-28' }],
  ['everything', '2026-12', {}],
])('%s of %s', (period, month, expected) => {
  expect(daysOf(period, month, 4)).toEqual(expected);
});

test.each<[ReportPeriod, number, string, string, string]>([
  // Fiscal year from April to March.
  ['fiscal-year-to-date', 4, '2027-01', '2026-04-01', '2026-12-31'],
  ['fiscal-year-to-date', 4, '2027-02', '2026-04-01', '2027-01-31'],
  ['fiscal-year-to-date', 4, '2027-03', '2026-04-01', '2027-02-28'],
  ['fiscal-year-to-date', 4, '2028-03', '2027-04-01', '2028-02-29'],
  // In the first month of a fiscal year, the new year has no complete month: the report covers the previous year.
  ['fiscal-year-to-date', 4, '2027-04', '2026-04-01', '2027-03-31'],
  ['fiscal-year-to-date', 4, '2027-05', '2027-04-01', '2027-04-30'],
  ['previous-fiscal-year', 4, '2026-12', '2025-04-01', '2026-03-31'],
  ['previous-fiscal-year', 4, '2027-01', '2025-04-01', '2026-03-31'],
  ['previous-fiscal-year', 4, '2027-03', '2025-04-01', '2026-03-31'],
  ['previous-fiscal-year', 4, '2027-04', '2026-04-01', '2027-03-31'],
  // Fiscal year = calendar year.
  ['fiscal-year-to-date', 1, '2026-12', '2026-01-01', '2026-11-30'],
  ['fiscal-year-to-date', 1, '2027-01', '2026-01-01', '2026-12-31'],
  ['fiscal-year-to-date', 1, '2027-02', '2027-01-01', '2027-01-31'],
  ['previous-fiscal-year', 1, '2026-12', '2025-01-01', '2025-12-31'],
  ['previous-fiscal-year', 1, '2027-01', '2026-01-01', '2026-12-31'],
  // Fiscal year that ends in February, on the 29th in leap years.
  ['fiscal-year-to-date', 3, '2028-03', '2027-03-01', '2028-02-29'],
  ['previous-fiscal-year', 3, '2028-03', '2027-03-01', '2028-02-29'],
  ['previous-fiscal-year', 3, '2029-03', '2028-03-01', '2029-02-28'],
  ['previous-fiscal-year', 12, '2027-11', '2025-12-01', '2026-11-30'],
  ['fiscal-year-to-date', 12, '2027-01', '2026-12-01', '2026-12-31'],
])('%s, fiscal year from month %i, report of %s: %s to %s', (period, startMonth, month, from, to) => {
  expect(daysOf(period, month, startMonth)).toEqual({ from, to });
});

test('a fiscal year from January is the calendar year, and no period of any fiscal year is empty', () => {
  for (let month = '2026-01'; month < '2029-01'; month = addMonths(`${month}-01`, 1).slice(0, 7)) {
    expect(daysOf('fiscal-year-to-date', month, 1)).toEqual(daysOf('year-to-date', month, 1));
    for (let startMonth = 1; startMonth <= 12; startMonth++) {
      for (const period of ['fiscal-year-to-date', 'previous-fiscal-year'] as const) {
        const { from, to } = daysOf(period, month, startMonth);
        expect(from! < to! && to! < `${month}-01` && Number(from!.slice(5, 7)) === startMonth).toBe(true);
      }
    }
  }
});
