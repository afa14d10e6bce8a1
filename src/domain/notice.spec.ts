import fc from 'fast-check';
import { addDays, startOfDay } from './calendar.js';
import {
  judgeNotice,
  judgeWaiver,
  judgeWithdrawal,
  nextReminderAt,
  noticeGiven,
  reminderOwed,
  reminderSchedule,
  stands,
  termOfReceipt,
  type NoticeTerm,
  type Party,
  type NoticeState,
} from './notice.js';
import { noticeDeadline, type RenewalState } from './term.js';

/** A Tokyo customer's term that ends on 2026-12-31: notices are in time through 2026-11-01. */
const zone = 'Asia/Tokyo';
const endsOn = '2026-12-31';
const noticeDeadlineOn = noticeDeadline(endsOn, 60);
const termThatIs = (renewalState: RenewalState): NoticeTerm => ({
  endsOn,
  noticeDeadlineOn,
  renewalState,
  lockAt: startOfDay(addDays(noticeDeadlineOn, 1), zone),
  endsAt: startOfDay(addDays(endsOn, 1), zone),
});
const noticeOf = (party: Party, facts: Partial<NoticeState> = {}): NoticeState => ({
  party,
  effective: true,
  withdrawn: false,
  waived: false,
  ...facts,
});
const late = (party: Party, facts: Partial<NoticeState> = {}) =>
  noticeOf(party, { effective: false, reason: 'late', ...facts });

const lastMoment = '2026-11-01T14:59:59.999Z';
const lockMoment = '2026-11-01T15:00:00Z';
const afterEnd = '2026-12-31T15:00:00Z';

describe('a notice of non-renewal (§11)', () => {
  it.each<[string, string, string, RenewalState, object]>([
    ['in time', '2026-10-01T00:00:00Z', '2026-10-01T00:00:00Z', 'open', { effective: true, renewalState: 'declined' }],
    ['at the last moment', lastMoment, lastMoment, 'open', { effective: true, renewalState: 'declined' }],
    [
      'at midnight: late',
      lockMoment,
      lockMoment,
      'locked',
      { effective: false, reason: 'late', renewalState: 'locked' },
    ],
    [
      'late, the lock job has not run',
      lockMoment,
      lockMoment,
      'open',
      { effective: false, reason: 'late', renewalState: 'open' },
    ],
    [
      'in time, recorded after the lock',
      lastMoment,
      '2026-12-01T00:00:00Z',
      'locked',
      { effective: true, renewalState: 'declined' },
    ],
    [
      'in time, recorded after the roll-over',
      lastMoment,
      '2027-01-05T00:00:00Z',
      'renewed',
      { effective: false, reason: 'recorded-after-roll-over', renewalState: 'renewed' },
    ],
    [
      'late and after the roll-over',
      '2026-11-02T00:00:00Z',
      '2027-01-05T00:00:00Z',
      'renewed',
      { effective: false, reason: 'late', renewalState: 'renewed' },
    ],
    [
      'received a millisecond in the future',
      '2026-10-01T00:00:00.001Z',
      '2026-10-01T00:00:00Z',
      'open',
      { violation: { code: 'receipt-in-future', params: { receivedAt: '2026-10-01T00:00:00.001Z' } } },
    ],
  ])('%s', (_, receivedAt, recordedAt, renewalState, expected) => {
    const facts = { party: 'customer' as const, receivedAt: new Date(receivedAt), recordedAt: new Date(recordedAt) };
    expect(judgeNotice({ ...facts, term: termThatIs(renewalState), notices: [] })).toEqual(expected);
  });

  it.each<[string, NoticeState[], boolean]>([
    ['none', [], true],
    ['of the same party', [noticeOf('customer')], false],
    ['of the other party', [noticeOf('provider')], true],
    ['a withdrawn one', [noticeOf('customer', { withdrawn: true })], true],
    ['a late one', [late('customer')], true],
    ['a late notice that was accepted', [noticeOf('customer', { reason: 'late', waived: true })], false],
  ])('beside another notice: %s', (_, notices, accepted) => {
    const at = new Date('2026-10-01T00:00:00Z');
    const renewalState = notices.some(stands) ? 'declined' : 'open';
    const judged = judgeNotice({
      party: 'customer',
      receivedAt: at,
      recordedAt: at,
      term: termThatIs(renewalState),
      notices,
    });
    expect(judged).toEqual(
      accepted
        ? { effective: true, renewalState: 'declined' }
        : { violation: { code: 'notice-already-given', params: { party: 'customer' } } },
    );
  });
});

describe('a withdrawal (§11)', () => {
  const agreement = { violation: { code: 'agreement-required', params: { noticeDeadline: '2026-11-01' } } };
  const ended = { violation: { code: 'term-ended', params: { endsOn } } };

  it.each<[string, string, boolean, string | undefined, RenewalState, object]>([
    // what                                  now         by staff  agreed by   state       outcome
    ['alone before the deadline', lastMoment, false, undefined, 'declined', { renewalState: 'open' }],
    ['recorded by staff before the deadline', lastMoment, true, undefined, 'declined', { renewalState: 'open' }],
    ['alone after the deadline', lockMoment, false, undefined, 'declined', agreement],
    ['by staff after the deadline, without agreement', lockMoment, true, undefined, 'declined', agreement],
    ['by the customer after the deadline, naming an agreement', lockMoment, false, 'M. Sato', 'declined', agreement],
    [
      'by staff after the deadline, with agreement',
      lockMoment,
      true,
      'M. Sato',
      'declined',
      { renewalState: 'locked' },
    ],
    [
      'at the last moment of the term',
      '2026-12-31T14:59:59.999Z',
      true,
      'M. Sato',
      'declined',
      { renewalState: 'locked' },
    ],
    ['after the term, not yet rolled', afterEnd, true, 'M. Sato', 'declined', ended],
    ['after the roll-over', afterEnd, true, 'M. Sato', 'ended', ended],
  ])('%s', (_, now, recordedByStaff, otherPartySignedBy, renewalState, expected) => {
    const facts = { notice: noticeOf('customer'), others: [], now: new Date(now), recordedByStaff, otherPartySignedBy };
    expect(judgeWithdrawal({ ...facts, term: termThatIs(renewalState) })).toEqual(expected);
  });

  it.each<[string, NoticeState, NoticeState[], RenewalState, object]>([
    ['twice', noticeOf('customer', { withdrawn: true }), [], 'open', { violation: { code: 'already-withdrawn' } }],
    [
      'while the other party’s notice stands',
      noticeOf('customer'),
      [noticeOf('provider')],
      'declined',
      { renewalState: 'declined' },
    ],
    [
      'when the other party’s notice is withdrawn too',
      noticeOf('customer'),
      [noticeOf('provider', { withdrawn: true })],
      'declined',
      { renewalState: 'open' },
    ],
    [
      'while the other party’s notice was late',
      noticeOf('customer'),
      [late('provider')],
      'declined',
      { renewalState: 'open' },
    ],
  ])('%s', (_, notice, others, renewalState, expected) => {
    const facts = { notice, others, now: new Date('2026-10-01T00:00:00Z'), recordedByStaff: false };
    expect(judgeWithdrawal({ ...facts, term: termThatIs(renewalState) })).toEqual(expected);
  });

  it('of a notice without effect needs no agreement and changes nothing', () => {
    const facts = { notice: late('customer'), others: [], now: new Date(lockMoment), recordedByStaff: false };
    expect(judgeWithdrawal({ ...facts, term: termThatIs('locked') })).toEqual({ renewalState: 'locked' });
  });
});

describe('a waiver (§11)', () => {
  it.each<[string, NoticeState, NoticeState[], RenewalState, object]>([
    ['of a late notice', late('customer'), [], 'locked', { renewalState: 'declined' }],
    ['before the lock job has run', late('customer'), [], 'open', { renewalState: 'declined' }],
    [
      'beside the other party’s notice',
      late('customer'),
      [noticeOf('provider')],
      'declined',
      { renewalState: 'declined' },
    ],
    ['of a notice in time', noticeOf('customer'), [], 'declined', { violation: { code: 'notice-not-late' } }],
    [
      'of a withdrawn notice',
      late('customer', { withdrawn: true }),
      [],
      'locked',
      { violation: { code: 'already-withdrawn' } },
    ],
    [
      'a second time',
      noticeOf('customer', { reason: 'late', waived: true }),
      [],
      'declined',
      { violation: { code: 'already-waived' } },
    ],
    ['after the roll-over', late('customer'), [], 'renewed', { violation: { code: 'term-ended', params: { endsOn } } }],
    [
      'while the party has a standing notice',
      late('customer'),
      [noticeOf('customer')],
      'declined',
      { violation: { code: 'notice-already-given', params: { party: 'customer' } } },
    ],
  ])('%s', (_, notice, others, renewalState, expected) => {
    expect(judgeWaiver({ notice, others, term: termThatIs(renewalState) })).toEqual(expected);
  });
});

describe('reminders (§11)', () => {
  const schedule = reminderSchedule(endsOn, [60, 90, 67, 75], zone);
  const { lockAt } = termThatIs('open');

  it('leave at 09:00 in the customer’s zone, the last on the last day for a notice', () => {
    expect(schedule).toEqual([
      { daysBefore: 90, at: new Date('2026-10-02T00:00:00Z') },
      { daysBefore: 75, at: new Date('2026-10-17T00:00:00Z') },
      { daysBefore: 67, at: new Date('2026-10-25T00:00:00Z') },
      { daysBefore: 60, at: new Date('2026-11-01T00:00:00Z') },
    ]);
  });

  it('keep their local time when the clocks change', () => {
    const [before, after] = reminderSchedule('2026-12-31', [68, 60], 'Europe/London').map(({ at }) => at.toISOString());
    expect([before, after]).toEqual(['2026-10-24T08:00:00.000Z', '2026-11-01T09:00:00.000Z']);
  });

  it.each<[string, string, RenewalState, number | undefined, number | undefined, string | undefined]>([
    // what                           now                    state   last sent  owed  next
    ['before the first', '2026-10-01T23:59:59Z', 'open', undefined, undefined, '2026-10-02'],
    ['at its moment', '2026-10-02T00:00:00Z', 'open', undefined, 90, '2026-10-02'],
    ['when it has been sent', '2026-10-02T00:00:00Z', 'open', 90, undefined, '2026-10-17'],
    ['one was missed: sent late', '2026-10-20T00:00:00Z', 'open', 90, 75, '2026-10-17'],
    ['two were missed: only the newest', '2026-10-26T00:00:00Z', 'open', 90, 67, '2026-10-25'],
    ['afterwards no older one', '2026-10-26T00:00:00Z', 'open', 67, undefined, '2026-11-01'],
    ['on the last day', '2026-11-01T14:59:59Z', 'open', 67, 60, '2026-11-01'],
    ['after the deadline: none', lockMoment, 'open', 67, undefined, undefined],
    ['all sent', '2026-11-01T01:00:00Z', 'open', 60, undefined, undefined],
    ['after a notice', '2026-10-20T00:00:00Z', 'declined', 90, undefined, undefined],
    ['locked', '2026-11-05T00:00:00Z', 'locked', 67, undefined, undefined],
  ])('%s', (_, now, renewalState, lastSentDaysBefore, owed, next) => {
    const progress = { now: new Date(now), lockAt, renewalState, lastSentDaysBefore };
    expect(reminderOwed(schedule, progress)?.daysBefore).toBe(owed);
    expect(nextReminderAt(schedule, progress)).toEqual(next && new Date(`${next}T00:00:00Z`));
  });

  it('are each sent at most once and in order, even if the job runs often or late', () => {
    const looks = fc
      .array(fc.integer({ min: 0, max: 100 * 24 }), { maxLength: 60 })
      .map((hours) => hours.sort((a, b) => a - b));
    fc.assert(
      fc.property(looks, (hours) => {
        const sent: number[] = [];
        for (const hour of hours) {
          const now = new Date(Date.UTC(2026, 8, 25, hour));
          const owed = reminderOwed(schedule, { now, lockAt, renewalState: 'open', lastSentDaysBefore: sent.at(-1) });
          if (owed) sent.push(owed.daysBefore);
        }
        expect(sent).toEqual([...new Set(sent)].sort((a, b) => b - a));
      }),
    );
  });
});

describe('the notice that a party has given (§11)', () => {
  const taken = { withdrawn: true };
  const [first, second] = [late('customer'), late('customer')];
  const standing = noticeOf('customer');
  it.each<[string, NoticeState[], NoticeState | undefined]>([
    ['none', [], undefined],
    ['not the other party’s', [noticeOf('provider')], undefined],
    ['not a withdrawn one', [noticeOf('customer', taken), late('customer', taken)], undefined],
    ['the standing notice, even if a later one exists', [first, standing, second], standing],
    ['the newest of several without effect', [first, second], second],
  ])('%s', (_, notices, given) => {
    expect(noticeGiven(notices, 'customer')).toBe(given);
  });
});

describe('the term of a receipt (§11)', () => {
  const terms = [2026, 2027, 2028].map((year) => ({
    year,
    startsAt: startOfDay(`${year}-01-01`, zone),
    endsAt: startOfDay(`${year + 1}-01-01`, zone),
  }));
  const enteredAt = new Date('2025-11-20T03:00:00Z');
  it.each<[string, string, 'active' | 'ended', number | undefined]>([
    ['the current term', '2027-05-01T00:00:00Z', 'active', 2027],
    ['the current term, to its last moment', '2027-12-31T14:59:59.999Z', 'active', 2027],
    ['the next term, from midnight', '2027-12-31T15:00:00Z', 'active', 2028],
    ['the first term, before it has begun', '2025-11-20T03:00:00Z', 'active', 2026],
    ['the last known term, for any later day', '2040-01-01T00:00:00Z', 'active', 2028],
    ['a past term of an ended subscription', '2027-05-01T00:00:00Z', 'ended', 2027],
    ['no term after the end', '2028-12-31T15:00:00Z', 'ended', undefined],
  ])('%s', (_, receivedAt, status, year) => {
    const found = termOfReceipt({ terms, status, enteredAt }, { sentAt: null, receivedAt: new Date(receivedAt) });
    expect(found.violation ? found.violation.code : found.term.year).toBe(year ?? 'subscription-ended');
  });

  it.each<[string, string, string, string | null, string | undefined]>([
    ['entered before it began', '2025-11-20T03:00:00Z', '2025-11-20T02:59:59Z', null, '/receivedAt'],
    ['entered after it began', '2028-05-01T00:00:00Z', '2025-12-31T15:00:00Z', null, undefined],
    ['entered after it began', '2028-05-01T00:00:00Z', '2025-12-31T14:59:59Z', null, '/receivedAt'],
    ['entered before it began', '2025-11-20T03:00:00Z', '2026-02-01T00:00:00Z', '1950-01-01T00:00:00Z', '/sentAt'],
  ])('of a contract %s: a receipt on %s cannot precede both: %s', (_, entered, receivedAt, sentAt, pointer) => {
    const found = termOfReceipt(
      { terms, status: 'active', enteredAt: new Date(entered) },
      { sentAt: sentAt === null ? null : new Date(sentAt), receivedAt: new Date(receivedAt) },
    );
    expect(found.violation?.pointer).toBe(pointer);
    expect(found.violation?.code).toBe(pointer && 'notice-before-contract');
  });
});
