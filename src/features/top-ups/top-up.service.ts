import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { dayAt, type Day } from '../../domain/calendar.js';
import { currentTerm } from '../../domain/contract.js';
import type { Entitlement } from '../../domain/entitlement.js';
import { cancelTopUp, topUp as topUpEntry, type LedgerEntry } from '../../domain/ledger.js';
import { Refusal, refuseByRules } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { judgeTopUp, judgeTopUpCancellation } from '../../domain/top-up.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { balanceAnswer, type TermBalanceRecord } from '../ledger/term-balance.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { refuseEnded, type SubscriptionContract } from '../subscriptions/contract.js';
import type { NewTopUp, TopUpAnswer, TopUpList, TopUpWithBalance } from './top-up.dto.js';
import { TopUpSteps } from './top-up-steps.js';
import { TopUpStore } from './top-up.store.js';
import type { TopUp, TopUpCancelled } from './top-up.js';

/** Adds minutes to open terms, and takes them back (§10). */
@Injectable()
export class TopUpService {
  constructor(
    private readonly clock: Clock,
    private readonly store: TopUpStore,
    private readonly steps: TopUpSteps,
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly ledger: LedgerService,
    private readonly rules: ServiceRules,
  ) {}

  /**
   * Adds minutes to the current term. With `dryRun` everything is done and rolled back, so that the preview is exact.
   * @throws Refusal `not-found`, `subscription-ended`, `term-not-open`, or by the rules
   */
  async enter(tx: Transaction, actor: Actor, id: string, asked: NewTopUp, dryRun: boolean): Promise<TopUpWithBalance> {
    if (dryRun) tx.rollBackAtEnd();
    const now = this.clock.now();
    const visibility = visibilityOf(actor, asked.kind === 'goodwill' ? 'top-ups.goodwill' : 'top-ups.enter');
    const contract = await this.contracts.openForChange(tx, visibility, id, now);
    refuseEnded(contract);
    const term = currentTerm(contract);
    const today = dayAt(now, contract.timeZone);
    if (today < term.startsOn) throw new Refusal('term-not-open', { startsOn: term.startsOn });

    const effectiveOn = asked.effectiveOn ?? today;
    const entered = await this.store.entered(tx, term.id);
    const { violations, entitlement } = judgeTopUp({ ...asked, effectiveOn }, { term, entered, today });
    if (!entitlement) throw refuseByRules(violations);
    const topUp: TopUp = {
      id: newId(),
      subscriptionId: id,
      termId: term.id,
      kind: asked.kind,
      minutes: asked.minutes,
      effectiveOn,
      orderNumber: asked.orderNumber ?? null,
      reason: asked.reason ?? null,
      enteredAt: now,
      enteredBy: actor.userId,
      cancellation: null,
    };
    const { lastSequence } = await this.#balance(tx, term.id, today);
    await this.#post(tx, topUp, topUpEntry(asked.kind, asked.minutes, effectiveOn), entitlement, now);
    await this.store.insert(tx, topUp, lastSequence + 1);
    return this.#changed(tx, topUp, today, now);
  }

  /** All top-ups of a subscription, oldest first. */
  async list(tx: Transaction, actor: Actor, subscriptionId: string, query: PageQuery): Promise<TopUpList> {
    await this.contracts.see(tx, visibilityOf(actor, 'top-ups.read'), subscriptionId);
    const [after = null] = readCursor(query.cursor, ['id']) ?? [];
    const topUps = await this.store.list(tx, subscriptionId, { after, limit: rowsToFetch(query.limit) });
    return page(
      topUps,
      query.limit,
      ({ id }) => [id],
      (topUp) => show(topUp, actor),
    );
  }

  /** The top-ups of a term in the order in which they were entered, cancelled ones included. */
  ofTerm(tx: Transaction, termId: string): Promise<TopUp[]> {
    return this.store.ofTerm(tx, termId);
  }

  /** The minutes of each top-up of a term as they counted after the entry `lastSequence` of its ledger. */
  countedThen(tx: Transaction, termId: string, lastSequence: number): Promise<{ effectiveOn: Day; minutes: number }[]> {
    return this.store.countedThen(tx, termId, lastSequence);
  }

  /**
   * Takes back the minutes of a top-up that nobody uses. With `dryRun` everything is done and rolled back.
   * @throws Refusal `not-found`, `already-cancelled`, `term-closed`, `top-up-used`
   */
  async cancel(tx: Transaction, actor: Actor, id: string, reason: string, dryRun: boolean): Promise<TopUpWithBalance> {
    if (dryRun) tx.rollBackAtEnd();
    const now = this.clock.now();
    const { contract, topUp } = await this.#open(tx, actor, id, now);
    if (topUp.cancellation) throw new Refusal('already-cancelled');
    const term = contract.terms.find((candidate) => candidate.id === topUp.termId)!;
    if (term.status === 'closed') throw new Refusal('term-closed');

    const today = dayAt(now, contract.timeZone);
    const { balance, pairs, lastSequence } = await this.#balance(tx, term.id, today);
    const standing = term.topUps.find((candidate) => candidate.id === id)!;
    const { violations, cancellation } = judgeTopUpCancellation(standing, { term, balance, pairs: pairs.values() });
    if (!cancellation) throw refuseByRules(violations);
    const { minutes, entitlement } = cancellation;
    const cancelled: TopUpCancelled = { minutes, reason, cancelledAt: now, cancelledBy: actor.userId };
    await this.#post(tx, topUp, cancelTopUp(minutes, topUp.effectiveOn), entitlement, now);
    await this.store.cancel(tx, id, cancelled, lastSequence + 1);
    return this.#changed(tx, { ...topUp, cancellation: cancelled }, today, now);
  }

  /** A top-up with its contract, locked for a change. */
  async #open(
    tx: Transaction,
    actor: Actor,
    id: string,
    now: Date,
  ): Promise<{ contract: SubscriptionContract; topUp: TopUp }> {
    const found = await this.store.find(tx, id);
    if (!found) throw new Refusal('not-found');
    const visibility = visibilityOf(actor, 'top-ups.cancel');
    const contract = await this.contracts.openForChange(tx, visibility, found.subscriptionId, now);
    // Reads the top-up again, because it may have been cancelled before the lock.
    const topUp = await this.store.find(tx, id);
    return { contract, topUp: topUp! };
  }

  async #balance(tx: Transaction, termId: string, today: Day): Promise<TermBalanceRecord> {
    return (await this.balances.balances(tx, new Map([[termId, today]]))).get(termId)!;
  }

  /** Posts the entry of a top-up, or of its cancellation, and sets the onsite cap. The other limits do not change. */
  async #post(
    tx: Transaction,
    { termId }: TopUp,
    entry: LedgerEntry,
    entitlement: Entitlement,
    now: Date,
  ): Promise<void> {
    await this.balances.setLimits(tx, { ...entitlement, termId });
    await this.ledger.post(tx, [{ termId, entries: [entry] }], now);
  }

  /** Runs what follows the change, and answers the top-up with the balance afterwards. */
  async #changed(tx: Transaction, topUp: TopUp, today: Day, now: Date): Promise<TopUpWithBalance> {
    const contract = (await this.contracts.load(tx, [topUp.subscriptionId])).get(topUp.subscriptionId)!;
    const term = contract.terms.find(({ id }) => id === topUp.termId)!;
    const balance = balanceAnswer(term, await this.#balance(tx, term.id, today), today, this.rules);
    for (const step of this.steps.inOrder()) await step(tx, { topUp, contract, term, balance }, now);
    return { ...topUp, balance };
  }
}

/** The reasons are for staff. */
function show(topUp: TopUp, { role }: Actor): TopUpAnswer {
  if (role !== 'customer') return topUp;
  return { ...topUp, reason: null, cancellation: topUp.cancellation && { ...topUp.cancellation, reason: null } };
}
