import type { Day } from '../../domain/calendar.js';
import type { BookingItem } from './booking-item.js';
import { noEntries, type Booking, type NamedEntries } from './booking.js';
import { dayKey } from './booking.store.js';

/** A subscription and a consultant's day that an item changes. */
export interface AffectedPlace {
  subscriptionId: string;
  consultantId: string;
  day: Day;
  /** The term of an earlier entry; absent for a new one, whose term follows from its day. */
  termId?: string;
}

/** What an item changes; nothing if it names an entry that is not among `entries`. */
export function affectedBy(item: BookingItem, entries: NamedEntries): AffectedPlace[] {
  if (item.kind === 'unreadable') return [];
  if (item.kind === 'log' || item.kind === 'adjust') {
    return [{ subscriptionId: item.subscriptionId, consultantId: item.entry.consultantId, day: item.entry.workDate }];
  }
  const earlier = entries.get(item.timeEntryId);
  if (earlier === undefined) return [];
  const { subscriptionId, termId, consultantId, workDate } = earlier;
  const reversed = { subscriptionId, termId, consultantId, day: workDate };
  return item.kind === 'reverse'
    ? [reversed]
    : [reversed, { subscriptionId, consultantId: item.entry.consultantId, day: item.entry.workDate }];
}

/** Every booking shares this lock; closing a month takes it alone. */
export const lockOfMonths = 'months';
export const lockOfSubscription = (id: string): string => `subscription ${id}`;
/** `key` as made by `dayKey`. */
export const lockOfDay = (key: string): string => `day ${key}`;

/** The names of the locks that items need for themselves: all but that of the months. */
export function locksOf(items: readonly BookingItem[], entries: NamedEntries): Set<string> {
  const locks = new Set<string>();
  for (const item of items) {
    for (const { subscriptionId, consultantId, day } of affectedBy(item, entries)) {
      locks.add(lockOfSubscription(subscriptionId)).add(lockOfDay(dayKey(consultantId, day)));
    }
  }
  return locks;
}

/** What a booking needs for itself: the locks of its items, and its `Idempotency-Key`. */
export function locksOfBooking({ items, idempotency }: Booking, entries: NamedEntries): Set<string> {
  const locks = locksOf(items, entries);
  if (idempotency) locks.add(`key ${idempotency.scope.lockKey}`);
  return locks;
}

const subscriptionsIn = (locks: ReadonlySet<string>): string[] =>
  [...locks].filter((lock) => lock.startsWith(lockOfSubscription('')));

export const daysIn = (locks: ReadonlySet<string>): string[] =>
  [...locks].filter((lock) => lock.startsWith(lockOfDay('')));

/** Whether two sets of locks have a subscription in common. */
export const shareSubscription = (some: ReadonlySet<string>, others: ReadonlySet<string>): boolean =>
  subscriptionsIn(some).some((lock) => others.has(lock));

/** The subscriptions of the items that need one of these locks. */
export function subscriptionsNeeding(locks: ReadonlySet<string>, items: readonly BookingItem[]): Set<string> {
  const found = new Set<string>();
  for (const item of items) {
    for (const { subscriptionId, consultantId, day } of affectedBy(item, noEntries)) {
      if (locks.has(lockOfSubscription(subscriptionId)) || locks.has(lockOfDay(dayKey(consultantId, day)))) {
        found.add(subscriptionId);
      }
    }
  }
  return found;
}
