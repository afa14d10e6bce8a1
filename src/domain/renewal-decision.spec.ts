import fc from 'fast-check';
import { addDays, startOfDay } from './calendar.js';
import { judgeNotice, judgeWaiver, judgeWithdrawal, type Party, type NoticeState } from './notice.js';
import { renewalDecision, type DecidedTerm, type NoticeHistory, type RenewalDecision } from './renewal-decision.js';
import type { DeadlineMove } from './term-instants.js';
import { moveRenewal, noticeDeadline, type RenewalState } from './term.js';

/** A zone, and the instant of the deadline in that zone. */
type At = [zone: string, lockAt: Date];

/** A Tokyo customer's term that ends on 2027-03-31. Notices are in time until 2027-01-30T15:00Z. */
const timeZone = 'Asia/Tokyo';
const endsOn = '2027-03-31';
const noticeDeadlineOn = noticeDeadline(endsOn, 60);
const lockAt = startOfDay(addDays(noticeDeadlineOn, 1), timeZone);
const endsAt = startOfDay(addDays(endsOn, 1), timeZone);
const closedAt = new Date('2027-03-31T15:00:00Z');

const termThatIs = (renewalState: RenewalState, facts: Partial<DecidedTerm> = {}): DecidedTerm => {
  const closed = renewalState === 'renewed' || renewalState === 'ended';
  const hasNextTerm = renewalState === 'renewed';
  return {
    endsOn,
    noticeDays: 60,
    noticeDeadlineOn,
    lockAt,
    deadlineZone: timeZone,
    deadlineMoves: [],
    endsAt,
    renewalState,
    closedAt: closed ? closedAt : null,
    hasNextTerm,
    ...facts,
  };
};
const noticeOf = (receivedAt: string, facts: Partial<NoticeHistory> = {}): NoticeHistory => ({
  id: 'n1',
  party: 'customer',
  receivedAt: new Date(receivedAt),
  recordedAt: new Date(receivedAt),
  deadlineAt: lockAt,
  effective: true,
  reason: null,
  waivedAt: null,
  withdrawnAt: null,
  withdrawalOtherPartySignedBy: null,
  ...facts,
});
const late = { effective: false, reason: 'late' } as const;
const decisionOf = (term: DecidedTerm, notices: NoticeHistory[] = [], now = '2027-05-01T00:00:00Z'): RenewalDecision =>
  renewalDecision({ term, notices, now: new Date(now) });
const textsOf = ({ steps }: RenewalDecision): string[] =>
  steps.map(({ event, received, to }) => [event, received, to].filter(Boolean).join(' '));

describe('the deadline (§11), step by step', () => {
  it.each([
    ['Asia/Tokyo', '2027-01-30T15:00:00.000Z', '+09:00'],
    ['America/Los_Angeles', '2027-01-31T08:00:00.000Z', '-08:00'],
    ['Asia/Kolkata', '2027-01-30T18:30:00.000Z', '+05:30'],
    ['UTC', '2027-01-31T00:00:00.000Z', '+00:00'],
  ])('in %s passes at %s, UTC%s', (zone, passedAt, utcOffset) => {
    const term = termThatIs('open', { lockAt: new Date(passedAt), deadlineZone: zone });
    const decision = decisionOf(term, [], '2027-01-01T00:00:00Z');
    expect(decision.deadline).toEqual({
      endsOn,
      noticeDays: 60,
      noticeDeadlineOn: '2027-01-30',
      timeZone: zone,
      utcOffset,
      passedAt: new Date(passedAt),
      zoneChanges: [],
    });
    expect(decision.agreesWithRecord).toBe(true);
  });

  const inLosAngeles = new Date('2027-01-31T08:00:00Z');
  const [tokyo, losAngeles] = ['Asia/Tokyo', 'America/Los_Angeles'];
  const move = (movedAt: string, announced: boolean, [from, before]: At, [to, after]: At): DeadlineMove => ({
    movedAt: new Date(movedAt),
    fromZone: from === losAngeles ? losAngeles : tokyo,
    toZone: from === losAngeles ? tokyo : losAngeles,
    announced,
    lockAtBefore: before,
    lockAtAfter: after,
    deadlineZoneBefore: from,
    deadlineZoneAfter: to,
  });

  // prettier-ignore
  it.each<[string, DeadlineMove, At, string]>([
    // the customer moved                                            deadline now                effect
    ['east after a reminder: the announced instant stays', move('2027-01-30T20:00:00Z', true, [losAngeles, inLosAngeles], [losAngeles, inLosAngeles]), [losAngeles, inLosAngeles], 'kept'],
    ['east before any reminder: it moves earlier', move('2026-12-01T00:00:00Z', false, [losAngeles, inLosAngeles], [tokyo, lockAt]), [tokyo, lockAt], 'moved'],
    ['west after a reminder: it moves later', move('2027-01-30T14:00:00Z', true, [tokyo, lockAt], [losAngeles, inLosAngeles]), [losAngeles, inLosAngeles], 'moved'],
    ['west after the deadline: it stays', move('2027-01-30T15:00:00Z', true, [tokyo, lockAt], [tokyo, lockAt]), [tokyo, lockAt], 'passed'],
  ])('names the effect when the customer moved %s', (_, moved, [deadlineZone, at], effect) => {
    const term = termThatIs('locked', { lockAt: at, deadlineZone, deadlineMoves: [moved] });
    const { deadline, differences } = decisionOf(term);
    expect([deadline.timeZone, deadline.passedAt, deadline.zoneChanges[0]!.effect]).toEqual([deadlineZone, at, effect]);
    expect(differences).toEqual([]);
  });

  it('finds a difference if the record moved an announced deadline earlier', () => {
    const moved = move('2027-01-30T20:00:00Z', true, [losAngeles, inLosAngeles], [tokyo, lockAt]);
    const { differences } = decisionOf(termThatIs('locked', { deadlineMoves: [moved] }));
    expect(differences.map(({ field }) => field)).toEqual([
      'deadlineMoves.2027-01-30T20:00:00.000Z',
      'deadlineZone',
      'lockAt',
    ]);
  });

  it('judges a notice by the deadline in force when it was recorded', () => {
    const moved = move('2027-01-30T20:00:00Z', false, [losAngeles, inLosAngeles], [tokyo, lockAt]);
    const term = termThatIs('declined', { deadlineMoves: [moved] });
    const decision = decisionOf(term, [noticeOf('2027-01-30T18:00:00Z', { deadlineAt: inLosAngeles })]);
    expect([textsOf(decision)[0], decision.differences]).toEqual(['notice in-time declined', []]);
  });

  it.each([
    ['recorded just before the deadline moved, at the same instant', inLosAngeles, 'notice in-time declined'],
    ['recorded just after the deadline moved, at the same instant', lockAt, 'notice late locked'],
  ])('uses the deadline stored with a notice: %s', (_, deadlineAt, step) => {
    const at = '2027-01-30T20:00:00Z';
    const moved = move(at, false, [losAngeles, inLosAngeles], [tokyo, lockAt]);
    const isLate = deadlineAt === lockAt;
    const term = termThatIs(isLate ? 'locked' : 'declined', { deadlineMoves: [moved] });
    const decision = decisionOf(term, [noticeOf(at, { deadlineAt, ...(isLate && late) })]);
    expect([textsOf(decision).find((said) => said.startsWith('notice')), decision.differences]).toEqual([step, []]);
  });
});

describe('the steps of a renewal are calculated again', () => {
  it.each<[string, DecidedTerm, NoticeHistory[], string[]]>([
    ['nobody gave notice', termThatIs('renewed'), [], ['deadline-passed locked', 'roll-over renewed']],
    [
      'a notice at the last moment',
      termThatIs('ended'),
      [noticeOf('2027-01-30T14:59:59.999Z')],
      ['notice in-time declined', 'roll-over ended'],
    ],
    [
      'a notice a moment later',
      termThatIs('renewed'),
      [noticeOf('2027-01-30T15:00:00Z', late)],
      ['deadline-passed locked', 'notice late locked', 'roll-over renewed'],
    ],
    [
      'received in time, recorded after the lock',
      termThatIs('declined'),
      [noticeOf('2027-01-29T00:00:00Z', { recordedAt: new Date('2027-02-10T00:00:00Z') })],
      ['deadline-passed locked', 'notice in-time declined'],
    ],
    [
      'received in time, recorded after the roll-over',
      termThatIs('renewed'),
      [
        noticeOf('2027-01-29T00:00:00Z', {
          recordedAt: closedAt,
          effective: false,
          reason: 'recorded-after-roll-over',
        }),
      ],
      ['deadline-passed locked', 'roll-over renewed', 'notice in-time renewed'],
    ],
    [
      'withdrawn in time',
      termThatIs('renewed'),
      [noticeOf('2027-01-10T00:00:00Z', { withdrawnAt: new Date('2027-01-20T00:00:00Z') })],
      ['notice in-time declined', 'withdrawal open', 'deadline-passed locked', 'roll-over renewed'],
    ],
    [
      'withdrawn by agreement after the deadline',
      termThatIs('renewed'),
      [
        noticeOf('2027-01-10T00:00:00Z', {
          withdrawnAt: new Date('2027-02-20T00:00:00Z'),
          withdrawalOtherPartySignedBy: 'Sato',
        }),
      ],
      ['notice in-time declined', 'withdrawal locked', 'roll-over renewed'],
    ],
    [
      'late, accepted by both',
      termThatIs('ended'),
      [noticeOf('2027-02-01T00:00:00Z', { reason: 'late', waivedAt: new Date('2027-02-05T00:00:00Z') })],
      ['deadline-passed locked', 'notice late locked', 'waiver declined', 'roll-over ended'],
    ],
  ])('%s', (_, term, notices, steps) => {
    const decision = decisionOf(term, notices);
    expect(textsOf(decision)).toEqual(steps);
    expect(decision).toMatchObject({ state: term.renewalState, differences: [], agreesWithRecord: true });
  });

  it('at the same instant, a notice and its withdrawal come before the next notice of the party', () => {
    const at = new Date('2027-01-10T00:00:00Z');
    const first = noticeOf('2027-01-10T00:00:00Z', { withdrawnAt: at });
    const decision = decisionOf(termThatIs('ended'), [first, { ...first, id: 'n2', withdrawnAt: null }]);
    expect(textsOf(decision)).toEqual([
      'notice in-time declined',
      'withdrawal open',
      'notice in-time declined',
      'roll-over ended',
    ]);
    expect(decision.agreesWithRecord).toBe(true);
  });

  it.each([
    ['2027-01-30T15:00:00Z', termThatIs('open'), 'renewal-lock'],
    ['2027-03-31T15:00:00Z', termThatIs('locked'), 'term-roll-over'],
    ['2027-01-30T14:59:59Z', termThatIs('open'), null],
  ])('at %s, the job that has not run yet is named', (now, term, pending) => {
    expect(decisionOf(term, [], now)).toMatchObject({ pending, agreesWithRecord: true });
  });
});

describe('a record that contradicts the rules is found', () => {
  it.each<[string, DecidedTerm, NoticeHistory[], string]>([
    ['renewed despite a notice', termThatIs('renewed'), [noticeOf('2027-01-10T00:00:00Z')], 'renewalState'],
    ['ended without a notice', termThatIs('ended'), [], 'renewalState'],
    ['renewed without a next term', termThatIs('renewed', { hasNextTerm: false }), [], 'hasNextTerm'],
    ['late, but recorded as effective', termThatIs('ended'), [noticeOf('2027-02-01T00:00:00Z')], 'notices.n1.reason'],
    [
      'in time, but recorded as late',
      termThatIs('renewed'),
      [noticeOf('2027-01-10T00:00:00Z', late)],
      'notices.n1.reason',
    ],
    ['another deadline', termThatIs('open', { noticeDeadlineOn: '2027-01-31' }), [], 'noticeDeadlineOn'],
    ['another moment', termThatIs('locked', { lockAt: new Date('2027-01-28T15:00:00Z') }), [], 'lockAt'],
    ['closed too early', termThatIs('renewed', { closedAt: new Date('2027-03-31T14:59:59Z') }), [], 'closedAt'],
    [
      'withdrawn alone after the deadline',
      termThatIs('renewed'),
      [noticeOf('2027-01-10T00:00:00Z', { withdrawnAt: new Date('2027-02-20T00:00:00Z') })],
      'notices.n1',
    ],
  ])('%s', (_, term, notices, field) => {
    const decision = decisionOf(term, notices);
    expect(decision.agreesWithRecord).toBe(false);
    expect(decision.differences.map((difference) => difference.field)).toContain(field);
  });
});

/** Plays notices, withdrawals, waivers, the lock and the roll-over as the service does, and returns what it would store. */
class Played {
  renewalState: RenewalState = 'open';
  closedAt: Date | null = null;
  readonly notices: (NoticeHistory & NoticeState)[] = [];

  play(at: Date, action: 'notice' | 'withdrawal' | 'waiver', party: Party, receivedHoursAgo: number): void {
    if (at >= lockAt) this.#move('deadline-passed');
    if (at >= endsAt && !this.closedAt) {
      this.#move('roll-over');
      this.closedAt = at;
    }
    const term = { endsOn, noticeDeadlineOn, lockAt, endsAt, renewalState: this.renewalState };
    const of = (notice: NoticeState) => ({ notice, others: this.notices.filter((other) => other !== notice), term });
    const latest = this.notices.findLast((notice) => notice.party === party);
    if (action === 'notice') {
      const receivedAt = new Date(at.getTime() - receivedHoursAgo * 3_600_000);
      const judged = judgeNotice({ party, receivedAt, recordedAt: at, term, notices: this.notices });
      if (judged.violation) return;
      const { effective, reason = null } = judged;
      const kept = noticeOf(receivedAt.toISOString(), { recordedAt: at, effective, reason, party });
      this.notices.push({ ...kept, id: `n${this.notices.length}`, withdrawn: false, waived: false });
      this.renewalState = judged.renewalState;
    } else if (latest && action === 'withdrawal') {
      const agreed = { recordedByStaff: true, otherPartySignedBy: 'Sato' };
      const judged = judgeWithdrawal({ ...of(latest), now: at, ...agreed });
      if (judged.violation) return;
      Object.assign(latest, { withdrawn: true, withdrawnAt: at, withdrawalOtherPartySignedBy: 'Sato' });
      this.renewalState = judged.renewalState;
    } else if (latest) {
      const judged = judgeWaiver(of(latest));
      if (judged.violation) return;
      Object.assign(latest, { waived: true, effective: true, waivedAt: at });
      this.renewalState = judged.renewalState;
    }
  }

  #move(event: 'deadline-passed' | 'roll-over'): void {
    this.renewalState = moveRenewal(this.renewalState, event) ?? this.renewalState;
  }
}

it('agrees with every sequence of events that the rules allow', () => {
  const hour = 3_600_000;
  const action = fc.record({
    hours: fc.integer({ min: 0, max: 500 }),
    action: fc.constantFrom('notice' as const, 'withdrawal' as const, 'waiver' as const),
    party: fc.constantFrom<Party>('customer', 'provider'),
    receivedHoursAgo: fc.integer({ min: 0, max: 400 }),
  });
  const states = new Set<RenewalState>();
  fc.assert(
    fc.property(fc.array(action, { maxLength: 14 }), (actions) => {
      const record = new Played();
      let at = new Date('2027-01-10T00:00:00Z');
      for (const { hours, action: name, party, receivedHoursAgo } of actions) {
        at = new Date(at.getTime() + hours * hour);
        record.play(at, name, party, receivedHoursAgo);
      }
      const { renewalState, closedAt: closed, notices } = record;
      const term = termThatIs(renewalState, { closedAt: closed });
      const decision = renewalDecision({ term, notices, now: at });
      expect(decision.differences).toEqual([]);
      expect(decision.state).toBe(renewalState);
      states.add(renewalState);
    }),
    { numRuns: 500 },
  );
  expect(states.size).toBe(5);
});
