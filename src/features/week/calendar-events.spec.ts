import { readCalendar, type CalendarWeek } from './calendar-events.js';

const monday = '2026-11-23';
const reader = { email: 'tanaka@vendor.example', timeZone: 'Asia/Tokyo' };

const file = (...lines: string[]): string =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]): string[] => ['BEGIN:VEVENT', 'UID:one', ...lines, 'END:VEVENT'];
const at = (start: string, end: string, ...more: string[]): string[] =>
  event(`DTSTART${start}`, `DTEND${end}`, ...more);

const read = (...lines: string[]) => readCalendar(file(...lines), monday, reader);
const worked = (...lines: string[]) => {
  const week = read(...lines) as CalendarWeek;
  return week.events.map(({ day, minutes }) => `${day} ${minutes}`);
};

const newYork = [
  'BEGIN:VTIMEZONE',
  'TZID:Eastern Standard Time',
  'BEGIN:STANDARD',
  'DTSTART:16010101T020000',
  'RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11',
  'TZOFFSETFROM:-0400',
  'TZOFFSETTO:-0500',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010101T020000',
  'RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3',
  'TZOFFSETFROM:-0500',
  'TZOFFSETTO:-0400',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
];

describe('readCalendar', () => {
  // prettier-ignore
  test.each<[string, string[], string[]]>([
    ['a time in UTC, on the day of the reader',   at(':20261123T160000Z', ':20261123T173000Z'),                              ['2026-11-24 90']],
    ['a time without a zone',                     at(':20261123T090000', ':20261123T100000'),                                ['2026-11-23 60']],
    ['a zone that the file describes',            [...newYork, ...at(';TZID=Eastern Standard Time:20261124T190000', ';TZID=Eastern Standard Time:20261124T193000')], ['2026-11-25 30']],
    ['a zone that only its name says',            at(';TZID=Europe/Berlin:20261124T230000', ';TZID=Europe/Berlin:20261124T234500'), ['2026-11-25 45']],
    ['a length instead of an end',                event('DTSTART:20261127T010000Z', 'DURATION:PT1H15M'),                     ['2026-11-27 75']],
    ['the first moment of the week',              at(':20261122T150000Z', ':20261122T153000Z'),                              ['2026-11-23 30']],
    ['the moment before the week',                at(':20261122T145900Z', ':20261122T153000Z'),                              []],
    ['the moment after the week',                 at(':20261129T150000Z', ':20261129T153000Z'),                              []],
    ['a whole day',                               at(';VALUE=DATE:20261124', ';VALUE=DATE:20261125'),                        []],
    ['more than a day',                           at(':20261124T000000Z', ':20261125T000100Z'),                              []],
    ['no end',                                    event('DTSTART:20261124T000000Z'),                                         []],
    ['a cancelled event',                         at(':20261124T000000Z', ':20261124T010000Z', 'STATUS:CANCELLED'),           []],
    ['an event that the reader declined',         at(':20261124T000000Z', ':20261124T010000Z', 'ATTENDEE;PARTSTAT=DECLINED:mailto:Tanaka@vendor.example'), []],
    ['an event that somebody else declined',      at(':20261124T000000Z', ':20261124T010000Z', 'ATTENDEE;PARTSTAT=DECLINED:mailto:sato@acme.example'), ['2026-11-24 60']],
    ['every day, for years',                      at(':20110103T000000Z', ':20110103T003000Z', 'RRULE:FREQ=DAILY;BYDAY=MO,FR'), ['2026-11-23 30', '2026-11-27 30']],
    ['every other week',                          at(':20261110T000000Z', ':20261110T003000Z', 'RRULE:FREQ=WEEKLY;INTERVAL=2'), ['2026-11-24 30']],
    ['every other week, not this one',            at(':20261103T000000Z', ':20261103T003000Z', 'RRULE:FREQ=WEEKLY;INTERVAL=2'), []],
    ['a rule that has ended',                     at(':20261103T000000Z', ':20261103T003000Z', 'RRULE:FREQ=WEEKLY;UNTIL=20261117T000000Z'), []],
    ['a count that is used up',                   at(':20261103T000000Z', ':20261103T003000Z', 'RRULE:FREQ=WEEKLY;COUNT=3'),   []],
    ['a count that is not',                       at(':20261103T000000Z', ':20261103T003000Z', 'RRULE:FREQ=WEEKLY;COUNT=4'),   ['2026-11-24 30']],
    ['the last Thursday of a month',              at(':20260129T000000Z', ':20260129T003000Z', 'RRULE:FREQ=MONTHLY;BYDAY=-1TH'), ['2026-11-26 30']],
    ['a day that a rule leaves out',              at(':20261102T000000Z', ':20261102T003000Z', 'RRULE:FREQ=WEEKLY', 'EXDATE:20261123T000000Z'), []],
    ['a further day',                             at(':20261002T000000Z', ':20261002T003000Z', 'RDATE:20261125T000000Z'),      ['2026-11-25 30']],
    ['a repetition that was moved',               [...at(':20261102T000000Z', ':20261102T003000Z', 'RRULE:FREQ=WEEKLY'), ...at(':20261125T000000Z', ':20261125T010000Z', 'RECURRENCE-ID:20261123T000000Z')], ['2026-11-25 60']],
    ['another calendar in the file',              ['END:VCALENDAR', 'BEGIN:VCALENDAR', ...at(':20261124T000000Z', ':20261124T010000Z')], ['2026-11-24 60']],
  ])('%s', (_, lines, found) => {
    expect(worked(...lines)).toEqual(found);
  });

  test('gives the words that can name a customer', () => {
    const lines = at(
      ':20261124T000000Z',
      ':20261124T010000Z',
      'SUMMARY:Acme\\, health check',
      'DESCRIPTION:Case A-1',
      'LOCATION:Osaka',
      'ORGANIZER:mailto:tanaka@vendor.example',
      'ATTENDEE:MAILTO:Sato@acme.example',
    );
    expect(read(...lines)).toMatchObject({
      events: [
        {
          summary: 'Acme, health check',
          text: 'Case A-1\nOsaka',
          addresses: ['sato@acme.example', 'tanaka@vendor.example'],
        },
      ],
      leftOut: 0,
    });
  });

  test('counts what it leaves out', () => {
    const lines = at(';VALUE=DATE:20261124', ';VALUE=DATE:20261125');
    expect(read(...lines)).toEqual({ events: [], leftOut: 1 });
  });

  test.each(['', 'hello', 'BEGIN:VCALENDAR', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:x\r\nEND:VCALENDAR'])(
    'cannot read “%s”',
    (text) => {
      expect(readCalendar(text, monday, reader)).toBe('not-a-calendar');
    },
  );

  test.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=SECONDLY',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  ])('does not follow a rule that never ends: %s', (rule) => {
    const lines = at(':20200124T000000Z', ':20200124T010000Z', `RRULE:${rule}`);
    expect(['too-large', { events: [], leftOut: 0 }]).toContainEqual(read(...lines));
  });

  test('does not read a file with too many events', () => {
    const one = at(':20261124T000000Z', ':20261124T010000Z').join('\r\n');
    expect(read(...Array<string>(5_001).fill(one))).toBe('too-large');
  });
});
