import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor, type Visibility } from '../../domain/access.js';
import { parseInstant } from '../../domain/calendar.js';
import {
  judgeNotice,
  judgeWaiver,
  judgeWithdrawal,
  noticeGiven,
  termOfReceipt,
  type Judged,
  type Party,
} from '../../domain/notice.js';
import { Refusal, refuseByRules, type Violation } from '../../domain/refusal.js';
import type { RenewalState } from '../../domain/term.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import type { SubscriptionContract, SubscriptionTerm } from '../subscriptions/contract.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { RenewalStateService } from '../subscriptions/renewal-state.service.js';
import { stateOf, type LinkUsed, type NoticeRecord, type NoticeStanding } from './notice.js';
import { noticeAnswer } from './notice-answer.js';
import type {
  NamedNoticeList,
  NewNotice,
  NewWaiver,
  NewWithdrawal,
  NoticeAnswer,
  NoticeList,
  NoticePreview,
} from './notice.dto.js';
import { NoticeSteps, type NoticeChange } from './notice-change.js';
import { NoticeStore, type NewNoticeRecord } from './notice.store.js';

/** The term and the contact of a personal link. */
export interface LinkTarget {
  termId: string;
  subscriptionId: string;
  customerId: string;
}

/**
 * Records notices of non-renewal, their withdrawals and waivers, and moves the renewal accordingly (§11). Reminders and
 * mails follow each change as `NoticeSteps`.
 */
@Injectable()
export class NoticeService {
  constructor(
    private readonly store: NoticeStore,
    private readonly contracts: ContractService,
    private readonly renewalStates: RenewalStateService,
    private readonly steps: NoticeSteps,
    private readonly clock: Clock,
  ) {}

  /**
   * Records a notice, even if it has no effect.
   * @throws Refusal `notice-not-own`, `field-for-staff-only`, `receipt-in-future`, `sent-after-receipt`,
   *   `notice-before-contract`, `notice-already-given`, `subscription-ended`
   */
  async give(tx: Transaction, actor: Actor, subscriptionId: string, asked: NewNotice): Promise<NoticeAnswer> {
    const now = this.clock.now();
    const contract = await this.contracts.openForChange(tx, visibilityOf(actor, 'notices.give'), subscriptionId, now);
    refuseForCustomer(actor, asked);
    const receivedAt = asked.receivedAt === undefined ? now : parseInstant(asked.receivedAt)!;
    const sentAt = asked.sentAt === undefined ? null : parseInstant(asked.sentAt)!;
    if (sentAt && sentAt > receivedAt) {
      throw new Refusal('sent-after-receipt', { sentAt: sentAt.toISOString(), receivedAt: receivedAt.toISOString() });
    }
    const notice = await this.#record(tx, contract, {
      subscriptionId,
      party: asked.party,
      signedBy: asked.signedBy,
      channel: asked.channel,
      sentAt,
      receivedAt,
      recordedAt: now,
      recordedBy: actor.userId,
      recordedByLink: null,
      note: asked.note ?? null,
      documentSha256: asked.documentSha256?.toLowerCase() ?? null,
    });
    return noticeAnswer(notice);
  }

  /**
   * Records the customer's own notice, given through a personal link and received `now`. If the customer has already given
   * a notice in this term, nothing is written.
   */
  async giveByLink(
    tx: Transaction,
    { termId, subscriptionId, customerId }: LinkTarget,
    link: LinkUsed,
    asked: { signedBy: string; note?: string },
    now: Date,
  ): Promise<void> {
    if (await this.#givenByCustomer(tx, termId)) return;
    const contract = await this.contracts.openForChange(tx, { kind: 'own', customerId }, subscriptionId, now);
    // Checked again under the lock: another request may have recorded a notice in the meantime.
    if (await this.#givenByCustomer(tx, termId)) return;
    await this.#record(tx, contract, {
      subscriptionId,
      party: 'customer',
      signedBy: asked.signedBy,
      channel: 'portal',
      sentAt: null,
      receivedAt: now,
      recordedAt: now,
      recordedBy: null,
      recordedByLink: link,
      note: asked.note ?? null,
      documentSha256: null,
    });
  }

  /** Whether the customer has a notice in the term that is not withdrawn, with or without effect. */
  async #givenByCustomer(tx: Transaction, termId: string): Promise<boolean> {
    return noticeGiven((await this.store.ofTerm(tx, termId)).map(stateOf), 'customer') !== undefined;
  }

  /** All notices of a term in the order in which they were recorded. */
  ofTerm(tx: Transaction, termId: string): Promise<NoticeRecord[]> {
    return this.store.ofTerm(tx, termId);
  }

  async list(tx: Transaction, actor: Actor, subscriptionId: string, query: PageQuery): Promise<NoticeList> {
    await this.contracts.see(tx, visibilityOf(actor, 'notices.read'), subscriptionId);
    const [afterId] = readCursor(query.cursor, ['id']) ?? [];
    const rows = await this.store.ofSubscription(tx, subscriptionId, afterId, rowsToFetch(query.limit));
    return page(rows, query.limit, ({ id }) => [id], noticeAnswer);
  }

  /** The visible notices of all subscriptions in a standing, newest first. */
  async listAll(
    tx: Transaction,
    actor: Actor,
    standing: NoticeStanding,
    { limit, cursor }: PageQuery,
  ): Promise<NamedNoticeList> {
    const [beforeId] = readCursor(cursor, ['id']) ?? [];
    const visibility = visibilityOf(actor, 'notices.read');
    const rows = await this.store.visible(tx, visibility, { standing, beforeId, limit: rowsToFetch(limit) });
    const names = await this.contracts.names(
      tx,
      rows.map(({ subscriptionId }) => subscriptionId),
    );
    return page(
      rows,
      limit,
      ({ id }) => [id],
      (row) => {
        const { customerId, customer, contractNumber, timeZone } = names.get(row.subscriptionId)!;
        return { ...noticeAnswer(row), customerId, customer, contractNumber, timeZone };
      },
    );
  }

  /**
   * What would follow if a notice were recorded now. Nothing is written.
   * @throws Refusal as `give`
   */
  async preview(
    tx: Transaction,
    actor: Actor,
    subscriptionId: string,
    { party, receivedAt, sentAt = null }: { party: Party; receivedAt: Date; sentAt?: Date | null },
  ): Promise<NoticePreview> {
    const recordedAt = this.clock.now();
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'notices.give'), subscriptionId);
    const { term } = held(termOfReceipt(contract, { sentAt, receivedAt }));
    const notices = (await this.store.ofTerm(tx, term.id)).map(stateOf);
    const { effective, reason, renewalState } = held(judgeNotice({ party, receivedAt, recordedAt, term, notices }));
    const { id: termId, startsOn, endsOn, noticeDeadlineOn: noticeDeadline, deadlineZone } = term;
    const judged = { receivedAt, effective, ...(reason !== undefined && { reason }), renewalState };
    return { termId, startsOn, endsOn, noticeDeadline, deadlineZone, ...judged };
  }

  /**
   * Withdraws a notice; the notice stays on record.
   * @throws Refusal `notice-not-own`, `field-for-staff-only`, `already-withdrawn`, `agreement-required`, `term-ended`
   */
  async withdraw(tx: Transaction, actor: Actor, id: string, asked: NewWithdrawal): Promise<NoticeAnswer> {
    const now = this.clock.now();
    const { notice, term, others } = await this.#open(tx, visibilityOf(actor, 'notices.withdraw'), id, now);
    refuseForCustomer(actor, { party: notice.party, otherPartySignedBy: asked.otherPartySignedBy });
    const { renewalState } = held(
      judgeWithdrawal({
        notice: stateOf(notice),
        others,
        term,
        now,
        recordedByStaff: actor.role !== 'customer',
        otherPartySignedBy: asked.otherPartySignedBy,
      }),
    );
    await this.store.withdraw(tx, id, { by: actor.userId, at: now }, asked);
    return noticeAnswer(await this.#changed(tx, 'withdrawn', id, term, renewalState, now));
  }

  /**
   * Withdraws the customer's own notice through a personal link. If it is withdrawn already, nothing is written.
   * @returns false if the customer cannot withdraw it alone; nothing is written then
   */
  async withdrawByLink(
    tx: Transaction,
    { customerId }: LinkTarget,
    link: LinkUsed,
    id: string,
    asked: { signedBy: string; reason: string },
    now: Date,
  ): Promise<boolean> {
    const { notice, term, others } = await this.#open(tx, { kind: 'own', customerId }, id, now);
    // The form was sent twice, or another request has withdrawn the notice in the meantime.
    if (notice.withdrawnAt) return true;
    const judged = judgeWithdrawal({ notice: stateOf(notice), others, term, now, recordedByStaff: false });
    if (judged.violation) return false;
    await this.store.withdraw(tx, id, { by: link, at: now }, asked);
    await this.#changed(tx, 'withdrawn', id, term, judged.renewalState, now);
    return true;
  }

  /**
   * Accepts a late notice by mutual agreement.
   * @throws Refusal `already-withdrawn`, `already-waived`, `notice-not-late`, `notice-already-given`, `term-ended`
   */
  async waive(tx: Transaction, actor: Actor, id: string, asked: NewWaiver): Promise<NoticeAnswer> {
    const now = this.clock.now();
    const { notice, term, others } = await this.#open(tx, visibilityOf(actor, 'notices.waive'), id, now);
    const { renewalState } = held(judgeWaiver({ notice: stateOf(notice), others, term }));
    await this.store.waive(tx, id, { by: actor.userId, at: now }, asked);
    return noticeAnswer(await this.#changed(tx, 'waived', id, term, renewalState, now));
  }

  /** Locks the subscription, and reads the notice, its term and the term's other notices. */
  async #open(tx: Transaction, visibility: Visibility, id: string, now: Date) {
    const subscriptionId = (await this.store.find(tx, id))?.subscriptionId;
    if (subscriptionId === undefined) throw new Refusal('not-found');
    const contract = await this.contracts.openForChange(tx, visibility, subscriptionId, now);
    // Read again: the notice may have changed before the lock was taken.
    const notice = (await this.store.find(tx, id))!;
    const term = contract.terms.find((candidate) => candidate.id === notice.termId)!;
    const others = (await this.store.ofTerm(tx, term.id)).filter((other) => other.id !== id).map(stateOf);
    return { notice, term, others };
  }

  /** Inserts a notice that was received, and moves the renewal. */
  async #record(
    tx: Transaction,
    contract: SubscriptionContract,
    received: Omit<NewNoticeRecord, 'id' | 'termId' | 'deadlineAt' | 'effective' | 'reason'>,
  ): Promise<NoticeRecord> {
    const { party, receivedAt, recordedAt } = received;
    const { term } = held(termOfReceipt(contract, received));
    const notices = (await this.store.ofTerm(tx, term.id)).map(stateOf);
    const {
      effective,
      reason = null,
      renewalState,
    } = held(judgeNotice({ party, receivedAt, recordedAt, term, notices }));
    const id = newId();
    await this.store.insert(tx, { ...received, id, termId: term.id, deadlineAt: term.lockAt, effective, reason });
    return this.#changed(tx, 'recorded', id, term, renewalState, recordedAt);
  }

  /** Moves the renewal to its new state, and announces the change. */
  async #changed(
    tx: Transaction,
    event: NoticeChange['event'],
    id: string,
    { id: termId, renewalState: stateBefore }: SubscriptionTerm,
    stateAfter: RenewalState,
    at: Date,
  ): Promise<NoticeRecord> {
    if (stateAfter !== stateBefore) await this.renewalStates.move(tx, termId, stateAfter);
    const notice = (await this.store.find(tx, id))!;
    for (const step of this.steps.inOrder()) await step(tx, { event, notice, stateBefore, at });
    return notice;
  }
}

/** A customer gives only its own notice, and does not state when the notice was received (§11, §13). */
function refuseForCustomer(
  { role }: Actor,
  { party, ...fields }: Pick<NewNotice, 'party' | 'receivedAt'> & Pick<NewWithdrawal, 'otherPartySignedBy'>,
): void {
  if (role !== 'customer') return;
  if (party !== 'customer') throw new Refusal('notice-not-own');
  for (const field of ['receivedAt', 'otherPartySignedBy'] as const) {
    if (fields[field] !== undefined) throw new Refusal('field-for-staff-only', { field });
  }
}

/** @throws Refusal with the violation of the rules */
function held<Outcome extends { violation?: undefined }>(judged: Judged<Outcome>): Outcome {
  const { violation } = judged as { violation?: Violation };
  if (violation) throw refuseByRules([violation]);
  return judged as Outcome;
}
