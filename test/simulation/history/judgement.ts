import { codeOf, type Booking } from './bookings.js';
import { dayOf, pairOf, type Chain } from './chain.js';
import type { StoredEntry, WantedEntry } from './history.js';

/** A limit that a refusal says is exceeded. */
export interface ExceededLimit {
  code: string;
  limitMinutes: number;
  usedMinutes: number;
  remainingMinutes: number;
}

/** What the answer decided about one entry of its request. */
export type Verdict = 'accepted' | readonly ExceededLimit[];

/** An entry that the service has judged, in the order of the request. */
export interface JudgedEntry {
  entry: WantedEntry;
  verdict: Verdict;
  /** The entry that a correction reverses first. */
  corrected?: StoredEntry;
}

export const limitCodes = [
  'hours-exhausted',
  'allocation-exhausted',
  'onsite-cap-exceeded',
  'consultant-day-exceeded',
] as const;

/** What the answer to a booking decided about its entries; empty if nothing was decided, or not by limits. */
export function judgedBy(
  { request, answer }: Pick<Booking, 'request' | 'answer'>,
  entries: ReadonlyMap<string, StoredEntry>,
): JudgedEntry[] {
  if (answer === undefined || request.kind === 'reverse' || codeOf(answer.body) === 'already-reversed') return [];
  if (request.kind === 'batch') {
    const { results } = answer.body as { results: { status: number; problem?: unknown }[] };
    return request.entries.map((entry, at) => ({
      entry,
      verdict: verdictOf(results[at]!.status, results[at]!.problem),
    }));
  }
  const corrected = request.kind === 'correct' ? entries.get(request.entryId) : undefined;
  return [{ entry: request.entry, verdict: verdictOf(answer.status, answer.body), ...(corrected && { corrected }) }];
}

function verdictOf(status: number, problem: unknown): Verdict {
  if (status === 201) return 'accepted';
  const { violations = [] } = (problem ?? {}) as { violations?: ExceededLimit[] };
  return violations.map(({ code, limitMinutes, usedMinutes, remainingMinutes }) => ({
    code,
    limitMinutes,
    usedMinutes,
    remainingMinutes,
  }));
}

/**
 * Whether the verdicts on a subscription follow from its figures at a position, and from the work of the entries before them in the
 * same request. `elsewhere`: the minutes that a consultant's day can have on other subscriptions.
 */
export function followsFrom(
  chain: Chain,
  position: number,
  judged: readonly JudgedEntry[],
  elsewhere: (day: string) => ReadonlySet<number>,
  consultantDayMinutes: number,
): boolean {
  const { subscriptionId, onsiteCapMinutes, allocations } = chain.agreement;
  const figures = chain.at(position);
  const [pairs, days] = [new Map<string, number>(), new Map<string, number>()];
  let [used, onsiteUsed] = [figures.usedMinutes, figures.onsiteUsedMinutes];
  const move = (entry: WantedEntry, direction: 1 | -1): void => {
    const minutes = direction * entry.minutes;
    days.set(dayOf(entry), (days.get(dayOf(entry)) ?? 0) + minutes);
    if (entry.subscriptionId !== subscriptionId) return;
    pairs.set(pairOf(entry), (pairs.get(pairOf(entry)) ?? 0) + minutes);
    used += minutes;
    if (entry.delivery === 'onsite') onsiteUsed += minutes;
  };
  const exceeded = (code: string, minutes: number, limit: Omit<ExceededLimit, 'code'>): ExceededLimit[] =>
    minutes > limit.remainingMinutes ? [{ code, ...limit }] : [];

  const limitsOf = (entry: WantedEntry): ExceededLimit[] => {
    const { minutes } = entry;
    const pair = pairOf(entry);
    const allocated = allocations.find((one) => pairOf(one) === pair)?.minutes ?? 0;
    const worked = chain.total(pair, position) + (pairs.get(pair) ?? 0);
    const unallocated = chain.unallocated(position, figures.grantedMinutes, pairs);
    return [
      ...exceeded('hours-exhausted', minutes, {
        limitMinutes: figures.grantedMinutes,
        usedMinutes: used,
        remainingMinutes: figures.grantedMinutes - used,
      }),
      ...exceeded('allocation-exhausted', minutes, {
        limitMinutes: allocated,
        usedMinutes: Math.min(worked, allocated),
        remainingMinutes: Math.max(0, allocated - worked) + unallocated,
      }),
      ...(entry.delivery === 'remote'
        ? []
        : exceeded('onsite-cap-exceeded', minutes, {
            limitMinutes: onsiteCapMinutes,
            usedMinutes: onsiteUsed,
            remainingMinutes: Math.max(0, onsiteCapMinutes - onsiteUsed),
          })),
    ];
  };
  const dayFollows = (entry: WantedEntry, reported: readonly ExceededLimit[]): boolean => {
    const here = chain.total(dayOf(entry), position) + (days.get(dayOf(entry)) ?? 0);
    return [...elsewhere(dayOf(entry))].some((minutes) => {
      const usedMinutes = here + minutes;
      const remainingMinutes = Math.max(0, consultantDayMinutes - usedMinutes);
      const limit = { limitMinutes: consultantDayMinutes, usedMinutes, remainingMinutes };
      return same(exceeded('consultant-day-exceeded', entry.minutes, limit), reported);
    });
  };

  for (const { entry, verdict, corrected } of judged) {
    if (corrected) move(corrected, -1);
    if (entry.subscriptionId === subscriptionId) {
      const reported = verdict === 'accepted' ? [] : verdict;
      const lowers = corrected !== undefined && onlyLowers(entry, corrected);
      const ofDay = reported.filter(({ code }) => code === 'consultant-day-exceeded');
      const ofTerm = reported.filter(({ code }) => code !== 'consultant-day-exceeded');
      if (!same(lowers ? [] : limitsOf(entry), ofTerm)) return false;
      if (!(lowers ? ofDay.length === 0 : dayFollows(entry, ofDay))) return false;
    }
    if (verdict === 'accepted') move(entry, 1);
  }
  return true;
}

/** A correction that only lowers its entry is not held to limits. */
const onlyLowers = (entry: WantedEntry, corrected: StoredEntry): boolean =>
  dayOf(entry) === dayOf(corrected) &&
  pairOf(entry) === pairOf(corrected) &&
  entry.minutes < corrected.minutes &&
  (entry.delivery === 'remote' || corrected.delivery === 'onsite');

const same = (some: readonly ExceededLimit[], others: readonly ExceededLimit[]): boolean =>
  JSON.stringify(some) === JSON.stringify(others);
