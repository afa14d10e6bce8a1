import { addDays, addMonths, daysBetween, firstDay, monthOf, type Day, type Month } from './calendar.js';
import type { Enrolment } from './contract.js';
import { forecast, forecastWindow, plannedMinutes, type PacePlan } from './pace.js';
import type { PackageCode } from './package.js';
import { overdueFrom } from './planned-session.js';
import type { ServiceRules } from './service-rules.js';
import { termMonths, type RenewalState, type TermDates } from './term.js';
import { nearlyUsedPercent } from './warnings.js';

/** Why a subscription needs its CSM now (§6), gravest first. */
export const attentionCodes = [
  'notice-deadline-near',
  'reminder-undelivered',
  'no-renewal-contact',
  'no-entry-for',
  'behind-plan',
  'hours-will-expire',
  'hours-nearly-used',
  'allocation-missing',
  'visits-unused',
  'seats-unused',
  'planned-session-overdue',
  'late-entry-window-closing',
  'month-closing-unlogged',
  'locked-downgrade',
] as const;
export type AttentionCode = (typeof attentionCodes)[number];

/** The numbers and days of a reason. `attentionTexts` uses them by name. */
export type AttentionFigures = Readonly<Record<string, number | string | readonly string[]>>;

export interface AttentionReason {
  code: AttentionCode;
  /** The first day on which the reason holds, by the present facts. */
  since: Day;
  figures: AttentionFigures;
}

export interface Attention {
  /** Gravest first. */
  reasons: AttentionReason[];
  /** The next day on which the same facts can give other codes; null if time alone changes nothing. */
  nextChangeOn: Day | null;
}

export type AttentionRules = Pick<
  ServiceRules,
  | 'reminderDays'
  | 'lateEntryDays'
  | 'forecastDays'
  | 'paceTolerancePercent'
  | 'expiryAlertDays'
  | 'noticeNearDays'
  | 'noEntryDays'
  | 'behindPlanMonths'
  | 'plannedSessionGraceDays'
  | 'lateEntryClosingDays'
>;

/** Minutes used on a day, net of reversals. */
export interface UsedDay {
  day: Day;
  minutes: number;
}

/** The open term of a subscription with its figures. */
export interface AttentionTerm extends TermDates {
  noticeDeadlineOn: Day;
  renewalState: RenewalState;
  plan: PacePlan;
  grantedMinutes: number;
  usedMinutes: number;
  /** By day, from `usedDaysNeededFrom` on. */
  usedDays: readonly UsedDay[];
  /** Null: any number. */
  maxVisits: number | null;
  visitsUsed: number;
  maxSeats: number;
  seatsUsed: number;
  /** The present set of allocations; null before the first one. */
  allocations: { fromOn: Day; productLineIds: readonly string[] } | null;
  enrolments: readonly Enrolment[];
  hasRenewalContact: boolean;
  /** The day on which a reminder first failed for good at a contact; null if none failed, or if another one was delivered. */
  reminderFailedOn: Day | null;
  /** The present and the next package, if the next one is a downgrade. */
  downgrade: { from: PackageCode; to: PackageCode } | null;
  /** The planned sessions of the term that are neither fulfilled nor cancelled. */
  plannedSessions: readonly { plannedOn: Day; minutes: number }[];
}

/** The facts of a subscription on a day that decide its attention. */
export interface AttentionFacts {
  /** The first day of the first term. */
  startsOn: Day;
  /** The day on which the contract was entered into the service. */
  enteredOn: Day;
  /** Null after the subscription has ended. */
  term: AttentionTerm | null;
  /** The closed terms that can still take late entries, with the minutes that expired. */
  closedTerms: readonly { endsOn: Day; expiredMinutes: number }[];
  /** The last work day with a standing entry, in any term. */
  lastEntryOn: Day | null;
  /** Whether the calendar month before the present one has a standing entry. */
  loggedLastMonth: boolean;
  /** The last month that finance has closed. */
  closedThrough: Month | null;
  isWorkingDay: (day: Day) => boolean;
}

/** A reason on the days from `from` until the day before `until`. */
interface Span {
  code: AttentionCode;
  from: Day;
  until: Day;
  figures: (today: Day) => AttentionFigures;
}

/** The reasons that one rule finds, and the days on which it must look again because its facts can be others. */
interface Found {
  spans: Span[];
  lookAgainOn?: Day | undefined;
}

/**
 * The reasons for which a subscription needs its CSM on a day (§6), gravest first. A reason of the term ends with the term.
 *
 * Example: the term 2026-04-01…2027-03-31 has the notice deadline 2027-01-30. While its renewal is open, `notice-deadline-near`
 * holds from 2026-12-31 to 2027-01-30. On 2026-12-30, `nextChangeOn` is 2026-12-31.
 */
export function attention(facts: AttentionFacts, today: Day, rules: AttentionRules): Attention {
  const found = [
    lateEntries(facts, rules),
    ...(facts.term ? findings.map((find) => find(facts, facts.term!, today, rules)) : []),
  ];
  const spans = found.flatMap((one) => one.spans).filter(({ from, until }) => from < until);
  const days = [
    ...spans.flatMap(({ from, until }) => [from, until]),
    ...found.flatMap(({ lookAgainOn }) => lookAgainOn ?? []),
  ];
  return { reasons: reasonsOn(today, spans), nextChangeOn: days.filter((day) => day > today).sort()[0] ?? null };
}

/**
 * The first day whose used minutes `attention` needs; undefined if it needs none. For the day on which four fifths were used,
 * it is the first day of the term. For the forecast, it is the first day of the first window.
 */
export function usedDaysNeededFrom(
  term: TermDates & { grantedMinutes: number; usedMinutes: number },
  today: Day,
  rules: Pick<AttentionRules, 'expiryAlertDays' | 'forecastDays'>,
): Day | undefined {
  if (isNearlyUsed(term)) return term.startsOn;
  const alertOn = addDays(term.endsOn, -rules.expiryAlertDays);
  return today < alertOn ? undefined : addDays(alertOn, 1 - rules.forecastDays);
}

/** The last day on which work in a closed term can be logged (§5). */
export function lastLateEntryOn(
  endsOn: Day,
  enteredOn: Day,
  { lateEntryDays }: Pick<ServiceRules, 'lateEntryDays'>,
): Day {
  return addDays(latest(endsOn, enteredOn), lateEntryDays);
}

/** The reasons on a day. If several spans have the same code, the figures are those of the earliest one. */
function reasonsOn(today: Day, spans: readonly Span[]): AttentionReason[] {
  return attentionCodes.flatMap((code): AttentionReason[] => {
    const ofCode = spans.filter((span) => span.code === code).sort((one, other) => (one.from < other.from ? -1 : 1));
    const first = ofCode.find(({ from, until }) => from <= today && today < until);
    return first ? [{ code, since: beginOf(first.from, ofCode), figures: first.figures(today) }] : [];
  });
}

/** The first day of an unbroken row of spans that reaches to a day. */
function beginOf(day: Day, spans: readonly Span[]): Day {
  const before = spans.find(({ from, until }) => from < day && until >= day);
  return before ? beginOf(before.from, spans) : day;
}

type Finding = (facts: AttentionFacts, term: AttentionTerm, today: Day, rules: AttentionRules) => Found;

const findings: readonly Finding[] = [
  noticeDeadline,
  undeliveredReminder,
  missingContact,
  noEntry,
  behindPlan,
  expiringHours,
  nearlyUsed,
  missingAllocation,
  unusedVisits,
  unusedSeats,
  overdueSessions,
  unloggedMonth,
  lockedDowngrade,
];

const nothing: Found = { spans: [] };

/** A reason that lasts to the end of the term. */
function untilEnd(term: AttentionTerm, code: AttentionCode, from: Day, figures: Span['figures']): Found {
  return { spans: [{ code, from, until: dayAfter(term.endsOn), figures }] };
}

function noticeDeadline(_: AttentionFacts, term: AttentionTerm, __: Day, { noticeNearDays }: AttentionRules): Found {
  if (term.renewalState !== 'open') return nothing;
  const { noticeDeadlineOn } = term;
  return {
    spans: [
      {
        code: 'notice-deadline-near',
        from: addDays(noticeDeadlineOn, -noticeNearDays),
        until: dayAfter(noticeDeadlineOn),
        figures: (today) => ({ noticeDeadline: noticeDeadlineOn, days: daysBetween(today, noticeDeadlineOn) }),
      },
    ],
  };
}

/** While the contract still renews: the customer has not read when to decline. */
function undeliveredReminder(_: AttentionFacts, term: AttentionTerm): Found {
  const { reminderFailedOn, noticeDeadlineOn, renewalState } = term;
  if (reminderFailedOn === null || !willRenew(renewalState)) return nothing;
  return untilEnd(term, 'reminder-undelivered', reminderFailedOn, () => ({
    failedOn: reminderFailedOn,
    noticeDeadline: noticeDeadlineOn,
  }));
}

/** From the day of the first reminder to the last day on which one can go out. */
function missingContact(_: AttentionFacts, term: AttentionTerm, __: Day, { reminderDays }: AttentionRules): Found {
  if (term.hasRenewalContact || term.renewalState !== 'open') return nothing;
  const { noticeDeadlineOn } = term;
  return {
    spans: [
      {
        code: 'no-renewal-contact',
        from: addDays(term.endsOn, -Math.max(...reminderDays)),
        until: dayAfter(noticeDeadlineOn),
        figures: () => ({ noticeDeadline: noticeDeadlineOn }),
      },
    ],
  };
}

/** Counted from the last work day, or from the first day on which there could have been one. */
function noEntry(facts: AttentionFacts, term: AttentionTerm, _: Day, { noEntryDays }: AttentionRules): Found {
  if (remaining(term) === 0) return nothing;
  const countedFromOn = latest(term.startsOn, facts.lastEntryOn ?? facts.enteredOn);
  return untilEnd(term, 'no-entry-for', addDays(countedFromOn, noEntryDays), (today) => ({
    days: daysBetween(countedFromOn, today),
    countedFromOn,
  }));
}

function behindPlan(facts: AttentionFacts, term: AttentionTerm, _: Day, { behindPlanMonths }: AttentionRules): Found {
  const { plan, usedMinutes, grantedMinutes } = term;
  const behind = (day: Day): number => plannedMinutes(plan, day) - usedMinutes;
  const from = firstDay(judgedFrom(facts, term), term.endsOn, (day) => {
    return behind(day) * termMonths > grantedMinutes * behindPlanMonths;
  });
  if (from === undefined) return nothing;
  return untilEnd(term, 'behind-plan', from, (today) => ({
    behindMinutes: behind(today),
    plannedMinutes: plannedMinutes(plan, today),
    usedMinutes,
  }));
}

/**
 * From the last work day on, each day without work makes the forecast leave more. So there is one first day. Before the days
 * with alerts, the facts have no use by day, and the rule looks again on the first of these days.
 */
function expiringHours(facts: AttentionFacts, term: AttentionTerm, today: Day, rules: AttentionRules): Found {
  const alertOn = latest(addDays(term.endsOn, -rules.expiryAlertDays), judgedFrom(facts, term));
  if (remaining(term) === 0) return nothing;
  if (today < alertOn) return { spans: [], lookAgainOn: alertOn };
  const { grantedMinutes } = term;
  const lastUsedOn = term.usedDays.reduce(
    (last, { day, minutes }) => (minutes > 0 ? latest(last, day) : last),
    alertOn,
  );
  const from = firstDay(lastUsedOn, term.endsOn, (day) => {
    return expiringMinutes(term, day, rules) * termMonths * 100 > grantedMinutes * rules.paceTolerancePercent;
  });
  if (from === undefined) return nothing;
  return untilEnd(term, 'hours-will-expire', from, (day) => ({
    expiringMinutes: expiringMinutes(term, day, rules),
    remainingMinutes: remaining(term),
    forecastDays: rules.forecastDays,
    endsOn: term.endsOn,
  }));
}

function nearlyUsed(_: AttentionFacts, term: AttentionTerm): Found {
  if (!isNearlyUsed(term)) return nothing;
  const { grantedMinutes, usedMinutes } = term;
  return untilEnd(term, 'hours-nearly-used', nearlyUsedOn(term), () => ({
    usedMinutes,
    grantedMinutes,
    remainingMinutes: remaining(term),
  }));
}

/** Nobody can log time on a product line without a consultant. */
function missingAllocation(_: AttentionFacts, term: AttentionTerm): Found {
  const { allocations } = term;
  const setOn = latest(term.startsOn, allocations?.fromOn ?? term.startsOn);
  if (!allocations || allocations.productLineIds.length === 0) {
    return untilEnd(term, 'allocation-missing', setOn, () => ({ allocations: 0, productLineIds: [], productLines: 0 }));
  }
  const withConsultant = new Set(allocations.productLineIds);
  const missing = term.enrolments.filter(({ productLineId }) => !withConsultant.has(productLineId));
  const spans = missing.map(({ fromOn, untilOn }): Span => {
    const endsOn = dayAfter(term.endsOn);
    return {
      code: 'allocation-missing',
      from: latest(setOn, fromOn),
      until: untilOn !== null && untilOn < endsOn ? untilOn : endsOn,
      figures: (today) => {
        const productLineIds = missing.filter((one) => isEnrolled(one, today)).map((one) => one.productLineId);
        return { allocations: withConsultant.size, productLineIds, productLines: productLineIds.length };
      },
    };
  });
  return { spans };
}

function unusedVisits(_: AttentionFacts, term: AttentionTerm, __: Day, rules: AttentionRules): Found {
  const { maxVisits, visitsUsed, endsOn } = term;
  if (maxVisits === null || visitsUsed >= maxVisits) return nothing;
  return untilEnd(term, 'visits-unused', addDays(endsOn, -rules.expiryAlertDays), () => ({
    unused: maxVisits - visitsUsed,
    maxVisits,
    endsOn,
  }));
}

function unusedSeats(_: AttentionFacts, term: AttentionTerm, __: Day, rules: AttentionRules): Found {
  const { maxSeats, seatsUsed, endsOn } = term;
  if (seatsUsed >= maxSeats) return nothing;
  return untilEnd(term, 'seats-unused', addDays(endsOn, -rules.expiryAlertDays), () => ({
    unused: maxSeats - seatsUsed,
    maxSeats,
    endsOn,
  }));
}

function overdueSessions(_: AttentionFacts, term: AttentionTerm, __: Day, rules: AttentionRules): Found {
  const overdueOn = (plannedOn: Day): Day => overdueFrom(plannedOn, rules.plannedSessionGraceDays);
  const spans = term.plannedSessions.map(({ plannedOn }): Span => {
    return {
      code: 'planned-session-overdue',
      from: overdueOn(plannedOn),
      until: dayAfter(term.endsOn),
      figures: (today) => {
        const overdue = term.plannedSessions.filter((session) => overdueOn(session.plannedOn) <= today);
        return {
          sessions: overdue.length,
          minutes: overdue.reduce((sum, { minutes }) => sum + minutes, 0),
          plannedOn,
        };
      },
    };
  });
  return { spans };
}

/** Of several closed terms, the window that closes first is the reason. */
function lateEntries({ closedTerms, enteredOn }: AttentionFacts, rules: AttentionRules): Found {
  const withExpired = closedTerms.filter(({ expiredMinutes }) => expiredMinutes > 0);
  const spans = withExpired.map(({ endsOn }): Span => {
    const lastOn = lastLateEntryOn(endsOn, enteredOn, rules);
    const closing = withExpired.filter((one) => lastLateEntryOn(one.endsOn, enteredOn, rules) === lastOn);
    return {
      code: 'late-entry-window-closing',
      from: latest(dayAfter(endsOn), addDays(lastOn, -rules.lateEntryClosingDays)),
      until: dayAfter(lastOn),
      figures: (today) => ({
        lastEntryOn: lastOn,
        days: daysBetween(today, lastOn),
        expiredMinutes: closing.reduce((sum, { expiredMinutes }) => sum + expiredMinutes, 0),
      }),
    };
  });
  return { spans };
}

/**
 * The last month is over, open, and without an entry, although the subscription covered all of it. From the first working day
 * of the next month to its end. A month with an entry so far cannot become a reason.
 */
function unloggedMonth(facts: AttentionFacts, term: AttentionTerm, today: Day): Found {
  const { lastEntryOn, closedThrough, isWorkingDay } = facts;
  if (remaining(term) === 0) return nothing;
  const monthStart = firstOfMonth(today);
  const nextStart = addMonths(monthStart, 1);
  const lastStart = addMonths(monthStart, -1);
  const isLoggedThisMonth = lastEntryOn !== null && lastEntryOn >= monthStart;
  const lookAgainOn = isLoggedThisMonth ? undefined : firstWorkingDay(nextStart, isWorkingDay);
  const month = monthOf(lastStart);
  const isCovered = facts.startsOn <= lastStart && facts.enteredOn < monthStart;
  const isOpen = closedThrough === null || closedThrough < month;
  if (facts.loggedLastMonth || !isCovered || !isOpen) return { spans: [], lookAgainOn };
  const until = nextStart <= term.endsOn ? nextStart : dayAfter(term.endsOn);
  const from = firstWorkingDay(monthStart, isWorkingDay);
  return { spans: [{ code: 'month-closing-unlogged', from, until, figures: () => ({ month }) }], lookAgainOn };
}

function lockedDowngrade(_: AttentionFacts, term: AttentionTerm): Found {
  const { downgrade, renewalState, noticeDeadlineOn } = term;
  if (!downgrade || renewalState !== 'locked') return nothing;
  const renewsOn = dayAfter(term.endsOn);
  return untilEnd(term, 'locked-downgrade', dayAfter(noticeDeadlineOn), () => ({ ...downgrade, renewsOn }));
}

/** A contract that is taken over still has its past use entered on its first day (§6). */
function judgedFrom({ enteredOn }: AttentionFacts, { startsOn }: AttentionTerm): Day {
  return enteredOn > startsOn ? dayAfter(enteredOn) : startsOn;
}

function willRenew(state: RenewalState): boolean {
  return state === 'open' || state === 'locked';
}

function remaining({ grantedMinutes, usedMinutes }: AttentionTerm): number {
  return grantedMinutes - usedMinutes;
}

function isNearlyUsed({ grantedMinutes, usedMinutes }: { grantedMinutes: number; usedMinutes: number }): boolean {
  return usedMinutes * 100 >= grantedMinutes * nearlyUsedPercent;
}

/** The day by whose end four fifths of the present grant were used. */
function nearlyUsedOn({ startsOn, grantedMinutes, usedMinutes, usedDays }: AttentionTerm): Day {
  let total = usedMinutes - usedDays.reduce((sum, { minutes }) => sum + minutes, 0);
  for (const { day, minutes } of usedDays) {
    total += minutes;
    if (isNearlyUsed({ grantedMinutes, usedMinutes: total })) return day;
  }
  return startsOn;
}

/** What the forecast of a day expects to be left at the end of the term. */
function expiringMinutes(term: AttentionTerm, on: Day, { forecastDays }: AttentionRules): number {
  const { from, windowDays } = forecastWindow(term.startsOn, on, forecastDays);
  const inWindow = term.usedDays.filter(({ day }) => from <= day && day <= on);
  return forecast({
    remainingMinutes: remaining(term),
    expiredMinutes: 0,
    usedMinutesInWindow: inWindow.reduce((sum, { minutes }) => sum + minutes, 0),
    windowDays,
    on,
    endsOn: term.endsOn,
  }).expiringMinutes;
}

function firstWorkingDay(from: Day, isWorkingDay: (day: Day) => boolean): Day {
  let day = from;
  while (!isWorkingDay(day)) day = dayAfter(day);
  return day;
}

function isEnrolled({ fromOn, untilOn }: Enrolment, day: Day): boolean {
  return fromOn <= day && (untilOn === null || day < untilOn);
}

const firstOfMonth = (day: Day): Day => `${monthOf(day)}-01`;
const dayAfter = (day: Day): Day => addDays(day, 1);
const latest = (one: Day, other: Day): Day => (one > other ? one : other);
