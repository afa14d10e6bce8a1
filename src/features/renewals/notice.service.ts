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
  type RecordedNotice,
} from '../../domain/notice.js';
import { Refusal, refuseByRules, type Violation } from '../../domain/refusal.js';
import type { RenewalState } from '../../domain/term.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/database.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { SubscriptionContract, SubscriptionTerm } from '../subscriptions/contract.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { noticeAnswer } from './notice-answer.js';
import type { NewNotice, NewWaiver, NewWithdrawal, NoticeList, NoticeAnswer } from './notice.dto.js';
import { NoticeStore, type NoticeRow, type NoticeToKeep } from './notice.store.js';
import { ReminderService } from './reminder.service.js';
import { RenewalMails } from './renewal-mails.js';
import { lockKind, reminderKindPrefix } from './mail-kinds.js';
import type { LinkUsed } from './link-used.js';
import { RenewalStore, type RenewalFacts } from './renewal.store.js';

/** The term that a personal link is for. */
export type LinkTarget = Pick<RenewalFacts, 'termId' | 'subscriptionId' | 'customerId'>;

/** Notices of non-renewal: legal records, and what they do to a renewal (§11). */
@Injectable()
export class NoticeService {
  constructor(
    private readonly store: NoticeStore,
    private readonly renewals: RenewalStore,
    private readonly contracts: ContractService,
    private readonly reminders: ReminderService,
    private readonly mails: MailQueue,
    private readonly renewalMails: RenewalMails,
    private readonly clock: Clock,
  ) {}

  /**
   * Records a notice, also one without effect.
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
    const id = await this.#record(tx, contract, {
      subscriptionId,
      party: asked.party,
      signedBy: asked.signedBy,
      channel: asked.channel,
      sentAt,
      receivedAt,
      recordedAt: now,
      recordedBy: actor.userId,
      link: null,
      note: asked.note ?? null,
      documentSha256: asked.documentSha256?.toLowerCase() ?? null,
    });
    return this.#shown(tx, id);
  }

  /**
   * Records the customer's own notice, given through a personal link and received `now`. One that the customer has given
   * before, in whatever way, stays the one there is, and nothing is written.
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
    // Asked again under the lock: somebody may have been quicker.
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
      link,
      note: asked.note ?? null,
      documentSha256: null,
    });
  }

  /** Whether there is a notice that the customer is held to have given in a term: one that stands, or one without effect. */
  async #givenByCustomer(tx: Transaction, termId: string): Promise<boolean> {
    return noticeGiven((await this.store.ofTerm(tx, termId)).map(asRecorded), 'customer') !== undefined;
  }

  /** All notices of a term in the order in which they were recorded. */
  ofTerm(tx: Transaction, termId: string): Promise<NoticeRow[]> {
    return this.store.ofTerm(tx, termId);
  }

  async list(tx: Transaction, actor: Actor, subscriptionId: string, query: PageQuery): Promise<NoticeList> {
    await this.contracts.see(tx, visibilityOf(actor, 'notices.read'), subscriptionId);
    const [afterId] = readCursor(query.cursor, ['id']) ?? [];
    const rows = await this.store.ofSubscription(tx, subscriptionId, afterId, rowsToFetch(query.limit));
    return page(rows, query.limit, ({ id }) => [id], noticeAnswer);
  }

  /**
   * Takes a notice back; the row stays.
   * @throws Refusal `notice-not-own`, `field-for-staff-only`, `already-withdrawn`, `agreement-required`, `term-ended`
   */
  async withdraw(tx: Transaction, actor: Actor, id: string, asked: NewWithdrawal): Promise<NoticeAnswer> {
    const now = this.clock.now();
    const { notice, term, others } = await this.#open(tx, visibilityOf(actor, 'notices.withdraw'), id, now);
    refuseForCustomer(actor, { party: notice.party, otherPartySignedBy: asked.otherPartySignedBy });
    const { renewalState } = held(
      judgeWithdrawal({
        notice: asRecorded(notice),
        others,
        term,
        now,
        recordedByStaff: actor.role !== 'customer',
        otherPartySignedBy: asked.otherPartySignedBy,
      }),
    );
    await this.store.withdraw(tx, id, { by: actor.userId, at: now }, asked);
    await this.#move(tx, term, renewalState, now);
    return noticeAnswer(await this.#tellWithdrawn(tx, id, now));
  }

  /**
   * Takes the customer's own notice back through a personal link. One that has been taken back stays so.
   * @returns false where the customer cannot take it back alone: nothing is written then
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
    // The form was sent twice, or somebody was quicker: what was asked for is done.
    if (notice.withdrawnAt) return true;
    const judged = judgeWithdrawal({ notice: asRecorded(notice), others, term, now, recordedByStaff: false });
    if (judged.violation) return false;
    await this.store.withdraw(tx, id, { by: link, at: now }, asked);
    await this.#move(tx, term, judged.renewalState, now);
    await this.#tellWithdrawn(tx, id, now);
    return true;
  }

  /**
   * Accepts a late notice by mutual agreement.
   * @throws Refusal `already-withdrawn`, `already-waived`, `notice-not-late`, `notice-already-given`, `term-ended`
   */
  async waive(tx: Transaction, actor: Actor, id: string, asked: NewWaiver): Promise<NoticeAnswer> {
    const now = this.clock.now();
    const { notice, term, others } = await this.#open(tx, visibilityOf(actor, 'notices.waive'), id, now);
    const { renewalState } = held(judgeWaiver({ notice: asRecorded(notice), others, term }));
    await this.store.waive(tx, id, { by: actor.userId, at: now }, asked);
    await this.#move(tx, term, renewalState, now);
    const waived = (await this.store.find(tx, id))!;
    const replacesLock = takesBackLock(term, renewalState);
    const letters = this.renewalMails.noticeWaived(await this.#factsOf(tx, waived), waived, replacesLock);
    await this.mails.queue(tx, letters, now);
    return noticeAnswer(waived);
  }

  /** The notice with its term and the term's other notices, under the lock of the subscription. */
  async #open(tx: Transaction, visibility: Visibility, id: string, now: Date) {
    const subscriptionId = (await this.store.find(tx, id))?.subscriptionId;
    if (subscriptionId === undefined) throw new Refusal('not-found');
    const contract = await this.contracts.openForChange(tx, visibility, subscriptionId, now);
    // Read again: what was found before the lock may have changed.
    const notice = (await this.store.find(tx, id))!;
    const term = contract.terms.find((candidate) => candidate.id === notice.termId)!;
    const others = (await this.store.ofTerm(tx, term.id)).filter((other) => other.id !== id).map(asRecorded);
    return { notice, term, others };
  }

  async #move(tx: Transaction, term: SubscriptionTerm, to: RenewalState, now: Date): Promise<void> {
    if (to === term.renewalState) return;
    const nextReminderAt = to === 'open' ? await this.reminders.replanned(tx, term.id, now) : undefined;
    await this.renewals.decide(tx, term.id, to, nextReminderAt);
    if (to === 'open') return;
    const reason = `Not sent: the renewal is ${to}`;
    // Until the morning after the lock its confirmation waits, and would now be wrong.
    const kinds = [reminderKindPrefix, ...(to === 'declined' ? [lockKind] : [])];
    await this.mails.giveUp(tx, [term.id], kinds, reason);
  }

  /** Writes down a notice that was received, moves the renewal, and tells both parties; returns its id. */
  async #record(
    tx: Transaction,
    contract: SubscriptionContract,
    received: Omit<NoticeToKeep, 'id' | 'termId' | 'deadlineAt' | 'effective' | 'reason'>,
  ): Promise<string> {
    const { party, receivedAt, recordedAt } = received;
    const { term } = held(termOfReceipt(contract, received));
    const notices = (await this.store.ofTerm(tx, term.id)).map(asRecorded);
    const { effective, reason, renewalState } = held(judgeNotice({ party, receivedAt, recordedAt, term, notices }));
    const id = newId();
    const place = { id, termId: term.id };
    await this.store.insert(tx, { ...received, ...place, deadlineAt: term.lockAt, effective, reason: reason ?? null });
    await this.#move(tx, term, renewalState, recordedAt);
    const facts = await this.#factsOf(tx, place);
    const replacesLock = takesBackLock(term, renewalState);
    const letters = this.renewalMails.noticeRecorded(facts, { ...received, id, reason }, replacesLock);
    await this.mails.queue(tx, letters, recordedAt);
    return id;
  }

  async #tellWithdrawn(tx: Transaction, id: string, now: Date): Promise<NoticeRow> {
    const withdrawn = (await this.store.find(tx, id))!;
    await this.mails.queue(tx, this.renewalMails.noticeWithdrawn(await this.#factsOf(tx, withdrawn), withdrawn), now);
    return withdrawn;
  }

  async #factsOf(tx: Transaction, { termId }: Pick<NoticeRow, 'termId'>): Promise<RenewalFacts> {
    return (await this.renewals.facts(tx, [termId])).get(termId)!;
  }

  async #shown(tx: Transaction, id: string): Promise<NoticeAnswer> {
    return noticeAnswer((await this.store.find(tx, id))!);
  }
}

/** What a customer may not say: it speaks for itself alone, and when it is received is not its to say (§11, §13). */
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

/** The lock may have been confirmed by mail, and does not hold any more. */
function takesBackLock(before: SubscriptionTerm, renewalState: RenewalState): boolean {
  return before.renewalState === 'locked' && renewalState === 'declined';
}

function held<Outcome extends { violation?: undefined }>(judged: Judged<Outcome>): Outcome {
  const { violation } = judged as { violation?: Violation };
  if (violation) throw refuseByRules([violation]);
  return judged as Outcome;
}

/** A row as the rules see it. */
export function asRecorded({ party, effective, reason, withdrawnAt, waivedAt }: NoticeRow): RecordedNotice {
  return { party, effective, reason, withdrawn: withdrawnAt !== null, waived: waivedAt !== null };
}
