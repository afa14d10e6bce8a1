import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { equalityText } from '../../domain/equal-entries.js';
import { Refusal, statusOf } from '../../domain/refusals.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Transaction } from '../../platform/database.js';
import { Gathering, type GatheringOptions } from '../../platform/gathering.js';
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
import type { BookedEntry } from './booked-entry.js';
import { Bookkeeping, type Line } from './bookkeeping.js';
import { Books, type Booked, type Reversed } from './books.js';
import { DeskStore } from './desk.store.js';
import { equalityKey } from './equality-key.js';
import { ImportHolds } from './import-holds.js';

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
  /** Sends a statement with those that write what was accepted; not where the order is refused. */
  alsoWrite?: (tx: Transaction) => Promise<unknown>;
}

export interface Served {
  answer: Answer;
  /** It is the answer that was given to the first request with this key. */
  replayed: boolean;
}

/** A prototype was fastest with batches of up to 128; a heavier order (a batch of 1,000) goes alone. */
const fullWeight = 128;
const mostWaitingWeight = 20_000;

const gatheringOptions: GatheringOptions<Order> = {
  weightOf: ({ lines }) => lines.length,
  userOf: ({ actor }) => actor.userId,
  fullWeight,
  mostWaitingWeight,
  retryAlone: (error) => !(error instanceof Refusal && error.code === 'database-unavailable'),
};

/**
 * Every booking of hours passes here (§5): single entries, batches, reversals, corrections and adjustments. Orders that arrive while a
 * transaction is in flight are gathered for the next one. It locks what they touch in one order (keys, months,
 * subscriptions, consultants' days), lets the rules decide each order in turn, and writes all that was accepted with one
 * statement. An order that fails the batch by a fault of its own is worked on again alone and harms nobody. Dry runs are
 * gathered by themselves: their transaction is rolled back, with the terms that it had to roll over first.
 */
@Injectable()
export class Desk implements BeforeApplicationShutdown {
  readonly #gathering = new Gathering<Order, Served>((orders) => this.#serve(orders), gatheringOptions);
  readonly #dryRuns = new Gathering<Order, Served>((orders) => this.#serveDry(orders), gatheringOptions);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
    private readonly store: DeskStore,
    private readonly bookkeeping: Bookkeeping,
    private readonly holds: ImportHolds,
  ) {}

  /**
   * Answers when what was accepted is committed.
   * @throws Refusal `overloaded`, `database-unavailable`, `idempotency-key-in-use`
   */
  book(order: Order): Promise<Served> {
    const gathering = order.dryRun ? this.#dryRuns : this.#gathering;
    return whenKeyIsFree(() => this.holds.pass(order.lines, () => gathering.submit(order)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.holds.idle();
    await this.#gathering.idle();
    await this.#dryRuns.idle();
  }

  async #serveDry(orders: Order[]): Promise<Served[]> {
    try {
      return await this.#serve(orders, (served) => {
        throw new TakenBack(served);
      });
    } catch (error) {
      if (error instanceof TakenBack) return error.served;
      throw error;
    }
  }

  /** `ending` has the last word before the commit. */
  #serve(orders: Order[], ending: (served: Served[]) => Served[] = (served) => served): Promise<Served[]> {
    return this.database.pipelined(async (tx) => {
      const now = this.clock.now();
      const answers = await this.#answersKept(tx, orders, now);
      const first = new Map<string, { scope: Scope; answer: StoredAnswer }>();
      const lines = orders.flatMap((order) => order.lines);
      const { also: equal, ...facts } = await this.bookkeeping.open(tx, lines, now, {
        recentUse: true,
        alsoRead: (entries) => this.#equalEntries(tx, lines, entries),
      });
      const books = new Books({ ...facts, equal }, this.rules, now);
      const served = orders.map((order): Served => {
        const { once } = order;
        const kept = once && (answers.get(once.scope.hash) ?? first.get(once.scope.hash)?.answer);
        if (once && kept) return again(kept, order, once.bodyHash, books);
        const answer = decide(order, books);
        const { alsoWrite } = order;
        if (alsoWrite && !('refusal' in answer)) tx.last(() => alsoWrite(tx));
        const keep = once && keepable(answer, once.bodyHash);
        if (keep) first.set(once.scope.hash, { scope: once.scope, answer: keep });
        return { answer, replayed: false };
      });
      const { writes } = books;
      if (writes.ledger.length > 0) tx.last(() => this.store.write(tx, writes));
      if (first.size > 0) tx.last(() => keepAnswers(tx, [...first.values()], now));
      return ending(served);
    });
  }

  /** What may equal the entries to be logged: one that stands, beside those that the same lines may take back. */
  async #equalEntries(
    tx: Transaction,
    lines: readonly Line[],
    entries: ReadonlyMap<string, BookedEntry>,
  ): Promise<Map<string, string[]>> {
    const keys = new Set<number>();
    for (const line of lines) {
      if (!('entry' in line)) continue;
      const subscriptionId =
        line.kind === 'correct' ? entries.get(line.timeEntryId)?.subscriptionId : line.subscriptionId;
      if (subscriptionId !== undefined) keys.add(equalityKey(equalityText(subscriptionId, line.entry)).key);
    }
    return keys.size > 0 ? this.store.equalEntries(tx, [...keys], 1 + entries.size) : new Map<string, string[]>();
  }

  async #answersKept(tx: Transaction, orders: readonly Order[], now: Date): Promise<Map<string, StoredAnswer>> {
    const scopes = orders.flatMap(({ once }) => (once ? [once.scope] : []));
    if (scopes.length === 0) return new Map();
    await lockKeys(tx, scopes);
    return findStored(tx, scopes, now);
  }
}

/** Carries the answers of dry runs out of their transaction, and lets it roll back. */
class TakenBack extends Error {
  constructor(readonly served: Served[]) {
    super('Dry runs are taken back');
  }
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
      case 'adjust':
        return { logged: books.adjust(actor, line) };
      case 'reverse':
        return { reversed: books.reverse(actor, line.timeEntryId, line.why) };
      case 'correct':
        return books.correct(actor, line.timeEntryId, line.why, line.entry);
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
