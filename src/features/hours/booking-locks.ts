import type { Day } from '../../domain/calendar.js';
import type { BookedEntry } from './booked-entry.js';
import type { BookingItem } from './booking-item.js';
import { dayKey } from './booking.store.js';

/** A subscription and the day of a consultant that a line changes. */
export interface AffectedPlace {
  subscriptionId: string;
  consultantId: string;
  day: Day;
  /** Where it is that of an older entry; else that of the day. */
  termId?: string;
}

/** What a line changes; nothing where it names an entry that is not among `entries`. */
export function affectedBy(line: BookingItem, entries: ReadonlyMap<string, BookedEntry>): AffectedPlace[] {
  if (line.kind === 'unreadable') return [];
  if (line.kind === 'log' || line.kind === 'adjust') {
    return [{ subscriptionId: line.subscriptionId, consultantId: line.entry.consultantId, day: line.entry.workDate }];
  }
  const old = entries.get(line.timeEntryId);
  if (old === undefined) return [];
  const { subscriptionId, termId, consultantId, workDate } = old;
  const taken = { subscriptionId, termId, consultantId, day: workDate };
  return line.kind === 'reverse'
    ? [taken]
    : [taken, { subscriptionId, consultantId: line.entry.consultantId, day: line.entry.workDate }];
}

/** The lock that keeps accounting months as they are; every booking needs it. */
export const lockOfMonths = 'months';
export const lockOfSubscription = (id: string): string => `subscription ${id}`;
/** `key` as of `dayKey`. */
export const lockOfDay = (key: string): string => `day ${key}`;

/** The names of the locks that lines need. */
export function locksOf(lines: readonly BookingItem[], entries: ReadonlyMap<string, BookedEntry>): Set<string> {
  const locks = new Set([lockOfMonths]);
  for (const line of lines) {
    for (const { subscriptionId, consultantId, day } of affectedBy(line, entries)) {
      locks.add(lockOfSubscription(subscriptionId)).add(lockOfDay(dayKey(consultantId, day)));
    }
  }
  return locks;
}

const subscriptionsIn = (locks: ReadonlySet<string>): string[] =>
  [...locks].filter((lock) => lock.startsWith(lockOfSubscription('')));

/** Whether some locks and others have a subscription in common. */
export const shareSubscription = (some: ReadonlySet<string>, others: ReadonlySet<string>): boolean =>
  subscriptionsIn(some).some((lock) => others.has(lock));

/** The subscriptions on which lines book that need one of some locks. */
export function subscriptionsNeeding(locks: ReadonlySet<string>, lines: readonly BookingItem[]): Set<string> {
  const found = new Set<string>();
  for (const line of lines) {
    for (const { subscriptionId, consultantId, day } of affectedBy(line, new Map())) {
      if (locks.has(lockOfSubscription(subscriptionId)) || locks.has(lockOfDay(dayKey(consultantId, day)))) {
        found.add(subscriptionId);
      }
    }
  }
  return found;
}
