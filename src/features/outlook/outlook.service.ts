import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { currentTerm } from '../../domain/contract.js';
import { isNewOutlook, judgeOutlook, type Outlook } from '../../domain/outlook.js';
import { refuseByRules } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { refuseStale } from '../../platform/http/etag.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { refuseEnded } from '../subscriptions/contract.js';
import type { NewOutlook, OutlookAnswer, OutlookHistory, PresentOutlookAnswer, StatedOutlook } from './outlook.dto.js';
import type { OutlookRecord } from './outlook.js';
import { OutlookStore } from './outlook.store.js';

/** Keeps what the CSM expects of each renewal (§2). No rule of the contract reads it. */
@Injectable()
export class OutlookService {
  constructor(
    private readonly store: OutlookStore,
    private readonly contracts: ContractService,
    private readonly clock: Clock,
  ) {}

  /**
   * States the outlook of the current term. An outlook equal to the present one adds nothing.
   * @throws Refusal `not-found`, `etag-stale`, `subscription-ended`, `subscription-annulled`, `next-step-missing`
   */
  async state(
    tx: Transaction,
    actor: Actor,
    subscriptionId: string,
    version: number,
    asked: NewOutlook,
  ): Promise<PresentOutlookAnswer> {
    const now = this.clock.now();
    const visibility = visibilityOf(actor, 'outlook.write');
    const contract = await this.contracts.openForChange(tx, visibility, subscriptionId, now);
    const before = await this.store.count(tx, subscriptionId);
    refuseStale(before, version);
    refuseEnded(contract);
    const outlook: Outlook = {
      expectation: asked.expectation,
      reason: asked.reason ?? null,
      nextStep: asked.nextStep ?? null,
      nextStepOn: asked.nextStepOn ?? null,
    };
    const violations = judgeOutlook(outlook);
    if (violations.length > 0) throw refuseByRules(violations);
    const { id: termId } = currentTerm(contract);
    const present = (await this.store.present(tx, [termId])).get(termId);
    if (present && !isNewOutlook(outlook, present)) return { ...shown(present), version };
    const sequence = before + 1;
    const recorded = { recordedAt: now, recordedBy: actor.userId };
    await this.store.insert(tx, { ...outlook, ...recorded, id: newId(), subscriptionId, termId, sequence });
    return { ...shown((await this.store.present(tx, [termId])).get(termId)!), version: sequence };
  }

  /** The present outlook and the history, newest first. */
  async read(tx: Transaction, actor: Actor, subscriptionId: string, query: PageQuery): Promise<OutlookHistory> {
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'outlook.read'), subscriptionId);
    const [before] = readCursor(query.cursor, ['integer']) ?? [];
    const limit = rowsToFetch(query.limit);
    const rows = await this.store.history(tx, subscriptionId, before === undefined ? null : Number(before), limit);
    const { data, nextCursor } = page(rows, query.limit, ({ sequence }) => [sequence], shown);
    const { id: termId } = currentTerm(contract);
    const present = (await this.store.present(tx, [termId])).get(termId);
    const version = await this.store.count(tx, subscriptionId);
    return { outlook: present ? shown(present) : null, version, data, nextCursor };
  }

  /** The present outlooks of terms, by term id, for a caller that has already checked the right to see them. */
  async ofTerms(tx: Transaction, termIds: readonly string[]): Promise<Map<string, StatedOutlook>> {
    const present = await this.store.present(tx, termIds);
    return new Map([...present].map(([termId, record]) => [termId, stated(record)]));
  }
}

function stated(record: OutlookRecord): StatedOutlook {
  const { expectation, reason, nextStep, nextStepOn, recordedAt, recordedById, recordedByName } = record;
  const recordedBy = { id: recordedById, name: recordedByName };
  return { expectation, reason, nextStep, nextStepOn, recordedAt, recordedBy };
}

function shown(record: OutlookRecord): OutlookAnswer {
  const { id, termId, termNumber } = record;
  return { id, termId, termNumber, ...stated(record) };
}
