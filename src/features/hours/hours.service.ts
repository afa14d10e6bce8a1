import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor, type Visibility } from '../../domain/access.js';
import { monthOf } from '../../domain/calendar.js';
import type { FieldError } from '../../domain/field-errors.js';
import { pace } from '../../domain/pace.js';
import { Refusal, statusOf } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { TimeEntry } from '../../domain/time-entry.js';
import { warnings, warningsAfter } from '../../domain/warnings.js';
import type { Transaction } from '../../platform/database/database.js';
import type { Language } from '../../domain/language.js';
import { page, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { problemOf } from '../../platform/http/problems.js';
import { check } from '../../platform/http/validation.js';
import { say } from '../../platform/sentences.js';
import { monthAsked } from '../periods/month-asked.js';
import { balanceAnswer } from '../ledger/term-balance.js';
import type { BalanceAnswer } from '../ledger/balance.dto.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { AssignedNames } from './assigned-names.js';
import type { BookingItem } from './booking-item.js';
import type { BookingAnswer, Booking, ItemOutcome, BookingResult } from './booking.js';
import type { LoggedEntry, ReversedEntry } from './working-ledger.js';
import { BookingQueue } from './booking-queue.js';
import {
  NewTimeEntryOfSubscription,
  type BatchRowAnswer,
  type NewAdjustment,
  type NewBatch,
  type NewCorrection,
  type NewReversal,
  type NewTimeEntry,
  type TimeEntryList,
  type TimeEntriesQuery,
  type TimeEntryAnswer,
  type WarningAnswer,
} from './time-entry.dto.js';
import { TimeEntryStore } from './time-entry.store.js';

/** ReadBookingRequest a request wants to be served, beside what it asks for. */
export interface BookingRequest {
  actor: Actor;
  language: Language;
  /** The address asked, for problem documents within an answer. */
  instance: string;
  dryRun: boolean;
  once: Booking['once'];
}

/** What CSMs do with hours (§5): log, take back, correct, by the batch, and look them up. */
@Injectable()
export class HoursService {
  constructor(
    private readonly queue: BookingQueue,
    private readonly contracts: ContractService,
    private readonly entries: TimeEntryStore,
    private readonly assigned: AssignedNames,
    private readonly rules: ServiceRules,
  ) {}

  /** Logs one entry. */
  log(request: BookingRequest, subscriptionId: string, body: NewTimeEntry): Promise<BookingResult> {
    return this.#single(request, { kind: 'log', subscriptionId, entry: entryOf(body) }, ({ logged }) => ({
      status: request.dryRun ? 200 : 201,
      body: this.#loggedAnswer(logged!, request.language),
    }));
  }

  /**
   * Logs forgotten work of a closed month, which counts in the first open month (§12).
   * @throws Refusal `malformed-month`, `malformed-body`
   */
  adjust(
    request: BookingRequest,
    asked: string,
    { reason, subscriptionId, ...body }: NewAdjustment,
  ): Promise<BookingResult> {
    const month = monthAsked(asked);
    if (monthOf(body.workDate) !== month) {
      const error: FieldError = { pointer: '/workDate', code: 'other-month', params: { month } };
      throw new Refusal('malformed-body', {}, { errors: [error] });
    }
    const line: BookingItem = { kind: 'adjust', month, subscriptionId, reason, entry: entryOf(body) };
    return this.#single(request, line, ({ logged }) => ({
      status: request.dryRun ? 200 : 201,
      body: this.#loggedAnswer(logged!, request.language),
    }));
  }

  /** Takes an entry back. */
  reverse(
    request: BookingRequest,
    timeEntryId: string,
    { reason, customerNote = null }: NewReversal,
  ): Promise<BookingResult> {
    const line: BookingItem = { kind: 'reverse', timeEntryId, why: { reason, customerNote } };
    return this.#single(request, line, ({ reversed }) => ({
      status: request.dryRun ? 200 : 201,
      body: { reversed: takenBack(reversed!), balance: this.#balance(reversed!) },
    }));
  }

  /** Takes an entry back and logs another in its place. */
  correct(
    request: BookingRequest,
    timeEntryId: string,
    { reason, customerNote = null, ...body }: NewCorrection,
  ): Promise<BookingResult> {
    const line: BookingItem = { kind: 'correct', timeEntryId, why: { reason, customerNote }, entry: entryOf(body) };
    return this.#single(request, line, ({ reversed, logged }) => ({
      status: request.dryRun ? 200 : 201,
      body: { reversed: takenBack(reversed!), ...this.#loggedAnswer(logged!, request.language) },
    }));
  }

  /** Logs up to 1,000 entries; malformed ones are refused in their places. */
  async logBatch(request: BookingRequest, { atomic, entries }: NewBatch): Promise<BookingResult> {
    return this.queue.book({
      actor: request.actor,
      lines: entries.map(lineOf),
      atomic,
      dryRun: request.dryRun,
      once: request.once,
      answer: (outcomes) => this.#batchAnswer(request, atomic, outcomes),
    });
  }

  /** The entries of a subscription, or of all visible. */
  async list(
    tx: Transaction,
    actor: Actor,
    { limit, cursor, ...filter }: TimeEntriesQuery,
    subscriptionId?: string,
  ): Promise<TimeEntryList> {
    const visibility = visibilityOf(actor, 'time-entries.read');
    if (subscriptionId !== undefined) await this.contracts.see(tx, visibility, subscriptionId);
    const after = readCursor(cursor, ['day', 'id']);
    const rows = await this.entries.list(tx, visibility, { ...filter, subscriptionId }, after, rowsToFetch(limit));
    const shown = rows.map((row) => shownTo(visibility, row));
    return page(shown, limit, ({ workDate, id }) => [workDate, id]);
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<TimeEntryAnswer> {
    const visibility = visibilityOf(actor, 'time-entries.read');
    const [entry] = await this.entries.list(tx, visibility, { id }, undefined, 1);
    if (entry === undefined) throw new Refusal('not-found');
    return shownTo(visibility, entry);
  }

  /** ReadBookingRequest many entries of a subscription have not been taken back. */
  standing(tx: Transaction, subscriptionId: string): Promise<number> {
    return this.entries.standing(tx, subscriptionId);
  }

  /** Those of these ids that are entries visible. */
  known(tx: Transaction, visibility: Visibility, ids: readonly string[]): Promise<Set<string>> {
    return this.entries.known(tx, visibility, ids);
  }

  async #single(
    { actor, dryRun, once }: BookingRequest,
    line: BookingItem,
    say: (outcome: ItemOutcome) => BookingAnswer,
  ): Promise<BookingResult> {
    const served = await this.queue.book({
      actor,
      lines: [line],
      atomic: true,
      dryRun,
      once,
      answer: ([outcome]) => (outcome instanceof Refusal ? { refusal: outcome } : say(outcome!)),
    });
    const { answer } = served;
    if (!('refusal' in answer)) return served;
    return { ...served, answer: { refusal: await this.assigned.named(answer.refusal) } };
  }

  #batchAnswer(
    { language, instance }: BookingRequest,
    atomic: boolean,
    outcomes: (ItemOutcome | Refusal)[],
  ): BookingAnswer {
    const refused = outcomes.filter((outcome) => outcome instanceof Refusal).length;
    const nothing = atomic && refused > 0;
    const results = outcomes.map((outcome): BatchRowAnswer => {
      if (outcome instanceof Refusal) return { status: statusOf(outcome.code), problem: problemOf(outcome, language) };
      if (nothing) return { status: 201 };
      const { entry, warnings } = this.#loggedAnswer(outcome.logged!, language);
      return { status: 201, entry, warnings };
    });
    if (!nothing) return { status: 200, body: { accepted: outcomes.length - refused, refused, results } };
    const problem = problemOf(new Refusal('rules-violated', { count: refused }), language, instance);
    return { status: problem.status, body: { ...problem, accepted: 0, refused, results } };
  }

  #loggedAnswer(booked: LoggedEntry, language: Language) {
    const { entry, account, term, today, equalId } = booked;
    return {
      entry: { ...entry, reversal: null },
      balance: this.#balance(booked),
      warnings: warningsAfter(entry, account, pace(term.plan, account.balance.usedMinutes, today), equalId).map(
        ({ code, params, timeEntryId }): WarningAnswer => ({
          code,
          detail: say(warnings[code][language], language, params),
          ...(timeEntryId !== undefined && { timeEntryId }),
        }),
      ),
    };
  }

  #balance({ term, account, today }: LoggedEntry): BalanceAnswer {
    return balanceAnswer(term, account, today, this.rules);
  }
}

function entryOf(body: NewTimeEntry): TimeEntry {
  const { workDate, minutes, consultantId, productLineId, activity, delivery, summary } = body;
  const { visitId = null, reference = null, severity = null } = body;
  if (delivery === 'remote' && visitId !== null) {
    throw new Refusal('malformed-body', {}, { errors: [{ pointer: '/visitId', code: 'onsite-only' }] });
  }
  return { workDate, minutes, consultantId, productLineId, activity, delivery, visitId, summary, reference, severity };
}

function lineOf(row: unknown): BookingItem {
  const checked = check(NewTimeEntryOfSubscription, row);
  if ('errors' in checked) return { kind: 'unreadable', refusal: new Refusal('malformed-body', {}, checked) };
  try {
    return { kind: 'log', subscriptionId: checked.value.subscriptionId, entry: entryOf(checked.value) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'unreadable', refusal: error };
    throw error;
  }
}

/** Reasons are for staff: a customer reads the note that was written for the customer. */
function shownTo(visibility: Visibility, entry: TimeEntryAnswer): TimeEntryAnswer {
  if (visibility.kind !== 'own') return entry;
  return { ...entry, adjustmentReason: null, reversal: entry.reversal && { ...entry.reversal, reason: null } };
}

function takenBack({ entry, reversal }: ReversedEntry): TimeEntryAnswer {
  return { ...entry, reversal };
}
