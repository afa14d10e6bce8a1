import { addDays } from './calendar.js';
import { nextReminderAt, reminderSchedule } from './notice.js';
import { termInstants, termInstantsMoved, type TermInstants } from './term-instants.js';
import { noticeDeadline, termDates } from './term.js';
import type { ServiceRules } from './service-rules.js';

const rules = { reminderDays: [90, 75, 67, 60], noticeDays: 60 } as unknown as ServiceRules;

/** The term that ends on a day in a zone. */
function termEnding(endsOn: string, timeZone: string) {
  const { startsOn } = termDates(addDays(endsOn, 1), -1);
  return { startsOn, endsOn, noticeDeadlineOn: noticeDeadline(endsOn, rules.noticeDays), timeZone };
}

const iso = (at: Date | null): string | null => at && at.toISOString().replace(':00.000Z', 'Z');

describe('the moments of a term (§11), in the customer’s zone', () => {
  // prettier-ignore
  it.each([
    // what                                                  zone                  ends on       last reminder        lock                 roll-over
    ['Tokyo: neither a leap day nor clocks',                 'Asia/Tokyo',         '2027-03-31', '2027-01-30T00:00Z', '2027-01-30T15:00Z', '2027-03-31T15:00Z'],
    ['29 February is the last day',                          'Asia/Tokyo',         '2028-02-29', '2027-12-31T00:00Z', '2027-12-31T15:00Z', '2028-02-29T15:00Z'],
    ['29 February lies before the last day for a notice',    'Asia/Tokyo',         '2028-05-01', '2028-03-02T00:00Z', '2028-03-02T15:00Z', '2028-05-01T15:00Z'],
    ['winter at the lock, summer at the roll-over',          'Europe/Berlin',      '2027-04-30', '2027-03-01T08:00Z', '2027-03-01T23:00Z', '2027-04-30T22:00Z'],
    ['summer at the lock, winter at the roll-over',          'Europe/Berlin',      '2026-12-15', '2026-10-16T07:00Z', '2026-10-16T22:00Z', '2026-12-15T23:00Z'],
    ['the clocks go forward on the last day for a notice',   'Europe/Berlin',      '2027-05-27', '2027-03-28T07:00Z', '2027-03-28T22:00Z', '2027-05-27T22:00Z'],
    ['the clocks go back on the last day of the term',       'Europe/Berlin',      '2026-10-25', '2026-08-26T07:00Z', '2026-08-26T22:00Z', '2026-10-25T23:00Z'],
    ['midnight is skipped at the roll-over',                 'America/Sao_Paulo',  '2018-11-03', '2018-09-04T12:00Z', '2018-09-05T03:00Z', '2018-11-04T03:00Z'],
    ['midnight is skipped at the lock',                      'America/Sao_Paulo',  '2019-01-02', '2018-11-03T12:00Z', '2018-11-04T03:00Z', '2019-01-03T02:00Z'],
    ['midnight is skipped at the roll-over in Beirut',       'Asia/Beirut',        '2026-03-28', '2026-01-27T07:00Z', '2026-01-27T22:00Z', '2026-03-28T22:00Z'],
    ['midnight is skipped at the roll-over in Cairo',        'Africa/Cairo',       '2026-04-23', '2026-02-22T07:00Z', '2026-02-22T22:00Z', '2026-04-23T22:00Z'],
    ['midnight is skipped at the roll-over in the Azores',   'Atlantic/Azores',    '2026-03-28', '2026-01-27T10:00Z', '2026-01-28T01:00Z', '2026-03-29T01:00Z'],
    ['midnight comes twice at the roll-over: the earlier one', 'America/Havana',     '2026-10-31', '2026-09-01T13:00Z', '2026-09-02T04:00Z', '2026-11-01T04:00Z'],
    ['midnight comes twice at the lock',                     'America/Havana',     '2026-12-30', '2026-10-31T13:00Z', '2026-11-01T04:00Z', '2026-12-31T05:00Z'],
    ['half an hour of summer time',                          'Australia/Lord_Howe','2026-10-04', '2026-08-04T22:30Z', '2026-08-05T13:30Z', '2026-10-04T13:00Z'],
    ['the last day of the term does not exist',              'Pacific/Apia',       '2011-12-30', '2011-10-31T19:00Z', '2011-11-01T10:00Z', '2011-12-30T10:00Z'],
    ['the day after the term does not exist',                'Pacific/Apia',       '2011-12-29', '2011-10-30T19:00Z', '2011-10-31T10:00Z', '2011-12-30T10:00Z'],
    ['the last day for a notice does not exist',             'Pacific/Apia',       '2012-02-28', '2011-12-30T19:00Z', '2011-12-30T10:00Z', '2012-02-28T10:00Z'],
    ['the day of the lock does not exist',                   'Pacific/Apia',       '2012-02-27', '2011-12-29T19:00Z', '2011-12-30T10:00Z', '2012-02-27T10:00Z'],
    ['the last day does not exist on Christmas Island','Pacific/Kiritimati', '1994-12-31', '1994-11-01T19:00Z', '1994-11-02T10:00Z', '1994-12-31T10:00Z'],
    ['the last day of the term comes twice: after the second','Pacific/Kwajalein',  '1969-09-30', '1969-07-31T22:00Z', '1969-08-01T13:00Z', '1969-10-01T12:00Z'],
    ['the farthest east',                                    'Pacific/Kiritimati', '2027-03-31', '2027-01-29T19:00Z', '2027-01-30T10:00Z', '2027-03-31T10:00Z'],
    ['the farthest west',                                    'Pacific/Pago_Pago',  '2027-03-31', '2027-01-30T20:00Z', '2027-01-31T11:00Z', '2027-04-01T11:00Z'],
  ])('%s', (_, timeZone, endsOn, lastReminder, lock, rollOver) => {
    const term = termEnding(endsOn, timeZone);
    const { lockAt, endsAt } = termInstants(term, new Date(0), rules);
    const [last] = reminderSchedule(endsOn, [60], timeZone);
    expect([iso(last!.at), iso(lockAt), iso(endsAt)]).toEqual([lastReminder, lock, rollOver]);
  });
});

test('no reminder leaves if the last day for a notice does not exist: the deadline has passed', () => {
  const term = termEnding('2012-02-28', 'Pacific/Apia');
  const { lockAt } = termInstants(term, new Date(0), rules);
  const schedule = reminderSchedule(term.endsOn, rules.reminderDays, term.timeZone);
  const next = (now: string) =>
    nextReminderAt(schedule, { now: new Date(now), lockAt, renewalState: 'open', lastSentDaysBefore: 75 });
  expect(next('2011-12-20T00:00:00Z')).toEqual(new Date('2011-12-23T19:00:00Z'));
  expect(schedule.at(-1)!.at > lockAt).toBe(true);
  expect(
    nextReminderAt(schedule, {
      now: new Date('2011-12-24T00:00:00Z'),
      lockAt,
      renewalState: 'open',
      lastSentDaysBefore: 67,
    }),
  ).toBeUndefined();
});

describe('after the customer has moved to another zone (§11)', () => {
  const [tokyo, angeles, apia] = ['Asia/Tokyo', 'America/Los_Angeles', 'Pacific/Apia'];

  // The term ends on 2027-03-31. The next reminder is the one 75 days before the end.
  // prettier-ignore
  it.each([
    // what                                                 from     to       now                  next reminder        lock                 roll-over
    ['future instants are computed again',                  tokyo,   angeles, '2027-01-05T00:00Z', '2027-01-15T17:00Z', '2027-01-31T08:00Z', '2027-04-01T07:00Z'],
    ['also in the other direction',                         angeles, tokyo,   '2027-01-05T00:00Z', '2027-01-15T00:00Z', '2027-01-30T15:00Z', '2027-03-31T15:00Z'],
    ['a reminder just sent is not sent again later in the west', tokyo, angeles, '2026-12-31T00:30Z', '2027-01-15T17:00Z', '2027-01-31T08:00Z', '2027-04-01T07:00Z'],
    ['a reminder that was due is still due',                tokyo,   angeles, '2027-01-15T00:00Z', '2027-01-15T00:00Z', '2027-01-31T08:00Z', '2027-04-01T07:00Z'],
    ['in the east the reminder’s morning has passed: it is due', angeles, tokyo,   '2027-01-15T05:00Z', '2027-01-15T00:00Z', '2027-01-30T15:00Z', '2027-03-31T15:00Z'],
    ['a lock that has passed is not reversed',              tokyo,   angeles, '2027-01-30T15:00Z', null,                '2027-01-30T15:00Z', '2027-04-01T07:00Z'],
    ['in the east the last day for a notice is over',       angeles, tokyo,   '2027-01-30T16:00Z', null,                '2027-01-30T15:00Z', '2027-03-31T15:00Z'],
    ['a term that has ended stays ended',                   tokyo,   angeles, '2027-03-31T15:00Z', null,                '2027-01-30T15:00Z', '2027-03-31T15:00Z'],
    ['from the earliest zone to the latest',                apia,    'Pacific/Pago_Pago', '2027-01-05T00:00Z', '2027-01-15T20:00Z', '2027-01-31T11:00Z', '2027-04-01T11:00Z'],
  ])('%s', (_, from, to, now, nextReminder, lock, rollOver) => {
    const at = new Date(now);
    const before = termEnding('2027-03-31', from);
    const [next] = reminderSchedule(before.endsOn, [75], from);
    const stored: TermInstants = {
      ...termInstants(before, new Date(0), rules),
      nextReminderAt: nextReminder === null ? null : next!.at,
    };
    const moved = termInstantsMoved({ ...before, ...stored, deadlineAnnounced: false, timeZone: to }, at, rules);
    expect([moved.nextReminderAt, moved.lockAt, moved.endsAt].map(iso)).toEqual([nextReminder, lock, rollOver]);
    // No instant that has passed becomes a future instant again.
    for (const name of ['startsAt', 'lockAt', 'endsAt'] as const) {
      if (stored[name] <= at) expect(moved[name]).toEqual(stored[name]);
    }
  });

  // prettier-ignore
  it.each([
    // what                                                    announced  from     to       now                     deadline               in the zone of
    ['announced, it does not move earlier',                    true,      angeles, tokyo,   '2027-01-30T20:00Z',    '2027-01-31T08:00Z',   angeles],
    ['announced, it moves later',                              true,      tokyo,   angeles, '2027-01-30T14:59:59Z', '2027-01-31T08:00Z',   angeles],
    ['announced long ago, it does not move earlier',           true,      angeles, tokyo,   '2027-01-05T00:00Z',    '2027-01-31T08:00Z',   angeles],
    ['announced, at the same instant in the new zone',         true,      tokyo,   'Asia/Seoul', '2027-01-05T00:00Z', '2027-01-30T15:00Z', 'Asia/Seoul'],
    ['not announced, it moves earlier',                        false,     angeles, tokyo,   '2026-12-01T00:00Z',    '2027-01-30T15:00Z',   tokyo],
    ['not announced, it moves later',                          false,     tokyo,   angeles, '2026-12-01T00:00Z',    '2027-01-31T08:00Z',   angeles],
    ['passed, it stays, though the day continues in the west', true,      tokyo,   angeles, '2027-01-30T15:00Z',    '2027-01-30T15:00Z',   tokyo],
    ['passed and never announced, it stays too',               false,     tokyo,   angeles, '2027-01-30T15:00Z',    '2027-01-30T15:00Z',   tokyo],
  ])('the deadline: %s', (_, deadlineAnnounced, from, to, now, lock, zone) => {
    const before = termEnding('2027-03-31', from);
    const stored = termInstants(before, new Date(0), rules);
    const moved = termInstantsMoved({ ...before, ...stored, deadlineAnnounced, timeZone: to }, new Date(now), rules);
    expect([iso(moved.lockAt), moved.deadlineZone]).toEqual([lock, zone]);
  });

  it('keeps the latest of all announced instants through several moves', () => {
    const before = termEnding('2027-03-31', tokyo);
    let term = { ...before, ...termInstants(before, new Date(0), rules), deadlineAnnounced: true };
    for (const timeZone of [angeles, tokyo, 'Pacific/Pago_Pago', tokyo]) {
      term = { ...term, timeZone, ...termInstantsMoved({ ...term, timeZone }, new Date('2027-01-20T00:00Z'), rules) };
    }
    expect([iso(term.lockAt), term.deadlineZone]).toEqual(['2027-01-31T11:00Z', 'Pacific/Pago_Pago']);
  });
});
