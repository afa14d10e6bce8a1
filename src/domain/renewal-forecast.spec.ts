import fc from 'fast-check';
import { renewalForecast, type ForecastEvent, type ForecastTerm } from './renewal-forecast.js';
import type { ServiceRules } from './service-rules.js';
import { termInstants } from './term-instants.js';
import { noticeDeadline, termDates, type RenewalState } from './term.js';

const rules = { reminderDays: [90, 75, 67, 60], noticeDays: 60 } as unknown as ServiceRules;

/** The open term of a contract, at a moment at which nothing is overdue. */
function termOf(anchorOn: string, now: Date, timeZone: string, renewalState: RenewalState = 'open'): ForecastTerm {
  const dates = termDates(anchorOn, 0);
  const noticeDeadlineOn = noticeDeadline(dates.endsOn, rules.noticeDays);
  const instants = termInstants({ ...dates, noticeDeadlineOn, timeZone }, now, rules);
  const nextReminderAt = renewalState === 'open' ? instants.nextReminderAt : null;
  return { number: 0, anchorOn, timeZone, renewalState, ...dates, ...instants, nextReminderAt };
}

function first(count: number, events: Generator<ForecastEvent>): string[] {
  const lines: string[] = [];
  for (const { at, termNumber, event, daysBefore, outcome } of events) {
    lines.push([at.toISOString().slice(0, 16), termNumber, event, daysBefore ?? outcome].join(' ').trim());
    if (lines.length === count) break;
  }
  return lines;
}

const now = new Date('2026-06-01T00:00:00Z');

test('a term is announced, locked and rolled over, and then the next one', () => {
  expect(first(8, renewalForecast(termOf('2026-04-01', now, 'Asia/Tokyo'), now, rules))).toEqual([
    '2026-12-31T00:00 0 reminder 90',
    '2027-01-15T00:00 0 reminder 75',
    '2027-01-23T00:00 0 reminder 67',
    '2027-01-30T00:00 0 reminder 60',
    '2027-01-30T15:00 0 lock',
    '2027-03-31T15:00 0 roll-over renews',
    '2028-01-01T00:00 1 reminder 90',
    '2028-01-16T00:00 1 reminder 75',
  ]);
});

test('a declined term ends, and a locked term renews', () => {
  const declined = termOf('2026-04-01', now, 'Asia/Tokyo', 'declined');
  expect(first(9, renewalForecast(declined, now, rules))).toEqual(['2027-03-31T15:00 0 roll-over ends']);
  const locked = termOf('2026-04-01', now, 'Asia/Tokyo', 'locked');
  expect(first(2, renewalForecast(locked, now, rules))).toEqual([
    '2027-03-31T15:00 0 roll-over renews',
    '2028-01-01T00:00 1 reminder 90',
  ]);
});

test('overdue steps happen now: the newest missed reminder, or none once the lock is due', () => {
  const term = termOf('2026-04-01', now, 'Asia/Tokyo');
  expect(first(3, renewalForecast(term, new Date('2027-01-24T00:00:00Z'), rules))).toEqual([
    '2027-01-24T00:00 0 reminder 67',
    '2027-01-30T00:00 0 reminder 60',
    '2027-01-30T15:00 0 lock',
  ]);
  expect(first(2, renewalForecast(term, new Date('2027-02-02T00:00:00Z'), rules))).toEqual([
    '2027-02-02T00:00 0 lock',
    '2027-03-31T15:00 0 roll-over renews',
  ]);
});

test('after an outage of years, the missed terms roll over in order, and only the last has reminders', () => {
  const term = termOf('2026-04-01', now, 'Asia/Tokyo');
  expect(first(6, renewalForecast(term, new Date('2029-01-20T00:00:00Z'), rules))).toEqual([
    '2029-01-20T00:00 0 lock',
    '2029-01-20T00:00 0 roll-over renews',
    '2029-01-20T00:00 1 roll-over renews',
    '2029-01-20T00:00 2 reminder 75',
    '2029-01-23T00:00 2 reminder 67',
    '2029-01-30T00:00 2 reminder 60',
  ]);
});

test('on any day and in any zone: one lock and one roll-over a term, in order; each reminder at most once, before the lock', () => {
  const zones = ['Asia/Tokyo', 'America/Sao_Paulo', 'Pacific/Apia', 'Australia/Lord_Howe', 'Europe/Berlin'];
  const days = fc.integer({ min: 0, max: 9_000 }).map((days) => new Date(Date.UTC(2005, 0, 1 + days)));
  fc.assert(
    fc.property(days, fc.constantFrom(...zones), fc.integer({ min: 0, max: 900 }), (start, timeZone, later) => {
      const anchorOn = start.toISOString().slice(0, 10);
      const asOf = new Date(start.getTime() + later * 86_400_000);
      const events: ForecastEvent[] = [];
      for (const event of renewalForecast(termOf(anchorOn, start, timeZone), asOf, rules)) {
        events.push(event);
        if (event.termNumber === 4) break;
      }
      const times = events.map(({ at }) => at.getTime());
      expect(times).toEqual([...times].sort((one, other) => one - other));
      for (const number of [0, 1, 2, 3]) {
        const ofTerm = events.filter(({ termNumber }) => termNumber === number).map(({ event }) => event);
        expect(ofTerm.filter((event) => event === 'roll-over')).toHaveLength(1);
        expect(ofTerm.filter((event) => event === 'lock').length).toBeLessThanOrEqual(1);
        expect(ofTerm.join(' ')).toMatch(/^(reminder ){0,4}(lock )?roll-over$/);
      }
    }),
    { numRuns: 60 },
  );
});
