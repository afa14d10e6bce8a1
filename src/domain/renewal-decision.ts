import { utcOffsetAt, type Day } from './calendar.js';
import {
  judgeNotice,
  judgeWaiver,
  judgeWithdrawal,
  type IneffectiveReason,
  type Judged,
  type Party,
  type RecordedNotice,
} from './notice.js';
import { deadlineIn, deadlineMoved, type Deadline, type DeadlineMove } from './term-instants.js';
import { moveRenewal, noticeDeadline, type RenewalState } from './term.js';

/** A term as the record has it. */
export interface DecidedTerm extends Deadline {
  endsOn: Day;
  /** The rule's number of days as it stood when the term opened. */
  noticeDays: number;
  noticeDeadlineOn: Day;
  /** What changes of the customer's zone did to the deadline, in the order in which they happened. */
  deadlineMoves: readonly DeadlineMove[];
  /** The first instant after the last day, as it was kept. */
  endsAt: Date;
  renewalState: RenewalState;
  /** When the roll-over closed it; null while it is open. */
  closedAt: Date | null;
  /** Whether another term follows it. */
  hasNextTerm: boolean;
}

/** A notice as the record has it, with what was added to it later. */
export interface NoticeOnRecord {
  id: string;
  party: Party;
  receivedAt: Date;
  recordedAt: Date;
  /** The deadline as it stood when the notice was judged. */
  deadlineAt: Date;
  effective: boolean;
  reason: IneffectiveReason | null;
  waivedAt: Date | null;
  withdrawnAt: Date | null;
  withdrawalOtherPartySignedBy: string | null;
}

export type DecisionEvent = 'notice' | 'withdrawal' | 'waiver' | 'deadline-passed' | 'roll-over';

/** Something that bore on the renewal, and what the renewal was before and after it. */
export interface DecisionStep {
  at: Date;
  event: DecisionEvent;
  noticeId?: string;
  /** Of a notice: the side of the deadline on which it was received. */
  received?: 'in-time' | 'late';
  /** Of a notice: why it changed nothing when it was recorded. */
  reason?: IneffectiveReason;
  from: RenewalState;
  to: RenewalState;
}

/** Where the record says something else than follows from the rules. */
export interface DecisionDifference {
  field: string;
  recorded: string;
  derived: string;
}

/** The last day for a notice, worked out step by step. */
export interface DeadlineArithmetic {
  endsOn: Day;
  noticeDays: number;
  /** `endsOn − noticeDays`. */
  noticeDeadlineOn: Day;
  /** The zone in which the last day ended: the customer's when the term opened, or after a change that moved the deadline. */
  timeZone: string;
  /** The zone's distance from UTC when the deadline passed. */
  utcOffset: string;
  /** The first instant at which a notice was late. */
  passedAt: Date;
  /** The customer's changes of zone, and changes of the rules of a zone, while the term was open; with what §3 makes of each. */
  zoneChanges: ZoneChange[];
}

export interface ZoneChange {
  at: Date;
  /** The same as `to` where the rules of the zone changed. */
  from: string;
  to: string;
  /** Whether a reminder had announced the deadline. */
  announced: boolean;
  /** The zone in which the deadline had been computed. */
  zoneBefore: string;
  passesBefore: Date;
  passesAfter: Date;
  /** `moved`: with the customer; `kept`: announced, and earlier in the new zone; `passed`: it had passed before the change. */
  effect: 'moved' | 'kept' | 'passed';
}

export interface RenewalDecision {
  state: RenewalState;
  deadline: DeadlineArithmetic;
  steps: DecisionStep[];
  /** A job that is due by now and has not come by yet. */
  pending: 'renewal-lock' | 'term-roll-over' | null;
  differences: DecisionDifference[];
  agreesWithRecord: boolean;
}

/**
 * Tells once more, from the days, the zone and the notices alone, what became of a renewal and why (§11), by the same rules
 * by which it was decided, and compares that with the record. `notices` are those of the term in the order in which they
 * were recorded.
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
  notices: readonly NoticeOnRecord[];
  now: Date;
}): RenewalDecision {
  const { deadline, differences } = workOut(term);
  const retold = retell(term, notices, now);
  const all = [...differences, ...retold.differences, ...compared(term, retold.state)];
  return {
    state: retold.state,
    deadline,
    steps: retold.steps,
    pending: pendingJob(term, now),
    differences: all,
    agreesWithRecord: all.length === 0,
  };
}

function workOut({ endsOn, noticeDays, lockAt, deadlineZone, deadlineMoves, ...kept }: DecidedTerm): {
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

/** What was computed by older rules of a zone cannot be computed any more: the change of the rules says what it was. */
function byRulesBefore(derived: Deadline, next: DeadlineMove | undefined): Deadline {
  return next && next.fromZone === next.toZone ? { ...derived, lockAt: next.lockAtBefore } : derived;
}

/** The deadline and the roll-over stand first: what happened in the same instant found them done. */
function retell(term: DecidedTerm, notices: readonly NoticeOnRecord[], now: Date) {
  const story: { at: Date; event: DecisionEvent; notice?: NoticeOnRecord }[] = [];
  // A lock that has not come by yet has changed nothing so far.
  if (term.lockAt <= now && term.renewalState !== 'open') story.push({ at: passedAt(term), event: 'deadline-passed' });
  if (term.closedAt) story.push({ at: term.closedAt, event: 'roll-over' });
  for (const notice of notices) {
    story.push({ at: notice.recordedAt, event: 'notice', notice });
    if (notice.waivedAt) story.push({ at: notice.waivedAt, event: 'waiver', notice });
    if (notice.withdrawnAt) story.push({ at: notice.withdrawnAt, event: 'withdrawal', notice });
  }
  // A stable sort: of what happened in one instant, a notice comes with all that was added to it before the next notice.
  story.sort((one, other) => one.at.getTime() - other.at.getTime());

  const teller = new Teller(term);
  for (const { at, event, notice } of story) {
    if (notice) teller.hear(at, event, notice);
    else teller.move(at, event as 'deadline-passed' | 'roll-over');
  }
  return teller;
}

/** A deadline that moves to an instant in the past passes when it moves. */
function passedAt({ lockAt, deadlineMoves }: DecidedTerm): Date {
  const moved = deadlineMoves.find(({ movedAt, ...at }) => at.lockAtBefore > movedAt && at.lockAtAfter <= movedAt);
  return moved?.movedAt ?? lockAt;
}

class Teller {
  state: RenewalState = 'open';
  readonly steps: DecisionStep[] = [];
  readonly differences: DecisionDifference[] = [];
  readonly #heard = new Map<string, RecordedNotice>();

  constructor(private readonly term: DecidedTerm) {}

  /** What time does by itself; a declined renewal knows no deadline. */
  move(at: Date, event: 'deadline-passed' | 'roll-over'): void {
    const to = moveRenewal(this.state, event);
    if (to) this.#step({ at, event, to });
  }

  hear(at: Date, event: DecisionEvent, notice: NoticeOnRecord): void {
    if (event === 'notice') this.#given(at, notice);
    else if (event === 'waiver') this.#waived(at, notice);
    else this.#withdrawn(at, notice);
  }

  #given(at: Date, { id, party, receivedAt, ...kept }: NoticeOnRecord): void {
    const notices = [...this.#heard.values()];
    const lockAt = this.#lockAt(at, kept.deadlineAt);
    const term = { ...this.#term(at), lockAt };
    const judged = judgeNotice({ party, receivedAt, recordedAt: at, term, notices });
    this.#heard.set(id, { party, effective: kept.effective, reason: kept.reason, withdrawn: false, waived: false });
    if (judged.violation) return this.#refused(id, 'notice', judged.violation.code);
    // What was late took effect with the waiver, not before.
    const { effective, reason, renewalState: to } = judged;
    this.#heard.set(id, { party, effective, reason, withdrawn: false, waived: false });
    const received = receivedAt < lockAt ? 'in-time' : 'late';
    this.#step({ at, event: 'notice', noticeId: id, received, ...(reason && { reason }), to });
    this.#compare(`notices.${id}.deadlineAt`, kept.deadlineAt.toISOString(), lockAt.toISOString());
    this.#compare(`notices.${id}.reason`, kept.reason ?? 'none', reason ?? 'none');
    const holds = effective || kept.waivedAt !== null;
    this.#compare(`notices.${id}.effective`, String(kept.effective), String(holds));
  }

  #waived(at: Date, { id }: NoticeOnRecord): void {
    const notice = this.#heard.get(id)!;
    const judged = judgeWaiver({ notice, others: this.#others(id), term: this.#term(at) });
    this.#heard.set(id, { ...notice, effective: true, waived: true });
    this.#decided(at, 'waiver', id, judged);
  }

  #withdrawn(at: Date, { id, withdrawalOtherPartySignedBy }: NoticeOnRecord): void {
    const notice = this.#heard.get(id)!;
    const judged = judgeWithdrawal({
      notice,
      others: this.#others(id),
      term: this.#term(at),
      now: at,
      // Nobody else may name the other party's consent.
      recordedByStaff: withdrawalOtherPartySignedBy !== null,
      otherPartySignedBy: withdrawalOtherPartySignedBy ?? undefined,
    });
    this.#heard.set(id, { ...notice, withdrawn: true });
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

  #others(id: string): RecordedNotice[] {
    return [...this.#heard].filter(([other]) => other !== id).map(([, notice]) => notice);
  }

  #term(at: Date) {
    return { ...this.term, lockAt: this.#lockAt(at), renewalState: this.state };
  }

  /**
   * When the deadline passed, as it stood at a moment: it may have moved since. If it moved at that very moment, `judgedBy`
   * says which of the two came first.
   */
  #lockAt(at: Date, judgedBy?: Date): Date {
    const { deadlineMoves, lockAt } = this.term;
    const isLater = ({ movedAt, lockAtBefore }: DeadlineMove): boolean =>
      movedAt > at || (movedAt.getTime() === at.getTime() && lockAtBefore.getTime() === judgedBy?.getTime());
    return deadlineMoves.find(isLater)?.lockAtBefore ?? lockAt;
  }
}

/** What the record says of the outcome, beside what follows from the rules. */
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
