import fc from 'fast-check';
import { addDays, daysBetween, type Day } from './calendar.js';
import {
  digestOwed,
  firstWorkingDay,
  mondayOf,
  monthNudgeOwed,
  nextNudgeOn,
  windowNudgeOn,
  windowNudgeOwed,
  type NudgeDays,
} from './nudge.js';

const isWeekday = (day: Day): boolean => daysBetween('1900-01-01', day) % 7 < 5;
/** 2027-01-01 is a Friday. Banks in Japan open on the 4th, a Monday. */
const inJapan = (day: Day): boolean => isWeekday(day) && !['2027-01-01', '2027-01-02', '2027-01-03'].includes(day);

const rule = { lateEntryClosingDays: 3 };
const looked = (doneThrough: Day, through: Day): NudgeDays => ({ doneThrough, through });

test.each([
  ['2026-10-05', '2026-10-05'],
  ['2026-10-11', '2026-10-05'],
  ['2026-10-12', '2026-10-12'],
  ['2027-01-01', '2026-12-28'],
])('the week of %s begins on %s', (day, monday) => {
  expect(mondayOf(day)).toBe(monday);
});

describe('the Monday digest', () => {
  test.each([
    ['on Monday', '2026-10-04', '2026-10-05', '2026-10-05'],
    ['not again on the same Monday', '2026-10-05', '2026-10-05', undefined],
    ['not on the days after it', '2026-10-05', '2026-10-11', undefined],
    ['late in the week, if Monday was missed', '2026-10-03', '2026-10-08', '2026-10-05'],
    ['on Sunday, if the whole week was missed', '2026-10-03', '2026-10-11', '2026-10-05'],
    ['once, if several weeks were missed', '2026-09-02', '2026-10-07', '2026-10-05'],
    ['at the latest until the next Monday', '2026-10-03', '2026-10-12', '2026-10-12'],
  ])('is sent %s', (_, doneThrough, through, monday) => {
    expect(digestOwed(looked(doneThrough, through))).toBe(monday);
  });
});

describe('the request to log time before a window closes', () => {
  const window = { endsOn: '2027-03-31', lastDay: '2027-04-10' };

  test.each([
    ['not four days before', '2027-04-05', '2027-04-06', false],
    ['three days before', '2027-04-06', '2027-04-07', true],
    ['not again', '2027-04-07', '2027-04-08', false],
    ['late, if the day was missed', '2027-04-05', '2027-04-09', true],
    ['even on the last day', '2027-04-05', '2027-04-10', true],
    ['not once the window has closed', '2027-04-05', '2027-04-11', false],
  ])('is made %s', (_, doneThrough, through, owed) => {
    expect(windowNudgeOwed(window, looked(doneThrough, through), rule)).toBe(owed);
  });

  test('is not made before the term has ended, however short the window is', () => {
    expect(windowNudgeOn({ endsOn: '2027-03-31', lastDay: '2027-04-02' }, rule)).toBe('2027-04-01');
    expect(windowNudgeOn(window, rule)).toBe('2027-04-07');
    // A contract that was entered after its first term had ended.
    expect(windowNudgeOn({ endsOn: '2027-03-31', lastDay: '2027-06-25' }, rule)).toBe('2027-06-22');
  });
});

describe('the request to log time after a month', () => {
  test('is made on the first working day of the next month', () => {
    expect(firstWorkingDay('2027-01', isWeekday)).toBe('2027-01-01');
    expect(firstWorkingDay('2027-01', inJapan)).toBe('2027-01-04');
    expect(firstWorkingDay('2026-08', isWeekday)).toBe('2026-08-03');
  });

  test.each([
    ['not on a day off', '2026-12-31', '2027-01-03', undefined],
    ['on the first working day', '2027-01-03', '2027-01-04', '2026-12'],
    ['not again', '2027-01-04', '2027-01-05', undefined],
    ['late in the month, if the day was missed', '2026-12-30', '2027-01-27', '2026-12'],
    ['only about the newest month, if several were missed', '2026-10-20', '2027-01-05', '2026-12'],
    ['about no older month before the first working day', '2026-10-20', '2027-01-02', undefined],
  ])('is made %s', (_, doneThrough, through, month) => {
    expect(monthNudgeOwed(looked(doneThrough, through), inJapan)).toBe(month);
  });
});

describe('the next look', () => {
  const none = { windows: [], calendars: [isWeekday] };

  test.each([
    ['the next Monday', '2026-10-05', '2026-10-12'],
    ['the next Monday', '2026-10-11', '2026-10-12'],
    ['the first working day of the next month', '2026-10-26', '2026-11-02'],
    ['the first working day of the next month', '2026-09-28', '2026-10-01'],
    ['the first working day of the present month', '2026-08-01', '2026-08-03'],
  ])('is %s: after %s on %s', (_, through, next) => {
    expect(nextNudgeOn(through, none, rule)).toBe(next);
  });

  test('is on the day of a window, if that comes first', () => {
    const windows = [
      { endsOn: '2026-09-26', lastDay: '2026-10-06' },
      { endsOn: '2026-09-28', lastDay: '2026-10-08' },
      { endsOn: '2026-09-10', lastDay: '2026-10-07' },
    ];
    expect(nextNudgeOn('2026-10-01', { windows, calendars: [isWeekday] }, rule)).toBe('2026-10-03');
    expect(nextNudgeOn('2026-10-03', { windows, calendars: [isWeekday] }, rule)).toBe('2026-10-04');
  });
});

const someDay = fc.integer({ min: 0, max: 3_000 }).map((days) => addDays('2024-01-01', days));

test('however the looks are spaced, each week has at most one digest, and each window and month at most one request', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(someDay, steps, fc.integer({ min: 0, max: 300 }), (first, gaps, after) => {
      const endsOn = addDays(first, after);
      const window = { endsOn, lastDay: addDays(endsOn, 10) };
      const digests: Day[] = [];
      const months: string[] = [];
      let windowNudges = 0;
      let doneThrough = first;
      for (const gap of gaps) {
        const days = looked(doneThrough, addDays(doneThrough, gap));
        const [monday, month] = [digestOwed(days), monthNudgeOwed(days, isWeekday)];
        if (monday !== undefined) digests.push(monday);
        if (month !== undefined) months.push(month);
        if (windowNudgeOwed(window, days, rule)) windowNudges++;
        doneThrough = days.through;
      }
      expect(new Set(digests).size).toBe(digests.length);
      expect(new Set(months).size).toBe(months.length);
      expect(windowNudges).toBeLessThanOrEqual(1);
    }),
  );
});

test('looks on the planned days alone miss nothing', () => {
  fc.assert(
    fc.property(someDay, fc.integer({ min: 1, max: 300 }), (first, after) => {
      const endsOn = addDays(first, after);
      const window = { endsOn, lastDay: addDays(endsOn, 10) };
      const found: string[] = [];
      const expected: string[] = [];
      for (let day = first; day < addDays(first, 330); day = addDays(day, 1)) {
        const days = looked(day, addDays(day, 1));
        if (digestOwed(days)) expected.push(`digest ${days.through}`);
        if (monthNudgeOwed(days, isWeekday)) expected.push(`month ${days.through}`);
        if (windowNudgeOwed(window, days, rule)) expected.push(`window ${days.through}`);
      }
      let doneThrough = first;
      for (;;) {
        const through = nextNudgeOn(doneThrough, { windows: [window], calendars: [isWeekday] }, rule);
        if (through > addDays(first, 330)) break;
        const days = looked(doneThrough, through);
        if (digestOwed(days)) found.push(`digest ${through}`);
        if (monthNudgeOwed(days, isWeekday)) found.push(`month ${through}`);
        if (windowNudgeOwed(window, days, rule)) found.push(`window ${through}`);
        doneThrough = through;
      }
      expect(found).toEqual(expected);
    }),
  );
});
