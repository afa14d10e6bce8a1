import { addDays, type Day } from './calendar.js';
import type { SubscriptionStatus } from './contract.js';
import { morningOf } from './morning.js';
import type { Violation } from './refusal.js';
import { moveRenewal, type RenewalEvent, type RenewalState } from './term.js';

export const parties = ['customer', 'provider'] as const;
export type Party = (typeof parties)[number];

/** Why a recorded notice has no effect. */
export type IneffectiveReason = 'late' | 'recorded-after-roll-over';

/** The facts of a recorded notice that the rules need. */
export interface NoticeState {
  party: Party;
  effective: boolean;
  reason?: IneffectiveReason | null;
  withdrawn: boolean;
  /** Late, but accepted by both sides; it is then effective. */
  waived: boolean;
}

/** The term of a notice. Both instants follow the customer's zone. */
export interface NoticeTerm {
  endsOn: Day;
  noticeDeadlineOn: Day;
  renewalState: RenewalState;
  /** The first instant after the last day for a notice. */
  lockAt: Date;
  /** The first instant after the term's last day. */
  endsAt: Date;
}

export type Judged<Outcome> = Outcome | { violation: Violation };

/** Whether a notice stands: it is effective and not withdrawn. A late notice stands only after a waiver. */
export function stands(notice: NoticeState): boolean {
  return notice.effective && !notice.withdrawn;
}

/**
 * The notice of a party in a term (§11): the one that stands, or else the newest one without effect. Withdrawn notices do not
 * count. `notices` are in the order of recording.
 */
export function noticeGiven<Notice extends NoticeState>(notices: readonly Notice[], party: Party): Notice | undefined {
  const given = notices.filter((notice) => notice.party === party && !notice.withdrawn);
  return given.find(stands) ?? given.at(-1);
}

/**
 * The term that a notice concerns (§11): the term that was current, or next, at its receipt. `terms` are in order. After the
 * subscription has ended there is no renewal to decline, and neither before the contract: it begins with its first term, or
 * with its entry into the service if that was earlier.
 */
export function termOfReceipt<Term extends { startsAt: Date; endsAt: Date }>(
  { terms, status, enteredAt }: { terms: readonly Term[]; status: SubscriptionStatus; enteredAt: Date },
  { sentAt, receivedAt }: { sentAt: Date | null; receivedAt: Date },
): Judged<{ violation?: undefined; term: Term }> {
  const { startsAt } = terms[0]!;
  const earliest = startsAt < enteredAt ? startsAt : enteredAt;
  for (const [at, pointer] of [[receivedAt, '/receivedAt'] as const, [sentAt ?? receivedAt, '/sentAt'] as const]) {
    if (at >= earliest) continue;
    const params = { at: at.toISOString(), earliest: earliest.toISOString() };
    return { violation: { code: 'notice-before-contract', params, pointer } };
  }
  const term = terms.find(({ endsAt }) => receivedAt < endsAt);
  if (term) return { term };
  // A receipt after the last term is in the future and refused for that, so any term will do.
  return status === 'ended' ? { violation: { code: 'subscription-ended' } } : { term: terms.at(-1)! };
}

/**
 * Judges a new notice (§11). The time of receipt decides, not the time of recording: a notice received before `lockAt`
 * declines the renewal even if it is recorded after the lock. After the roll-over a notice has no effect. Ineffective notices
 * are recorded too. `notices` are the earlier ones of the term; `recordedAt` is now.
 */
export function judgeNotice({
  party,
  receivedAt,
  recordedAt,
  term,
  notices,
}: {
  party: Party;
  receivedAt: Date;
  recordedAt: Date;
  term: NoticeTerm;
  notices: readonly NoticeState[];
}): Judged<{ violation?: undefined; effective: boolean; reason?: IneffectiveReason; renewalState: RenewalState }> {
  if (receivedAt > recordedAt)
    return { violation: { code: 'receipt-in-future', params: { receivedAt: receivedAt.toISOString() } } };
  if (hasStanding(notices, party)) return { violation: { code: 'notice-already-given', params: { party } } };
  const { renewalState } = term;
  if (receivedAt >= term.lockAt) return { effective: false, reason: 'late', renewalState };
  if (hasRolledOver(term)) return { effective: false, reason: 'recorded-after-roll-over', renewalState };
  return { effective: true, renewalState: moved(renewalState, 'notice') };
}

/**
 * Judges the withdrawal of a notice, and gives the new state of the renewal (§11).
 *
 * - Until the deadline, its party withdraws a notice alone.
 * - From the deadline to the end of the term, staff record the withdrawal with the agreement of the other party, who may have
 *   relied on the notice. A notice that never had effect needs no agreement.
 * - While another notice stands, the renewal stays declined. `others` are the term's other notices.
 */
export function judgeWithdrawal({
  notice,
  others,
  term,
  now,
  recordedByStaff,
  otherPartySignedBy,
}: {
  notice: NoticeState;
  others: readonly NoticeState[];
  term: NoticeTerm;
  now: Date;
  recordedByStaff: boolean;
  otherPartySignedBy?: string;
}): Judged<{ violation?: undefined; renewalState: RenewalState }> {
  if (notice.withdrawn) return { violation: { code: 'already-withdrawn' } };
  if (hasRolledOver(term) || now >= term.endsAt) return { violation: termEnded(term) };
  if (!notice.effective) return { renewalState: term.renewalState };
  const beforeDeadline = now < term.lockAt;
  const agreed = recordedByStaff && otherPartySignedBy !== undefined;
  if (!beforeDeadline && !agreed) {
    return { violation: { code: 'agreement-required', params: { noticeDeadline: term.noticeDeadlineOn } } };
  }
  if (others.some(stands)) return { renewalState: term.renewalState };
  const event = beforeDeadline ? 'withdrawal-before-deadline' : 'withdrawal-after-deadline';
  return { renewalState: moved(term.renewalState, event) };
}

/**
 * Judges a waiver, by which both sides accept a late notice (§11). The notice must be late, and its party must have no standing
 * notice. A waiver is possible until the roll-over, and declines the renewal.
 */
export function judgeWaiver({
  notice,
  others,
  term,
}: {
  notice: NoticeState;
  others: readonly NoticeState[];
  term: NoticeTerm;
}): Judged<{ violation?: undefined; renewalState: RenewalState }> {
  if (notice.withdrawn) return { violation: { code: 'already-withdrawn' } };
  if (notice.waived) return { violation: { code: 'already-waived' } };
  if (hasRolledOver(term)) return { violation: termEnded(term) };
  if (notice.effective || notice.reason !== 'late') return { violation: { code: 'notice-not-late' } };
  if (hasStanding(others, notice.party)) {
    return { violation: { code: 'notice-already-given', params: { party: notice.party } } };
  }
  return { renewalState: moved(term.renewalState, 'waiver') };
}

export interface PlannedReminder {
  daysBefore: number;
  at: Date;
}

export interface ReminderProgress {
  now: Date;
  lockAt: Date;
  renewalState: RenewalState;
  /** The newest reminder that was sent, by its days before the last day of the term. */
  lastSentDaysBefore?: number;
}

/** The reminders of a term in order of time (§11): at 09:00 in the customer's zone, `reminderDays` before its last day. */
export function reminderSchedule(endsOn: Day, reminderDays: readonly number[], timeZone: string): PlannedReminder[] {
  return [...reminderDays]
    .sort((one, other) => other - one)
    .map((daysBefore) => ({ daysBefore, at: morningOf(addDays(endsOn, -daysBefore), timeZone) }));
}

/**
 * The reminder that is due now and was not sent (§11). After an outage this is only the newest missed one. After a notice, or
 * after the deadline, no reminder is due.
 */
export function reminderOwed(
  schedule: readonly PlannedReminder[],
  progress: ReminderProgress,
): PlannedReminder | undefined {
  const { now, lastSentDaysBefore = Infinity } = progress;
  if (!mayRemind(progress, now)) return undefined;
  const newest = schedule.findLast((reminder) => reminder.at <= now);
  return newest && newest.daysBefore < lastSentDaysBefore ? newest : undefined;
}

/** When the next reminder falls due: in the past if one is overdue, undefined if no reminder will follow. */
export function nextReminderAt(schedule: readonly PlannedReminder[], progress: ReminderProgress): Date | undefined {
  const next = reminderOwed(schedule, progress) ?? schedule.find((reminder) => reminder.at > progress.now);
  return next && mayRemind(progress, next.at) ? next.at : undefined;
}

/**
 * The reminders that will be sent if nothing changes, from the next one on. Of several missed ones, only the newest is sent.
 * `nextAt` is when the next one falls due; null if none follows.
 */
export function plannedReminders(
  schedule: readonly PlannedReminder[],
  { nextAt, lockAt, now }: { nextAt: Date | null; lockAt: Date; now: Date },
): PlannedReminder[] {
  if (!nextAt) return [];
  const missed = schedule.findLast(({ at }) => at <= now);
  const from = missed && missed.at > nextAt ? missed.at : nextAt;
  return schedule.filter(({ at }) => at >= from && at < lockAt);
}

function mayRemind({ renewalState, lockAt }: ReminderProgress, at: Date): boolean {
  return renewalState === 'open' && at < lockAt;
}

function hasStanding(notices: readonly NoticeState[], party: Party): boolean {
  return notices.some((notice) => notice.party === party && stands(notice));
}

function hasRolledOver({ renewalState }: NoticeTerm): boolean {
  return renewalState === 'renewed' || renewalState === 'ended';
}

function termEnded({ endsOn }: NoticeTerm): Violation {
  return { code: 'term-ended', params: { endsOn } };
}

function moved(from: RenewalState, event: RenewalEvent): RenewalState {
  const to = moveRenewal(from, event);
  if (!to) throw new Error(`A renewal that is ${from} does not allow ${event}`);
  return to;
}
