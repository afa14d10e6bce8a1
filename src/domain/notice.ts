import { addDays, type Day } from './calendar.js';
import type { SubscriptionStatus } from './contract.js';
import { morningOf } from './morning.js';
import type { Violation } from './refusal.js';
import { moveRenewal, type RenewalEvent, type RenewalState } from './term.js';

export const parties = ['customer', 'provider'] as const;
export type Party = (typeof parties)[number];

/** Why a notice that was kept changes nothing. */
export type IneffectiveReason = 'late' | 'recorded-after-roll-over';

/** A recorded notice, as far as the rules ask for it. */
export interface RecordedNotice {
  party: Party;
  effective: boolean;
  reason?: IneffectiveReason | null;
  withdrawn: boolean;
  /** Accepted by both sides though it was late; it is then effective. */
  waived: boolean;
}

/** The term to which a notice belongs. Both instants are those of the customer's zone. */
export interface NoticeTerm {
  endsOn: Day;
  noticeDeadlineOn: Day;
  renewalState: RenewalState;
  /** The first instant after the last day for a notice. */
  lockAt: Date;
  /** The first instant after the term's last day. */
  endsAt: Date;
}

export interface NoticeJudgement {
  violation?: undefined;
  effective: boolean;
  reason?: IneffectiveReason;
  renewalState: RenewalState;
}

export type Judged<Outcome> = Outcome | { violation: Violation };

/** Whether a notice holds: effective and not withdrawn. A late one does not, unless it was accepted by a waiver. */
export function stands(notice: RecordedNotice): boolean {
  return notice.effective && !notice.withdrawn;
}

/**
 * The notice that a party is held to have given in a term (§11): the one that stands, else the newest of those without
 * effect; none that was taken back. `notices` are in the order in which they were recorded.
 */
export function noticeGiven<Notice extends RecordedNotice>(
  notices: readonly Notice[],
  party: Party,
): Notice | undefined {
  const given = notices.filter((notice) => notice.party === party && !notice.withdrawn);
  return given.find(stands) ?? given.at(-1);
}

/**
 * The term that a notice is about (§11): the one that was current, or about to be, when it was received. `terms` are in
 * order; once the subscription has ended, nothing is left to be declined. There is nothing to decline, either, before the
 * contract: it begins with its first term, or with its entry into the service where that was earlier.
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
  // A receipt so far ahead is refused as one in the future, whatever the term.
  return status === 'ended' ? { violation: { code: 'subscription-ended' } } : { term: terms.at(-1)! };
}

/**
 * What a notice does (§11). The time of receipt decides, not that of recording: received before `lockAt` it declines
 * the renewal, also when it is recorded after the lock; once the term has rolled over it comes too late to be recorded.
 * An ineffective notice is kept all the same. `notices` are those of the term so far, `recordedAt` is now.
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
  notices: readonly RecordedNotice[];
}): Judged<NoticeJudgement> {
  if (receivedAt > recordedAt)
    return { violation: { code: 'receipt-in-future', params: { receivedAt: receivedAt.toISOString() } } };
  if (hasStanding(notices, party)) return { violation: { code: 'notice-already-given', params: { party } } };
  const { renewalState } = term;
  if (receivedAt >= term.lockAt) return { effective: false, reason: 'late', renewalState };
  if (hasRolledOver(term)) return { effective: false, reason: 'recorded-after-roll-over', renewalState };
  return { effective: true, renewalState: moved(renewalState, 'notice') };
}

/**
 * Whether a notice can be taken back, and what the renewal then is (§11). Until the deadline the party that gave it does
 * so alone; from then to the term's end staff record it with the other party's agreement, as that party may have relied
 * on it. While another notice stands the renewal stays declined. One that never took effect is taken back without
 * agreement: nobody could rely on it. `others` are the term's other notices.
 */
export function judgeWithdrawal({
  notice,
  others,
  term,
  now,
  recordedByStaff,
  otherPartySignedBy,
}: {
  notice: RecordedNotice;
  others: readonly RecordedNotice[];
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
 * Whether both sides may accept a late notice after all (§11): only one that was late, that stands for nothing else yet,
 * and only until the term rolls over. The renewal is then declined.
 */
export function judgeWaiver({
  notice,
  others,
  term,
}: {
  notice: RecordedNotice;
  others: readonly RecordedNotice[];
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
  /** The reminder that went out last, by its days before the end. */
  lastSentDaysBefore?: number;
}

/** The reminders of a term in order of time (§11): at 09:00 in the customer's zone, so many days before its last day. */
export function reminderSchedule(endsOn: Day, reminderDays: readonly number[], timeZone: string): PlannedReminder[] {
  return [...reminderDays]
    .sort((one, other) => other - one)
    .map((daysBefore) => ({ daysBefore, at: morningOf(addDays(endsOn, -daysBefore), timeZone) }));
}

/**
 * The reminder that should have gone out by now and has not (§11): the newest of them only, so that a day missed in an
 * outage is made up once. None after a notice, and none that would call a passed deadline open.
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

/** When a reminder falls due next: in the past while one is owed, undefined when none will go out as things stand. */
export function nextReminderAt(schedule: readonly PlannedReminder[], progress: ReminderProgress): Date | undefined {
  const next = reminderOwed(schedule, progress) ?? schedule.find((reminder) => reminder.at > progress.now);
  return next && mayRemind(progress, next.at) ? next.at : undefined;
}

function mayRemind({ renewalState, lockAt }: ReminderProgress, at: Date): boolean {
  return renewalState === 'open' && at < lockAt;
}

function hasStanding(notices: readonly RecordedNotice[], party: Party): boolean {
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
  if (!to) throw new Error(`A renewal that is ${from} knows no ${event}`);
  return to;
}
