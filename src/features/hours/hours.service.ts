import { Injectable } from '@nestjs/common';
import { sightOf, type Actor, type Sight } from '../../domain/access.js';
import { monthOf } from '../../domain/calendar.js';
import type { FieldError } from '../../domain/field-errors.js';
import { pace } from '../../domain/pace.js';
import { Refusal, statusOf } from '../../domain/refusals.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { TimeEntry } from '../../domain/time-entry.js';
import { warnings, warningsAfter } from '../../domain/warnings.js';
import type { Transaction } from '../../platform/database.js';
import type { Language } from '../../platform/http/language.js';
import { page, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { problemOf } from '../../platform/http/problems.js';
import { check } from '../../platform/http/validation.js';
import { say } from '../../platform/sentences.js';
import { monthAsked } from '../periods/month-asked.js';
import { balanceAnswer } from '../subscriptions/account.js';
import type { BalanceAnswer } from '../subscriptions/balance.dto.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { AssignedNames } from './assigned-names.js';
import type { Line } from './booking-line.js';
import type { Answer, Order, Outcome, Served } from './booking-order.js';
import type { Booked, Reversed } from './books.js';
import { Desk } from './desk.js';
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

/** How a request wants to be served, beside what it asks for. */
export interface Manner {
  actor: Actor;
  language: Language;
  /** The address asked, for problem documents within an answer. */
  instance: string;
  dryRun: boolean;
  once: Order['once'];
}

/** What CSMs do with hours (§5): log, take back, correct, by the batch, and look them up. */
@Injectable()
export class HoursService {
  constructor(
    private readonly desk: Desk,
    private readonly contracts: ContractService,
    private readonly entries: TimeEntryStore,
    private readonly assigned: AssignedNames,
    private readonly rules: ServiceRules,
  ) {}

  /** Logs one entry. */
  log(manner: Manner, subscriptionId: string, body: NewTimeEntry): Promise<Served> {
    return this.#single(manner, { kind: 'log', subscriptionId, entry: entryOf(body) }, ({ logged }) => ({
      status: manner.dryRun ? 200 : 201,
      body: this.#loggedAnswer(logged!, manner.language),
    }));
  }

  /**
   * Logs forgotten work of a closed month, which counts in the first open month (§12).
   * @throws Refusal `malformed-month`, `malformed-body`
   */
  adjust(manner: Manner, asked: string, { reason, subscriptionId, ...body }: NewAdjustment): Promise<Served> {
    const month = monthAsked(asked);
    if (monthOf(body.workDate) !== month) {
      const error: FieldError = { pointer: '/workDate', code: 'other-month', params: { month } };
      throw new Refusal('malformed-body', {}, { errors: [error] });
    }
    const line: Line = { kind: 'adjust', month, subscriptionId, reason, entry: entryOf(body) };
    return this.#single(manner, line, ({ logged }) => ({
      status: manner.dryRun ? 200 : 201,
      body: this.#loggedAnswer(logged!, manner.language),
    }));
  }

  /** Takes an entry back. */
  reverse(manner: Manner, timeEntryId: string, { reason, customerNote = null }: NewReversal): Promise<Served> {
    const line: Line = { kind: 'reverse', timeEntryId, why: { reason, customerNote } };
    return this.#single(manner, line, ({ reversed }) => ({
      status: manner.dryRun ? 200 : 201,
      body: { reversed: takenBack(reversed!), balance: this.#balance(reversed!) },
    }));
  }

  /** Takes an entry back and logs another in its place. */
  correct(
    manner: Manner,
    timeEntryId: string,
    { reason, customerNote = null, ...body }: NewCorrection,
  ): Promise<Served> {
    const line: Line = { kind: 'correct', timeEntryId, why: { reason, customerNote }, entry: entryOf(body) };
    return this.#single(manner, line, ({ reversed, logged }) => ({
      status: manner.dryRun ? 200 : 201,
      body: { reversed: takenBack(reversed!), ...this.#loggedAnswer(logged!, manner.language) },
    }));
  }

  /** Logs up to 1,000 entries; malformed ones are refused in their places. */
  async logBatch(manner: Manner, { atomic, entries }: NewBatch): Promise<Served> {
    return this.desk.book({
      actor: manner.actor,
      lines: entries.map(lineOf),
      atomic,
      dryRun: manner.dryRun,
      once: manner.once,
      answer: (outcomes) => this.#batchAnswer(manner, atomic, outcomes),
    });
  }

  /** The entries of a subscription, or of all in sight. */
  async list(
    tx: Transaction,
    actor: Actor,
    { limit, cursor, ...filter }: TimeEntriesQuery,
    subscriptionId?: string,
  ): Promise<TimeEntryList> {
    const sight = sightOf(actor, 'time-entries.read');
    if (subscriptionId !== undefined) await this.contracts.see(tx, sight, subscriptionId);
    const after = readCursor(cursor, ['day', 'id']);
    const rows = await this.entries.list(tx, sight, { ...filter, subscriptionId }, after, rowsToFetch(limit));
    const shown = rows.map((row) => shownTo(sight, row));
    return page(shown, limit, ({ workDate, id }) => [workDate, id]);
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<TimeEntryAnswer> {
    const sight = sightOf(actor, 'time-entries.read');
    const [entry] = await this.entries.list(tx, sight, { id }, undefined, 1);
    if (entry === undefined) throw new Refusal('not-found');
    return shownTo(sight, entry);
  }

  /** How many entries of a subscription have not been taken back. */
  standing(tx: Transaction, subscriptionId: string): Promise<number> {
    return this.entries.standing(tx, subscriptionId);
  }

  /** Those of these ids that are entries in sight. */
  known(tx: Transaction, sight: Sight, ids: readonly string[]): Promise<Set<string>> {
    return this.entries.known(tx, sight, ids);
  }

  async #single({ actor, dryRun, once }: Manner, line: Line, say: (outcome: Outcome) => Answer): Promise<Served> {
    const served = await this.desk.book({
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

  #batchAnswer({ language, instance }: Manner, atomic: boolean, outcomes: (Outcome | Refusal)[]): Answer {
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

  #loggedAnswer(booked: Booked, language: Language) {
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

  #balance({ term, account, today }: Booked): BalanceAnswer {
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

function lineOf(row: unknown): Line {
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
function shownTo(sight: Sight, entry: TimeEntryAnswer): TimeEntryAnswer {
  if (sight.kind !== 'own') return entry;
  return { ...entry, adjustmentReason: null, reversal: entry.reversal && { ...entry.reversal, reason: null } };
}

function takenBack({ entry, reversal }: Reversed): TimeEntryAnswer {
  return { ...entry, reversal };
}
