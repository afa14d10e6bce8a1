import { Injectable } from '@nestjs/common';
import type { Pair } from '../../domain/allocation.js';
import { currentTerm, type ContractVisit } from '../../domain/contract.js';
import { AllocationService } from '../../features/allocations/allocation.service.js';
import { HoursService } from '../../features/hours/hours.service.js';
import type { TimeEntryAnswer, TimeEntryList } from '../../features/hours/time-entry.dto.js';
import { TermBalanceService } from '../../features/ledger/term-balance.service.js';
import { VisitService } from '../../features/onsite/visit.service.js';
import type { PlannedSessionAnswer } from '../../features/planning/planned-session.dto.js';
import { PlanningService } from '../../features/planning/planning.service.js';
import { Refusal } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { PageReader } from '../page/console-page.js';
import type { EntriesQuery } from './entries.query.js';
import { SubscriptionHeads, type SubscriptionHead, type WorkNames } from './subscription.head.js';

/** The entries of a subscription, newest first. */
export interface EntryList {
  head: SubscriptionHead;
  list: TimeEntryList;
  /** The ids of entries that may have been logged twice. */
  repeated: ReadonlySet<string>;
  /** All consultants and product lines that were ever allocated or worked. */
  names: WorkNames;
  pairs: readonly Pair[];
}

/** What a form for one entry offers. */
export interface EntryChoices {
  head: SubscriptionHead;
  /** The pairs of the present set of allocations. */
  pairs: readonly Pair[];
  /** Visits that are not cancelled, the latest first. */
  visits: readonly ContractVisit[];
  /** Planned sessions without an entry. */
  sessions: readonly PlannedSessionAnswer[];
  names: WorkNames;
}

const entriesOnPage = 50;
const mostSessions = 50;

/** Reads what the pages of time entries show. */
@Injectable()
export class EntriesService {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly hours: HoursService,
    private readonly balances: TermBalanceService,
    private readonly allocations: AllocationService,
    private readonly visits: VisitService,
    private readonly planning: PlanningService,
  ) {}

  async list(tx: Transaction, reader: PageReader, id: string, query: EntriesQuery): Promise<EntryList> {
    const head = await this.heads.read(tx, reader, id);
    const list = await this.hours.list(tx, reader.actor, { limit: entriesOnPage, ...query }, id, 'newest-first');
    const repeated = await this.hours.repeated(
      tx,
      list.data.map((entry) => entry.id),
    );
    const pairs = await this.balances.pairs(
      tx,
      head.contract.terms.map((term) => term.id),
    );
    return { head, list, repeated, pairs, names: await this.#names(tx, head, [...pairs, ...list.data]) };
  }

  async choices(tx: Transaction, reader: PageReader, id: string): Promise<EntryChoices> {
    const head = await this.heads.read(tx, reader, id);
    const term = currentTerm(head.contract);
    const pairs = (await this.allocations.setsOf(tx, [term.id])).get(term.id)?.at(-1)?.allocations ?? [];
    const visits = (await this.visits.ofSubscriptions(tx, [id])).get(id) ?? [];
    const waiting = await this.#sessions(tx, reader, id);
    return {
      head,
      pairs,
      visits: visits.filter(({ status }) => status !== 'cancelled').reverse(),
      sessions: waiting,
      names: await this.#names(tx, head, [...pairs, ...waiting]),
    };
  }

  /**
   * An entry of this subscription, with what a form for it offers.
   * @throws Refusal `not-found`, also for an entry of another subscription
   */
  async entry(
    tx: Transaction,
    reader: PageReader,
    id: string,
    entryId: string,
  ): Promise<{ entry: TimeEntryAnswer; choices: EntryChoices }> {
    const entry = await this.hours.read(tx, reader.actor, entryId);
    if (entry.subscriptionId !== id) throw new Refusal('not-found');
    const choices = await this.choices(tx, reader, id);
    // The pair of the entry stays a choice, even if its allocation has ended since.
    const isPresent = choices.pairs.some((pair) => isSamePair(pair, entry));
    const pairs = isPresent ? choices.pairs : [entry, ...choices.pairs];
    const names = await this.#names(tx, choices.head, [...pairs, ...choices.sessions]);
    return { entry, choices: { ...choices, pairs, names } };
  }

  async #sessions(tx: Transaction, { actor }: PageReader, id: string): Promise<PlannedSessionAnswer[]> {
    const overdue = await this.planning.list(tx, actor, { status: 'overdue', limit: mostSessions }, id);
    const open = await this.planning.list(tx, actor, { status: 'open', limit: mostSessions }, id);
    return [...overdue.data, ...open.data];
  }

  #names(tx: Transaction, head: SubscriptionHead, pairs: readonly Pair[]): Promise<WorkNames> {
    return this.heads.names(tx, head, {
      consultantIds: pairs.map(({ consultantId }) => consultantId),
      productLineIds: pairs.map(({ productLineId }) => productLineId),
    });
  }
}

const isSamePair = (one: Pair, other: Pair): boolean =>
  one.consultantId === other.consultantId && one.productLineId === other.productLineId;
