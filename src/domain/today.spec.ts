import fc from 'fast-check';
import { addDays } from './calendar.js';
import type { RenewalState } from './term.js';
import { loggedWeek, nextDeadline, type LoggedMinutes } from './today.js';

const row = (date: string, customer: string, minutes: number): LoggedMinutes => ({
  date,
  customerId: customer.toLowerCase(),
  customer,
  minutes,
});

test('a week sums up its minutes by day and by customer, most minutes first', () => {
  const logged = [
    row('2026-10-05', 'Aoi', 60),
    row('2026-10-07', 'Midori', 200),
    row('2026-10-07', 'Aoi', 90),
    row('2026-10-11', 'Hikari', 150),
  ];
  expect(loggedWeek('2026-10-05', logged)).toEqual({
    startsOn: '2026-10-05',
    endsOn: '2026-10-11',
    minutes: 500,
    days: [60, 0, 290, 0, 0, 0, 150].map((minutes, at) => ({ date: addDays('2026-10-05', at), minutes })),
    byCustomer: [
      { customerId: 'midori', customer: 'Midori', minutes: 200 },
      { customerId: 'aoi', customer: 'Aoi', minutes: 150 },
      { customerId: 'hikari', customer: 'Hikari', minutes: 150 },
    ],
  });
});

test('a week without work has seven days of 0 minutes', () => {
  const { minutes, days, byCustomer } = loggedWeek('2026-12-28', []);
  expect([minutes, byCustomer]).toEqual([0, []]);
  expect(days.at(-1)).toEqual({ date: '2027-01-03', minutes: 0 });
  expect(days).toHaveLength(7);
});

test('the days and the customers of a week add up to its minutes', () => {
  const rows = fc.array(
    fc.record({
      date: fc.integer({ min: 0, max: 6 }).map((at) => addDays('2026-10-05', at)),
      customer: fc.constantFrom('Aoi', 'Midori', 'Hikari'),
      minutes: fc.integer({ min: 1, max: 10_000 }),
    }),
  );
  fc.assert(
    fc.property(rows, (logged) => {
      const { minutes, days, byCustomer } = loggedWeek(
        '2026-10-05',
        logged.map((one) => row(one.date, one.customer, one.minutes)),
      );
      const sum = (parts: readonly { minutes: number }[]): number =>
        parts.reduce((total, part) => total + part.minutes, 0);
      expect([sum(days), sum(byCustomer)]).toEqual([minutes, minutes]);
    }),
  );
});

describe('the next deadline', () => {
  const term = (renewalState: RenewalState) => ({
    endsOn: '2027-03-31',
    noticeDeadlineOn: '2027-01-30',
    renewalState,
  });

  it.each<[string, RenewalState, string | null, string, string | null]>([
    ['the day of the deadline', 'open', null, '2027-01-30', 'notice 2027-01-30 0'],
    ['the day after the deadline', 'open', null, '2027-01-31', 'term-end 2027-03-31 59'],
    ['a locked renewal', 'locked', null, '2027-01-31', 'term-end 2027-03-31 59'],
    ['a declined renewal', 'declined', null, '2026-12-01', 'term-end 2027-03-31 120'],
    ['late entries that close first', 'open', '2026-04-10', '2026-04-08', 'late-entries 2026-04-10 2'],
    ['late entries that are over', 'open', '2026-04-10', '2026-04-11', 'notice 2027-01-30 294'],
    ['late entries on the day of the deadline', 'open', '2027-01-30', '2027-01-30', 'notice 2027-01-30 0'],
    ['the day after the term', 'locked', null, '2027-04-01', null],
  ])('on %s', (_, renewalState, lateEntriesUntilOn, today, expected) => {
    const next = nextDeadline({ term: term(renewalState), lateEntriesUntilOn }, today);
    expect(next && `${next.kind} ${next.date} ${next.daysLeft}`).toBe(expected);
  });

  test('of an ended subscription is the last day for late entries', () => {
    expect(nextDeadline({ term: null, lateEntriesUntilOn: '2027-04-10' }, '2027-04-01')).toEqual({
      kind: 'late-entries',
      date: '2027-04-10',
      daysLeft: 9,
    });
    expect(nextDeadline({ term: null, lateEntriesUntilOn: null }, '2027-04-01')).toBeNull();
  });
});
