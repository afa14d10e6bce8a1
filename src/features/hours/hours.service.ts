import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor, type Viewer, type Visibility } from '../../domain/access.js';
import { pairKey, type WorkedByPair } from '../../domain/allocation.js';
import { monthOf, type Day } from '../../domain/calendar.js';
import type { FieldError } from '../../domain/field-errors.js';
import { Refusal } from '../../domain/refusal.js';
import type { TimeEntry } from '../../domain/time-entry.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Statement } from '../../platform/database/snapshot.js';
import type { Language } from '../../domain/language.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { check } from '../../platform/http/validation.js';
import { AssignedNames, needsNames } from '../allocations/assigned-names.js';
import { monthAsked } from '../periods/month-asked.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { BookingItem, ReversalReason } from './booking-item.js';
import type { Booking, BookingResult } from './booking.js';
import { BookingQueue } from './booking-queue.js';
import {
  NewTimeEntryOfSubscription,
  type NewAdjustment,
  type NewBatch,
  NewCorrection,
  NewReversal,
  type ChangesAnswer,
  type NewTimeEntry,
  type TimeEntryList,
  type TimeEntriesQuery,
  type TimeEntryAnswer,
} from './time-entry.dto.js';
import { TimeEntryStore, type EntryOrder, type MatchedReference, type WorkedMonth } from './time-entry.store.js';

/** What every booking takes from its HTTP request. */
export type BookingRequest = Pick<Booking, 'actor' | 'dryRun' | 'idempotency'> & {
  language: Language;
  /** The address of the request, for problem documents within the answer. */
  instance: string;
};

/** A change of hours, with a name that is unique in its request. */
export type NamedChange = { name: string } & (
  | { kind: 'log'; entry: NewTimeEntryOfSubscription }
  | { kind: 'correct'; timeEntryId: string; body: NewCorrection }
  | { kind: 'reverse'; timeEntryId: string; body: NewReversal }
);

/** What CSMs do with hours (§5): log, reverse and correct them, one by one or in batches, and look them up. */
@Injectable()
export class HoursService {
  constructor(
    private readonly queue: BookingQueue,
    private readonly contracts: ContractService,
    private readonly entries: TimeEntryStore,
    private readonly assigned: AssignedNames,
    private readonly database: Database,
  ) {}

  /** Logs one entry. */
  log(request: BookingRequest, subscriptionId: string, body: NewTimeEntry): Promise<BookingResult> {
    return this.#bookOne(request, logItem(subscriptionId, body));
  }

  /**
   * Logs forgotten work of a closed month, which counts in the first open month (§12).
   * @throws Refusal `malformed-month`, `malformed-body`
   */
  adjust(
    request: BookingRequest,
    monthText: string,
    { reason, subscriptionId, ...body }: NewAdjustment,
  ): Promise<BookingResult> {
    const month = monthAsked(monthText);
    if (monthOf(body.workDate) !== month) {
      const error: FieldError = { pointer: '/workDate', code: 'other-month', params: { month } };
      throw new Refusal('malformed-body', {}, { errors: [error] });
    }
    return this.#bookOne(request, { kind: 'adjust', month, subscriptionId, reason, ...entryAndSession(body) });
  }

  /** Reverses an entry. */
  reverse(
    request: BookingRequest,
    timeEntryId: string,
    { reason, customerNote = null }: NewReversal,
  ): Promise<BookingResult> {
    return this.#bookOne(request, { kind: 'reverse', timeEntryId, why: { reason, customerNote } });
  }

  /** Reverses an entry and logs another one in its place. */
  correct(
    request: BookingRequest,
    timeEntryId: string,
    { reason, customerNote = null, ...body }: NewCorrection,
  ): Promise<BookingResult> {
    const why = { reason, customerNote };
    return this.#bookOne(request, { kind: 'correct', timeEntryId, why, ...entryAndSession(body) });
  }

  /** Logs up to 1,000 entries. Malformed ones are refused in their places. */
  async logBatch(request: BookingRequest, { atomic, entries }: NewBatch): Promise<BookingResult> {
    return this.queue.book(bookingOf(request, entries.map(itemOf), { kind: 'batch', atomic }));
  }

  /**
   * Logs, corrects and reverses entries in one transaction, each change for itself: a refused one keeps no other one from being
   * booked. A repeated request gets the first answer, whose changes the caller recognises by their names.
   * @throws Refusal that concerns the whole request, such as `idempotency-key-reused`
   */
  async change(
    { actor, dryRun, idempotency, language }: Omit<BookingRequest, 'instance'>,
    changes: readonly NamedChange[],
  ): Promise<ChangesAnswer> {
    const items = changes.map(itemOfChange);
    const names = changes.map(({ name }) => name);
    const answerFormat = { kind: 'changes', language, names } as const;
    const { answer } = await this.queue.book({ actor, items, atomic: false, dryRun, idempotency, answerFormat });
    if ('refusal' in answer) throw answer.refusal;
    return answer.body as ChangesAnswer;
  }

  /**
   * Reverses all of these entries or none. `alsoWrite` commits together with the reversals.
   * @throws Refusal of the first entry that cannot be reversed
   */
  async reverseAll(
    actor: Actor,
    timeEntryIds: readonly string[],
    why: ReversalReason,
    alsoWrite: Statement,
  ): Promise<void> {
    const items = timeEntryIds.map((timeEntryId): BookingItem => ({ kind: 'reverse', timeEntryId, why }));
    const answerFormat = { kind: 'none' } as const;
    const { answer } = await this.queue.book({ actor, items, atomic: true, dryRun: false, answerFormat, alsoWrite });
    if ('refusal' in answer) throw answer.refusal;
  }

  /** The visible entries, of one subscription or of all. A cursor belongs to the order of its list. */
  async list(
    tx: Transaction,
    actor: Actor,
    { limit, cursor, ...filter }: TimeEntriesQuery & { reference?: string },
    subscriptionId?: string,
    order: EntryOrder = 'oldest-first',
  ): Promise<TimeEntryList> {
    const visibility = visibilityOf(actor, 'time-entries.read');
    if (subscriptionId !== undefined) await this.contracts.see(tx, visibility, subscriptionId);
    const after = readCursor(cursor, ['day', 'id']);
    const asked = { ...filter, subscriptionId };
    const rows = await this.entries.list(tx, visibility, asked, after, rowsToFetch(limit), order);
    const shown = rows.map((row) => shownTo(visibility, row));
    return page(shown, limit, ({ workDate, id }) => [workDate, id]);
  }

  /** The work of a subscription by month, under the filter of a list. Reversed entries do not count. */
  async workedByMonth(
    tx: Transaction,
    actor: Actor,
    subscriptionId: string,
    filter: Omit<TimeEntriesQuery, keyof PageQuery>,
  ): Promise<WorkedMonth[]> {
    await this.contracts.see(tx, visibilityOf(actor, 'time-entries.read'), subscriptionId);
    return this.entries.workedByMonth(tx, subscriptionId, filter);
  }

  /** The product lines on which work of a subscription was logged. */
  async workedLines(tx: Transaction, actor: Actor, subscriptionId: string): Promise<string[]> {
    await this.contracts.see(tx, visibilityOf(actor, 'time-entries.read'), subscriptionId);
    return this.entries.workedLines(tx, subscriptionId);
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<TimeEntryAnswer> {
    const visibility = visibilityOf(actor, 'time-entries.read');
    const [entry] = await this.entries.list(tx, visibility, { id }, undefined, 1);
    if (entry === undefined) throw new Refusal('not-found');
    return shownTo(visibility, entry);
  }

  /** References of visible entries, for example case numbers, that begin with a text. Width and case are ignored. */
  references(tx: Transaction, viewer: Viewer, text: string, limit: number): Promise<MatchedReference[]> {
    return this.entries.references(tx, visibilityOf(viewer, 'time-entries.read'), text, limit);
  }

  /** Which of these entries may have been logged twice. The caller has checked that they are visible. */
  repeated(tx: Transaction, ids: readonly string[]): Promise<Set<string>> {
    return this.entries.repeated(tx, ids);
  }

  /** The number of entries of a subscription that are not reversed. */
  standing(tx: Transaction, subscriptionId: string): Promise<number> {
    return this.entries.standing(tx, subscriptionId);
  }

  /** The minutes worked in a term up to a day, net of reversals. */
  async workedByPair(tx: Transaction, subscriptionId: string, termId: string, throughOn: Day): Promise<WorkedByPair> {
    const rows = await this.entries.workedByPair(tx, subscriptionId, termId, throughOn);
    return new Map(rows.map(({ minutes, ...pair }) => [pairKey(pair), minutes]));
  }

  /** The ids of visible entries among `ids`. */
  known(tx: Transaction, visibility: Visibility, ids: readonly string[]): Promise<Set<string>> {
    return this.entries.known(tx, visibility, ids);
  }

  async #bookOne(request: BookingRequest, item: BookingItem): Promise<BookingResult> {
    const result = await this.queue.book(bookingOf(request, [item], { kind: 'entry', atomic: true }));
    const { answer } = result;
    if (!('refusal' in answer) || !needsNames(answer.refusal)) return result;
    const refusal = await this.database.read((tx) => this.assigned.named(tx, answer.refusal));
    return { ...result, answer: { refusal } };
  }
}

function bookingOf(
  { actor, dryRun, idempotency, language, instance }: BookingRequest,
  items: BookingItem[],
  { kind, atomic }: { kind: 'entry' | 'batch'; atomic: boolean },
): Booking {
  return { actor, items, atomic, dryRun, idempotency, answerFormat: { kind, language, instance } };
}

function entryOf(body: NewTimeEntry): TimeEntry {
  const { workDate, minutes, consultantId, productLineId, activity, delivery, summary } = body;
  const { visitId = null, reference = null, severity = null } = body;
  if (delivery === 'remote' && visitId !== null) {
    throw new Refusal('malformed-body', {}, { errors: [{ pointer: '/visitId', code: 'onsite-only' }] });
  }
  return { workDate, minutes, consultantId, productLineId, activity, delivery, visitId, summary, reference, severity };
}

const entryAndSession = (body: NewTimeEntry) => ({ entry: entryOf(body), plannedSessionId: body.plannedSessionId });

function logItem(subscriptionId: string, body: NewTimeEntry): BookingItem {
  return { kind: 'log', subscriptionId, ...entryAndSession(body) };
}

function itemOf(row: unknown): BookingItem {
  const checked = check(NewTimeEntryOfSubscription, row);
  if ('errors' in checked) return { kind: 'unreadable', refusal: new Refusal('malformed-body', {}, checked) };
  try {
    return logItem(checked.value.subscriptionId, checked.value);
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'unreadable', refusal: error };
    throw error;
  }
}

function itemOfChange(change: NamedChange): BookingItem {
  if (change.kind === 'log') return itemOf(change.entry);
  const { kind, timeEntryId } = change;
  const checked = kind === 'reverse' ? check(NewReversal, change.body) : check(NewCorrection, change.body);
  if ('errors' in checked) return { kind: 'unreadable', refusal: new Refusal('malformed-body', {}, checked) };
  const { reason, customerNote = null } = checked.value;
  const why = { reason, customerNote };
  return kind === 'reverse' ? { kind, timeEntryId, why } : { kind, timeEntryId, why, ...entryAndSession(change.body) };
}

/** Customers do not see the reasons of staff, only the note that was written for them. */
function shownTo(visibility: Visibility, entry: TimeEntryAnswer): TimeEntryAnswer {
  if (visibility.kind !== 'own') return entry;
  return { ...entry, adjustmentReason: null, reversal: entry.reversal && { ...entry.reversal, reason: null } };
}
