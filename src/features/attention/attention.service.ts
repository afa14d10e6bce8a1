import { createHash } from 'node:crypto';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { visibilityOf, type Actor, type Visibility } from '../../domain/access.js';
import type { AttentionReason } from '../../domain/attention.js';
import type { Day } from '../../domain/calendar.js';
import { currentTerm } from '../../domain/contract.js';
import type { Language } from '../../domain/language.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { listAsked, page, readCursorOf, rowsToFetch } from '../../platform/http/paging.js';
import { readRelease } from '../../platform/release.js';
import { Config } from '../../platform/settings/config.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { balanceAnswer } from '../ledger/term-balance.js';
import { PackageService } from '../packages/package.service.js';
import { PeriodService } from '../periods/period.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { attentionSentence } from './attention-words.js';
import type {
  AttentionList,
  AttentionQuery,
  AttentionReasonAnswer,
  SubscriptionAttentionAnswer,
} from './attention.dto.js';
import {
  AttentionStore,
  type AttentionFilter,
  type AttentionPlace,
  type AttentionState,
  type Present,
} from './attention.store.js';
import { SubscriptionAttentions, type SubscriptionAttention } from './subscription-attentions.js';

/** States are stored this many at a time, so that no transaction is long. */
const pieceSize = 250;
/** One snapshot of a job is this many subscriptions. */
const refreshedAtOnce = 2_500;

/**
 * Answers for which reasons subscriptions need their CSM (§6). A list compares stored states with the versions of their facts on
 * its own snapshot, and computes the stale ones from the same snapshot. So it never shows a reason that no longer holds.
 */
@Injectable()
export class AttentionService implements BeforeApplicationShutdown {
  readonly #logger = new Logger(AttentionService.name);
  readonly #computedBy: string;
  /** States that are being stored, after the answers for which they were computed. */
  readonly #keeping = new Set<Promise<void>>();

  constructor(
    private readonly store: AttentionStore,
    private readonly attentions: SubscriptionAttentions,
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly periods: PeriodService,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
    private readonly config: Config,
    packages: PackageService,
  ) {
    const decisive = [readRelease(), process.versions.tz, rules, packages.table];
    this.#computedBy = createHash('sha256').update(JSON.stringify(decisive)).digest('base64url').slice(0, 16);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.allStored();
  }

  /** Waits until the states of all answers so far are stored. */
  async allStored(): Promise<void> {
    await Promise.all(this.#keeping);
  }

  /**
   * The visible subscriptions with reasons: gravest first, then by notice deadline.
   * @throws Refusal `invalid-cursor`, also for the cursor of other filters
   */
  async list(tx: Transaction, actor: Actor, query: AttentionQuery, language: Language): Promise<AttentionList> {
    const { limit, cursor, ...filter } = query;
    const asked = listAsked(filter);
    const [gravity, deadlineOn, id] = readCursorOf(asked, cursor, ['integer', 'day', 'id']) ?? [];
    const after =
      gravity !== undefined && deadlineOn !== undefined && id !== undefined
        ? { gravity: Number(gravity), deadlineOn, id }
        : undefined;
    const visibility = visibilityOf(actor, 'attention.read');
    const present = await this.#present(tx);
    const places = await this.#places(tx, visibility, { ...filter, after, limit: rowsToFetch(limit) }, present);
    const { data, nextCursor } = page(places, limit, (place) => [asked, place.gravity, place.deadlineOn, place.id]);
    return { data: await this.#answers(tx, await this.#inOrder(tx, data, present), language), nextCursor };
  }

  /** The places of the visible subscriptions with reasons, in the order of the list. */
  async places(
    tx: Transaction,
    actor: Actor,
    filter: Pick<AttentionFilter, 'csmId' | 'reason'>,
  ): Promise<AttentionPlace[]> {
    return this.#places(tx, visibilityOf(actor, 'attention.read'), filter, await this.#present(tx));
  }

  /** The first visible subscriptions with reasons, and how many there are. It looks through them once for both. */
  async first(
    tx: Transaction,
    actor: Actor,
    most: number,
    language: Language,
  ): Promise<{ data: SubscriptionAttentionAnswer[]; count: number }> {
    const present = await this.#present(tx);
    const places = await this.#places(tx, visibilityOf(actor, 'attention.read'), {}, present);
    const data = await this.#answers(tx, await this.#inOrder(tx, places.slice(0, most), present), language);
    return { data, count: places.length };
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string, language: Language): Promise<SubscriptionAttentionAnswer> {
    await this.contracts.see(tx, visibilityOf(actor, 'attention.read'), id);
    const [answer] = await this.#answers(tx, await this.of(tx, [id]), language);
    return answer!;
  }

  /** All subscriptions with reasons in a CSM's portfolio, in the order of the list. */
  async ofCsm(tx: Transaction, csmId: string): Promise<SubscriptionAttention[]> {
    const present = await this.#present(tx);
    return this.#inOrder(tx, await this.#places(tx, { kind: 'all' }, { csmId }, present), present);
  }

  /** The attention of subscriptions, in the order of the ids. It does not check the visibility. */
  async of(tx: Transaction, subscriptionIds: readonly string[]): Promise<SubscriptionAttention[]> {
    return this.#inOrder(
      tx,
      subscriptionIds.map((id) => ({ id })),
      await this.#present(tx),
    );
  }

  async #present(tx: Transaction): Promise<Present> {
    return {
      now: this.clock.now(),
      computedBy: this.#computedBy,
      closedThrough: await this.periods.closedThrough(tx),
      // With `MAIL=files`, no mail server takes any mail.
      reached: this.config.mail === 'files' ? 'sent' : 'delivered',
    };
  }

  /** Places from stored states that are still true, and from computed ones. */
  async #places(
    tx: Transaction,
    visibility: Visibility,
    filter: AttentionFilter,
    present: Present,
  ): Promise<AttentionPlace[]> {
    const { places, stale } = await this.store.seen(tx, visibility, filter, present);
    if (stale.length === 0) return places;
    const computed: AttentionState[] = [];
    let found = places;
    for await (const piece of this.attentions.states(tx, stale, present)) {
      for (const state of piece) {
        computed.push(state);
        const place = placeOf(state, filter);
        if (place) found.push(place);
      }
      if (filter.limit !== undefined) found = found.sort(order).slice(0, filter.limit);
    }
    tx.afterCommit(() => this.#keep(computed));
    return found.sort(order);
  }

  /** Stores computed states while the answer is sent. If this fails, the next list computes them again. */
  #keep(states: readonly AttentionState[]): void {
    const keeping = this.#store(states)
      .catch((error: unknown) => this.#logger.warn(`Reasons of attention were not stored: ${String(error)}`))
      .finally(() => this.#keeping.delete(keeping));
    this.#keeping.add(keeping);
  }

  /**
   * Computes and stores what the next lists would have to compute after a release or a midnight. Returns the number of
   * subscriptions. Each piece has its own snapshot, so it is safe beside other runs, and a run that is killed loses one piece. If it
   * fails, the lists compute the rest.
   */
  async refresh(): Promise<number> {
    let refreshed = 0;
    try {
      const { stale } = await this.database.read(async (tx) =>
        this.store.seen(tx, { kind: 'all' }, { limit: 0 }, await this.#present(tx)),
      );
      for (let at = 0; at < stale.length; at += refreshedAtOnce) {
        refreshed += await this.#refreshPiece(stale.slice(at, at + refreshedAtOnce));
      }
    } catch (error) {
      this.#logger.warn(`Reasons of attention were not computed ahead: ${String(error)}`);
    }
    return refreshed;
  }

  async #refreshPiece(ids: readonly string[]): Promise<number> {
    const states = await this.database.read(async (tx) => {
      const computed: AttentionState[] = [];
      for await (const piece of this.attentions.states(tx, ids, await this.#present(tx))) computed.push(...piece);
      return computed;
    });
    await this.#store(states);
    return states.length;
  }

  async #store(states: readonly AttentionState[]): Promise<void> {
    for (let at = 0; at < states.length; at += pieceSize) {
      await this.database.write((tx) => this.store.keep(tx, states.slice(at, at + pieceSize)));
    }
  }

  async #inOrder(
    tx: Transaction,
    places: readonly { id: string }[],
    present: Present,
  ): Promise<SubscriptionAttention[]> {
    const ids = places.map(({ id }) => id);
    const found = await this.attentions.compute(tx, ids, present);
    return ids.map((id) => found.get(id)!);
  }

  async #answers(
    tx: Transaction,
    found: readonly SubscriptionAttention[],
    language: Language,
  ): Promise<SubscriptionAttentionAnswer[]> {
    const days = new Map(found.map(({ contract, today }): [string, Day] => [currentTerm(contract).id, today]));
    const balances = await this.balances.balances(tx, days);
    return found.map(({ contract, customer, today, reasons, nextChangeOn }) => {
      const term = currentTerm(contract);
      const balance = balanceAnswer(term, balances.get(term.id)!, today, this.rules);
      return {
        subscriptionId: contract.subscriptionId,
        customerId: contract.customerId,
        customer,
        csmId: contract.csmId,
        contractNumber: contract.contractNumber,
        package: term.periods.at(-1)!.package.code,
        reasons: reasons.map((reason) => shown(reason, language)),
        nextChangeOn,
        balance,
        pace: balance.pace,
        deadline: term.noticeDeadlineOn,
      };
    });
  }
}

/** Undefined if the subscription has no reason, or is not on the page that the filter wants or a later one. */
function placeOf(
  { gravity, deadlineOn, subscriptionId, codes }: AttentionState,
  filter: AttentionFilter,
): AttentionPlace | undefined {
  if (gravity === null || (filter.reason !== undefined && !codes.includes(filter.reason))) return undefined;
  const place = { gravity, deadlineOn, id: subscriptionId };
  return filter.after && order(place, filter.after) <= 0 ? undefined : place;
}

function order(one: AttentionPlace, other: AttentionPlace): number {
  return one.gravity - other.gravity || compared(one.deadlineOn, other.deadlineOn) || compared(one.id, other.id);
}

const compared = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

function shown({ code, since, figures }: AttentionReason, language: Language): AttentionReasonAnswer {
  return { code, since, detail: attentionSentence({ code, figures }, language), figures };
}
