import { utcOffsetAt, type Day } from './calendar.js';
import {
  judgeNotice,
  judgeWaiver,
  judgeWithdrawal,
  type IneffectiveReason,
  type Judged,
  type Party,
  type NoticeState,
} from './notice.js';
import { deadlineIn, deadlineMoved, type Deadline, type DeadlineMove } from './term-instants.js';
import { moveRenewal, noticeDeadline, type RenewalState } from './term.js';

/** A term as it is stored. */
export interface DecidedTerm extends Deadline {
  endsOn: Day;
  /** The setting when the term opened. */
  noticeDays: number;
  noticeDeadlineOn: Day;
  /** How changes of the customer's zone moved the deadline, in order of time. */
  deadlineMoves: readonly DeadlineMove[];
  /** The stored first instant after the last day. */
  endsAt: Date;
  renewalState: RenewalState;
  /** When the roll-over closed it; null while it is open. */
  closedAt: Date | null;
  /** Whether another term follows it. */
  hasNextTerm: boolean;
}

/** A notice as it is stored, with its later waiver and withdrawal. */
export interface NoticeHistory {
  id: string;
  party: Party;
  receivedAt: Date;
  recordedAt: Date;
  /** The deadline when the notice was judged. */
  deadlineAt: Date;
  effective: boolean;
  reason: IneffectiveReason | null;
  waivedAt: Date | null;
  withdrawnAt: Date | null;
  withdrawalOtherPartySignedBy: string | null;
}

export type DecisionEvent = 'notice' | 'withdrawal' | 'waiver' | 'deadline-passed' | 'roll-over';

/** An event that concerned the renewal, with the state before and after it. */
export interface DecisionStep {
  at: Date;
  event: DecisionEvent;
  noticeId?: string;
  /** For a notice: whether it was received before or after the deadline. */
  received?: 'in-time' | 'late';
  /** For a notice: why it had no effect when it was recorded. */
  reason?: IneffectiveReason;
  from: RenewalState;
  to: RenewalState;
}

/** A stored value that differs from the value derived by the rules. */
export interface DecisionDifference {
  field: string;
  recorded: string;
  derived: string;
}

/** The calculation of the last day for a notice, step by step. */
export interface DeadlineArithmetic {
  endsOn: Day;
  noticeDays: number;
  /** `endsOn − noticeDays`. */
  noticeDeadlineOn: Day;
  /** The zone in which the last day ended: the customer's zone at the opening of the term, or after the last change that moved the deadline. */
  timeZone: string;
  /** The offset of the zone from UTC when the deadline passed. */
  utcOffset: string;
  /** The first instant at which a notice was late. */
  passedAt: Date;
  /** Changes of the customer's zone or of a zone's rules while the term was open, each with its effect by §3. */
  zoneChanges: ZoneChange[];
}

export interface ZoneChange {
  at: Date;
  /** The same as `to` if the rules of the zone changed. */
  from: string;
  to: string;
  /** Whether a reminder had already announced the deadline. */
  announced: boolean;
  /** The zone of the deadline before the change. */
  zoneBefore: string;
  passesBefore: Date;
  passesAfter: Date;
  /** `moved`: follows the new zone. `kept`: announced, and would be earlier in the new zone. `passed`: over before the change. */
  effect: 'moved' | 'kept' | 'passed';
}

export interface RenewalDecision {
  state: RenewalState;
  deadline: DeadlineArithmetic;
  steps: DecisionStep[];
  /** A job that is due and has not run yet. */
  pending: 'renewal-lock' | 'term-roll-over' | null;
  differences: DecisionDifference[];
  agreesWithRecord: boolean;
}

/**
 * Derives the decision about a renewal again from its days, zone and notices, by the same rules (§11), and compares the result
 * with the stored values. `notices` are the notices of the term in the order of recording.
 *
 * Example: last day 2027-03-31, 60 days before it 2027-01-30, which ends in Tokyo at 2027-01-30T15:00Z. A notice received
 * at 14:59:59.999Z declines the renewal, one at 15:00Z is late, and the term renews.
 */
export function renewalDecision({
  term,
  notices,
  now,
}: {
  term: DecidedTerm;
  notices: readonly NoticeHistory[];
  now: Date;
}): RenewalDecision {
  const { deadline, differences } = derivedDeadline(term);
  const replayed = replay(term, notices, now);
  const all = [...differences, ...replayed.differences, ...compared(term, replayed.state)];
  return {
    state: replayed.state,
    deadline,
    steps: replayed.steps,
    pending: pendingJob(term, now),
    differences: all,
    agreesWithRecord: all.length === 0,
  };
}

function derivedDeadline({ endsOn, noticeDays, lockAt, deadlineZone, deadlineMoves, ...kept }: DecidedTerm): {
  deadline: DeadlineArithmetic;
  differences: DecisionDifference[];
} {
  const noticeDeadlineOn = noticeDeadline(endsOn, noticeDays);
  const opened = deadlineIn(deadlineMoves[0]?.deadlineZoneBefore ?? deadlineZone, noticeDeadlineOn);
  let derived = byRulesBefore(opened, deadlineMoves[0]);
  const differences = difference('noticeDeadlineOn', kept.noticeDeadlineOn, noticeDeadlineOn);
  const zoneChanges: ZoneChange[] = [];
  for (const [place, { movedAt: at, fromZone: from, toZone: to, announced, lockAtAfter }] of deadlineMoves.entries()) {
    const before = derived;
    const anew = deadlineMoved({ ...before, noticeDeadlineOn }, { timeZone: to, isAnnounced: announced, now: at });
    derived = byRulesBefore(anew, deadlineMoves[place + 1]);
    const isKept = from === to ? anew.lockAt.getTime() === before.lockAt.getTime() : anew.deadlineZone !== to;
    const effect = before.lockAt <= at ? 'passed' : isKept ? 'kept' : 'moved';
    const passes = { zoneBefore: before.deadlineZone, passesBefore: before.lockAt, passesAfter: derived.lockAt };
    zoneChanges.push({ at, from, to, announced, ...passes, effect });
    const field = `deadlineMoves.${at.toISOString()}`;
    differences.push(...difference(field, lockAtAfter.toISOString(), derived.lockAt.toISOString()));
  }
  differences.push(
    ...difference('deadlineZone', deadlineZone, derived.deadlineZone),
    ...difference('lockAt', lockAt.toISOString(), derived.lockAt.toISOString()),
  );
  return {
    deadline: {
      endsOn,
      noticeDays,
      noticeDeadlineOn,
      timeZone: deadlineZone,
      utcOffset: utcOffsetAt(lockAt, deadlineZone),
      passedAt: lockAt,
      zoneChanges,
    },
    differences,
  };
}

/** An instant by older rules of a zone cannot be computed any more, so it is taken from the change of the rules. */
function byRulesBefore(derived: Deadline, next: DeadlineMove | undefined): Deadline {
  return next && next.fromZone === next.toZone ? { ...derived, lockAt: next.lockAtBefore } : derived;
}

/** The deadline and the roll-over come first, so they take effect before other events of the same instant. */
function replay(term: DecidedTerm, notices: readonly NoticeHistory[], now: Date) {
  const events: { at: Date; event: DecisionEvent; notice?: NoticeHistory }[] = [];
  // A lock that has not happened yet has changed nothing so far.
  if (term.lockAt <= now && term.renewalState !== 'open') events.push({ at: passedAt(term), event: 'deadline-passed' });
  if (term.closedAt) events.push({ at: term.closedAt, event: 'roll-over' });
  for (const notice of notices) {
    events.push({ at: notice.recordedAt, event: 'notice', notice });
    if (notice.waivedAt) events.push({ at: notice.waivedAt, event: 'waiver', notice });
    if (notice.withdrawnAt) events.push({ at: notice.withdrawnAt, event: 'withdrawal', notice });
  }
  // The sort is stable: in one instant, the waiver and withdrawal of a notice come before the next notice.
  events.sort((one, other) => one.at.getTime() - other.at.getTime());

  const decision = new ReplayedDecision(term);
  for (const { at, event, notice } of events) {
    if (notice) decision.apply(at, event, notice);
    else decision.move(at, event as 'deadline-passed' | 'roll-over');
  }
  return decision;
}

/** When the deadline passed. A deadline that moves into the past passes at the move. */
function passedAt({ lockAt, deadlineMoves }: DecidedTerm): Date {
  const moved = deadlineMoves.find(({ movedAt, ...at }) => at.lockAtBefore > movedAt && at.lockAtAfter <= movedAt);
  return moved?.movedAt ?? lockAt;
}

class ReplayedDecision {
  state: RenewalState = 'open';
  readonly steps: DecisionStep[] = [];
  readonly differences: DecisionDifference[] = [];
  readonly #notices = new Map<string, NoticeState>();

  constructor(private readonly term: DecidedTerm) {}

  /** Applies an event of time alone; a declined renewal has no deadline. */
  move(at: Date, event: 'deadline-passed' | 'roll-over'): void {
    const to = moveRenewal(this.state, event);
    if (to) this.#step({ at, event, to });
  }

  apply(at: Date, event: DecisionEvent, notice: NoticeHistory): void {
    if (event === 'notice') this.#given(at, notice);
    else if (event === 'waiver') this.#waived(at, notice);
    else this.#withdrawn(at, notice);
  }

  #given(at: Date, { id, party, receivedAt, ...kept }: NoticeHistory): void {
    const notices = [...this.#notices.values()];
    const lockAt = this.#lockAt(at, kept.deadlineAt);
    const term = { ...this.#term(at), lockAt };
    const judged = judgeNotice({ party, receivedAt, recordedAt: at, term, notices });
    this.#notices.set(id, { party, effective: kept.effective, reason: kept.reason, withdrawn: false, waived: false });
    if (judged.violation) return this.#refused(id, 'notice', judged.violation.code);
    // A late notice takes effect with its waiver, not before.
    const { effective, reason, renewalState: to } = judged;
    this.#notices.set(id, { party, effective, reason, withdrawn: false, waived: false });
    const received = receivedAt < lockAt ? 'in-time' : 'late';
    this.#step({ at, event: 'notice', noticeId: id, received, ...(reason && { reason }), to });
    this.#compare(`notices.${id}.deadlineAt`, kept.deadlineAt.toISOString(), lockAt.toISOString());
    this.#compare(`notices.${id}.reason`, kept.reason ?? 'none', reason ?? 'none');
    const holds = effective || kept.waivedAt !== null;
    this.#compare(`notices.${id}.effective`, String(kept.effective), String(holds));
  }

  #waived(at: Date, { id }: NoticeHistory): void {
    const notice = this.#notices.get(id)!;
    const judged = judgeWaiver({ notice, others: this.#others(id), term: this.#term(at) });
    this.#notices.set(id, { ...notice, effective: true, waived: true });
    this.#decided(at, 'waiver', id, judged);
  }

  #withdrawn(at: Date, { id, withdrawalOtherPartySignedBy }: NoticeHistory): void {
    const notice = this.#notices.get(id)!;
    const judged = judgeWithdrawal({
      notice,
      others: this.#others(id),
      term: this.#term(at),
      now: at,
      // Only staff can record the other party's agreement.
      recordedByStaff: withdrawalOtherPartySignedBy !== null,
      otherPartySignedBy: withdrawalOtherPartySignedBy ?? undefined,
    });
    this.#notices.set(id, { ...notice, withdrawn: true });
    this.#decided(at, 'withdrawal', id, judged);
  }

  #decided(
    at: Date,
    event: 'waiver' | 'withdrawal',
    noticeId: string,
    judged: Judged<{ violation?: undefined; renewalState: RenewalState }>,
  ): void {
    if (judged.violation) this.#refused(noticeId, event, judged.violation.code);
    else this.#step({ at, event, noticeId, to: judged.renewalState });
  }

  #refused(id: string, event: DecisionEvent, code: string): void {
    this.differences.push({ field: `notices.${id}`, recorded: event, derived: code });
  }

  #compare(field: string, recorded: string, derived: string): void {
    this.differences.push(...difference(field, recorded, derived));
  }

  #step({ to, ...step }: Omit<DecisionStep, 'from'>): void {
    this.steps.push({ ...step, from: this.state, to });
    this.state = to;
  }

  #others(id: string): NoticeState[] {
    return [...this.#notices].filter(([other]) => other !== id).map(([, notice]) => notice);
  }

  #term(at: Date) {
    return { ...this.term, lockAt: this.#lockAt(at), renewalState: this.state };
  }

  /**
   * The deadline at a moment; it may have moved since. If it moved at exactly that moment, `judgedBy` tells whether the old or
   * the new one applied.
   */
  #lockAt(at: Date, judgedBy?: Date): Date {
    const { deadlineMoves, lockAt } = this.term;
    const isLater = ({ movedAt, lockAtBefore }: DeadlineMove): boolean =>
      movedAt > at || (movedAt.getTime() === at.getTime() && lockAtBefore.getTime() === judgedBy?.getTime());
    return deadlineMoves.find(isLater)?.lockAtBefore ?? lockAt;
  }
}

/** The differences between the stored outcome and the derived one. */
function compared({ renewalState, closedAt, endsAt, hasNextTerm }: DecidedTerm, state: RenewalState) {
  return [
    ...difference('renewalState', renewalState, state),
    ...difference('hasNextTerm', String(hasNextTerm), String(state === 'renewed')),
    ...(closedAt && closedAt < endsAt
      ? difference('closedAt', closedAt.toISOString(), `not before ${endsAt.toISOString()}`)
      : []),
  ];
}

function pendingJob({ renewalState, lockAt, endsAt, closedAt }: DecidedTerm, now: Date): RenewalDecision['pending'] {
  if (!closedAt && endsAt <= now) return 'term-roll-over';
  return renewalState === 'open' && lockAt <= now ? 'renewal-lock' : null;
}

function difference(field: string, recorded: string, derived: string): DecisionDifference[] {
  return recorded === derived ? [] : [{ field, recorded, derived }];
}
