import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { dayAt, type Day } from '../../domain/calendar.js';
import { currentTerm, termOn, type Contract } from '../../domain/contract.js';
import { Refusal, statusOf } from '../../domain/refusals.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { TimeEntry } from '../../domain/time-entry.js';
import { Clock } from '../../platform/clock.js';
import { Database, type PipelinedTransaction, type Transaction } from '../../platform/database.js';
import { Gathering } from '../../platform/gathering.js';
import {
  findStored,
  isKept,
  refusalAgain,
  refusalKept,
  store as keepAnswers,
  lockKeys,
  whenKeyIsFree,
  type Scope,
  type StoredAnswer,
} from '../../platform/idempotency.js';
import { AllocationService } from '../allocations/allocation.service.js';
import { VisitService } from '../onsite/visit.service.js';
import { PeriodService } from '../periods/period.service.js';
import { AccountService } from '../subscriptions/account.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { RollOverService } from '../subscriptions/roll-over.service.js';
import type { BookedEntry } from './booked-entry.js';
import { Books, type Booked, type Known, type Reversed } from './books.js';
import { dayKey, DeskStore } from './desk.store.js';

/** One thing that is asked of the desk. `unreadable` is a row of a batch that was malformed and takes part only as such. */
export type Line =
  | { kind: 'log'; subscriptionId: string; entry: TimeEntry }
  | { kind: 'reverse'; timeEntryId: string; reason: string }
  | { kind: 'correct'; timeEntryId: string; reason: string; entry: TimeEntry }
  | { kind: 'unreadable'; refusal: Refusal };

/** What came of a line. A correction has both. */
export interface Outcome {
  reversed?: Reversed;
  logged?: Booked;
}

/** What is said in the end. */
export type Answer = { status: number; body: unknown } | { refusal: Refusal };

export interface Order {
  actor: Actor;
  lines: Line[];
  /** All lines or none. */
  atomic: boolean;
  dryRun: boolean;
  once?: { scope: Scope; bodyHash: string };
  /** Makes the answer of what came of the lines; it is called before anything is written. */
  answer: (outcomes: (Outcome | Refusal)[]) => Answer;
}

export interface Served {
  answer: Answer;
  /** It is the answer that was given to the first request with this key. */
  replayed: boolean;
}

/** A prototype was fastest with batches of up to 128; a heavier order (a batch of 1,000) goes alone. */
const fullWeight = 128;
const mostWaitingWeight = 20_000;

const contractsRemembered = 5_000;

/**
 * Every booking of hours passes here (§5): single entries, batches, reversals and corrections. Orders that arrive while a
 * transaction is in flight are gathered for the next one. It locks what they touch in one order (keys, months,
 * subscriptions, consultants' days), lets the rules decide each order in turn, and writes all that was accepted with one
 * statement. An order that fails the batch by a fault of its own is worked on again alone and harms nobody.
 */
@Injectable()
export class Desk implements BeforeApplicationShutdown {
  readonly #gathering = new Gathering<Order, Served>((orders) => this.#serve(orders), {
    weightOf: ({ lines }) => lines.length,
    fullWeight,
    mostWaitingWeight,
    retryAlone: (error) => !(error instanceof Refusal && error.code === 'database-unavailable'),
  });

  /** By subscription: contracts as last read under a lock. One is right as long as the subscription's revision is the same. */
  readonly #remembered = new Map<string, Known>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
    private readonly store: DeskStore,
    private readonly periods: PeriodService,
    private readonly contracts: ContractService,
    private readonly accounts: AccountService,
    private readonly rollOver: RollOverService,
    private readonly allocations: AllocationService,
    private readonly visits: VisitService,
  ) {}

  /**
   * Answers when what was accepted is committed.
   * @throws Refusal `overloaded`, `database-unavailable`, `idempotency-key-in-use`
   */
  book(order: Order): Promise<Served> {
    return whenKeyIsFree(() => this.#gathering.submit(order));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#gathering.idle();
  }

  #serve(orders: Order[]): Promise<Served[]> {
    return this.database.pipelined(async (tx) => {
      const now = this.clock.now();
      const answers = await this.#answersKept(tx, orders, now);
      const first = new Map<string, { scope: Scope; answer: StoredAnswer }>();
      const books = await this.#open(tx, orders, now);
      const served = orders.map((order): Served => {
        const { once } = order;
        const kept = once && (answers.get(once.scope.hash) ?? first.get(once.scope.hash)?.answer);
        if (once && kept) return again(kept, order, once.bodyHash, books);
        const answer = decide(order, books);
        const keep = once && keepable(answer, once.bodyHash);
        if (keep) first.set(once.scope.hash, { scope: once.scope, answer: keep });
        return { answer, replayed: false };
      });
      const { writes } = books;
      if (writes.ledger.length > 0) tx.last(() => this.store.write(tx, writes));
      if (first.size > 0) tx.last(() => keepAnswers(tx, [...first.values()], now));
      return served;
    });
  }

  async #answersKept(tx: Transaction, orders: readonly Order[], now: Date): Promise<Map<string, StoredAnswer>> {
    const scopes = orders.flatMap(({ once }) => (once ? [once.scope] : []));
    if (scopes.length === 0) return new Map();
    await lockKeys(tx, scopes);
    return findStored(tx, scopes, now);
  }

  /**
   * Locks what the orders touch and reads what the rules need to know. The statements go out together and are worked on in
   * this order, so whatever is read is read under the locks. Which terms to read is guessed from the contracts that are
   * remembered; where one has changed since, they are read again.
   */
  async #open(tx: PipelinedTransaction, orders: readonly Order[], now: Date): Promise<Books> {
    const lines = orders.flatMap(({ lines }) => lines);
    const named = lines.flatMap((line) => ('timeEntryId' in line ? [line.timeEntryId] : []));
    const entries = named.length > 0 ? await this.store.entries(tx, named) : new Map<string, BookedEntry>();
    const touched = lines.flatMap((line) => touchedBy(line, entries));
    const ids = [...new Set(touched.map(({ subscriptionId }) => subscriptionId))].sort();
    const days = new Map(touched.map(({ consultantId, day }) => [dayKey(consultantId, day), { consultantId, day }]));
    const guessed = termsOf(touched, this.#remembered, now);

    const [, locked, , , closedThrough, consultantDays, reversed, accountsGuessed] = await tx.together(
      () =>
        [
          this.periods.hold(tx),
          this.contracts.lock(tx, ids),
          this.store.lockDays(tx, [...days.keys()].sort()),
          tx.identify(),
          this.periods.closedThrough(tx),
          this.store.days(tx, [...days.values()]),
          named.length > 0 ? this.store.reversed(tx, named) : new Set<string>(),
          this.accounts.accounts(tx, guessed),
        ] as const,
    );
    const { known, asRemembered } = await this.#know(tx, locked, now);
    const accounts = asRemembered ? accountsGuessed : await this.accounts.accounts(tx, termsOf(touched, known, now));
    return new Books({ known, accounts, consultantDays, entries, reversed, closedThrough }, this.rules, now);
  }

  /**
   * The contracts of locked subscriptions: from memory where the revision is still the same. Where a term has ended by the
   * calendar and the job has not come by yet, the subscription is rolled first (§5).
   */
  async #know(
    tx: Transaction,
    locked: readonly { subscriptionId: string; revision: number }[],
    now: Date,
  ): Promise<{ known: Map<string, Known>; asRemembered: boolean }> {
    const known = new Map<string, Known>();
    const unknown: string[] = [];
    for (const { subscriptionId, revision } of locked) {
      const remembered = this.#remembered.get(subscriptionId);
      if (remembered?.contract.revision === revision) known.set(subscriptionId, remembered);
      else unknown.push(subscriptionId);
    }
    for (const [id, read] of await this.#read(tx, unknown)) {
      known.set(id, read);
      this.#remember(id, read);
    }
    const due = [...known].filter(([, { contract }]) => isDue(contract, now)).map(([id]) => id);
    if (due.length > 0) {
      await this.rollOver.rollOver(tx, due, now);
      // Not remembered: this transaction may yet be undone.
      for (const [id, read] of await this.#read(tx, due)) known.set(id, read);
    }
    return { known, asRemembered: unknown.length === 0 && due.length === 0 };
  }

  async #read(tx: Transaction, ids: string[]): Promise<Map<string, Known>> {
    if (ids.length === 0) return new Map();
    const contracts = await this.contracts.load(tx, ids);
    const sets = await this.allocations.setsOf(
      tx,
      [...contracts.values()].flatMap(({ terms }) => terms.map(({ id }) => id)),
    );
    const visits = await this.visits.ofSubscriptions(tx, ids);
    return new Map(
      [...contracts].map(([id, contract]) => {
        const ofTerms = contract.terms.flatMap((term) => {
          const found = sets.get(term.id);
          return found ? [[term.id, found] as const] : [];
        });
        return [id, { contract, assignments: { allocationSets: new Map(ofTerms), visits: visits.get(id) ?? [] } }];
      }),
    );
  }

  #remember(id: string, known: Known): void {
    this.#remembered.delete(id);
    this.#remembered.set(id, known);
    if (this.#remembered.size > contractsRemembered) {
      const [oldest] = this.#remembered.keys();
      this.#remembered.delete(oldest!);
    }
  }
}

interface Touched {
  subscriptionId: string;
  consultantId: string;
  day: Day;
  /** Where it is that of an older entry; else that of the day. */
  termId?: string;
}

/** The subscriptions and days of consultants that a line will change. */
function touchedBy(line: Line, entries: ReadonlyMap<string, BookedEntry>): Touched[] {
  if (line.kind === 'unreadable') return [];
  if (line.kind === 'log') {
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

/** The terms that are touched, each with today in its customer's zone, as far as their contracts are known. */
function termsOf(touched: readonly Touched[], known: ReadonlyMap<string, Known>, now: Date): Map<string, Day> {
  const terms = new Map<string, Day>();
  for (const { subscriptionId, day, termId } of touched) {
    const contract = known.get(subscriptionId)?.contract;
    if (contract === undefined) continue;
    const id = termId ?? termOn(contract, day)?.id;
    if (id !== undefined) terms.set(id, dayAt(now, contract.timeZone));
  }
  return terms;
}

function isDue(contract: Contract, now: Date): boolean {
  const term = currentTerm(contract);
  return term.status === 'open' && term.endsAt <= now;
}

/** Lets the rules decide an order, line by line; what is only tried, or not whole, is undone. */
function decide({ actor, lines, atomic, dryRun, answer }: Order, books: Books): Answer {
  const { mark } = books;
  try {
    const outcomes = lines.map((line) => outcomeOf(line, actor, books));
    const whole = !outcomes.some((outcome) => outcome instanceof Refusal);
    const answered = answer(outcomes);
    if (dryRun || (atomic && !whole)) books.undoTo(mark);
    return answered;
  } catch (error) {
    books.undoTo(mark);
    throw error;
  }
}

function outcomeOf(line: Line, actor: Actor, books: Books): Outcome | Refusal {
  try {
    switch (line.kind) {
      case 'log':
        return { logged: books.log(actor, line.subscriptionId, line.entry) };
      case 'reverse':
        return { reversed: books.reverse(actor, line.timeEntryId, line.reason) };
      case 'correct':
        return books.correct(actor, line.timeEntryId, line.reason, line.entry);
      case 'unreadable':
        return line.refusal;
    }
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** The first answer once more, except to somebody who may no longer see what it is about: tried anew, there is nothing. */
function again(kept: StoredAnswer, order: Order, bodyHash: string, books: Books): Served {
  if (kept.bodyHash !== bodyHash)
    return { answer: { refusal: new Refusal('idempotency-key-reused') }, replayed: false };
  const anew = decide({ ...order, dryRun: true }, books);
  if ('refusal' in anew && anew.refusal.code === 'not-found') return { answer: anew, replayed: false };
  const { status, body, refusal } = kept;
  return { answer: refusal ? { refusal: refusalAgain(refusal) } : { status, body }, replayed: true };
}

function keepable(answer: Answer, bodyHash: string): StoredAnswer | undefined {
  if (!('refusal' in answer)) return { bodyHash, status: answer.status, body: answer.body };
  const { refusal } = answer;
  return isKept(refusal) ? { bodyHash, status: statusOf(refusal.code), refusal: refusalKept(refusal) } : undefined;
}
