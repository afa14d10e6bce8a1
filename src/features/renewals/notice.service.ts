import { Injectable } from '@nestjs/common';
import { sightOf, type Actor, type Permission } from '../../domain/access.js';
import { parseInstant } from '../../domain/calendar.js';
import {
  judgeNotice,
  judgeWaiver,
  judgeWithdrawal,
  type Judged,
  type NoticeJudgement,
  type RecordedNotice,
} from '../../domain/notice.js';
import { Refusal, refuseByRules, type Violation } from '../../domain/refusals.js';
import type { RenewalState } from '../../domain/term.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { SubscriptionContract, SubscriptionTerm } from '../subscriptions/contract.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { NewNotice, NewWaiver, NewWithdrawal, NoticeList, NoticeAnswer } from './notice.dto.js';
import { NoticeStore, type NoticeRow } from './notice.store.js';
import { ReminderService } from './reminder.service.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalStore, reminderKindPrefix } from './renewal.store.js';

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
   *   `notice-already-given`, `subscription-ended`
   */
  async give(tx: Transaction, actor: Actor, subscriptionId: string, asked: NewNotice): Promise<NoticeAnswer> {
    const now = this.clock.now();
    const contract = await this.contracts.openForChange(tx, sightOf(actor, 'notices.give'), subscriptionId, now);
    refuseForCustomer(actor, asked);
    const receivedAt = asked.receivedAt === undefined ? now : parseInstant(asked.receivedAt)!;
    const sentAt = asked.sentAt === undefined ? null : parseInstant(asked.sentAt)!;
    if (sentAt && sentAt > receivedAt) {
      throw new Refusal('sent-after-receipt', { sentAt: sentAt.toISOString(), receivedAt: receivedAt.toISOString() });
    }
    const term = termOfReceipt(contract, receivedAt);
    const notices = (await this.store.ofTerm(tx, term.id)).map(asRecorded);
    const judged = held(judgeNotice({ party: asked.party, receivedAt, recordedAt: now, term, notices }));
    const id = newId();
    await this.store.insert(tx, {
      id,
      subscriptionId,
      termId: term.id,
      party: asked.party,
      signedBy: asked.signedBy,
      channel: asked.channel,
      sentAt,
      receivedAt,
      recordedAt: now,
      recordedBy: actor.userId,
      note: asked.note ?? null,
      documentSha256: asked.documentSha256?.toLowerCase() ?? null,
      effective: judged.effective,
      reason: judged.reason ?? null,
    });
    await this.#move(tx, term, judged.renewalState, now);
    await this.#confirm(tx, term, { id, ...asked, receivedAt, ...judged }, now);
    return this.#shown(tx, id);
  }

  async list(tx: Transaction, actor: Actor, subscriptionId: string, query: PageQuery): Promise<NoticeList> {
    await this.contracts.see(tx, sightOf(actor, 'notices.read'), subscriptionId);
    const [afterId] = readCursor(query.cursor, ['id']) ?? [];
    const rows = await this.store.ofSubscription(tx, subscriptionId, afterId, rowsToFetch(query.limit));
    return page(rows, query.limit, ({ id }) => [id], shown);
  }

  /**
   * Takes a notice back; the row stays.
   * @throws Refusal `notice-not-own`, `field-for-staff-only`, `already-withdrawn`, `agreement-required`, `term-ended`
   */
  async withdraw(tx: Transaction, actor: Actor, id: string, asked: NewWithdrawal): Promise<NoticeAnswer> {
    const now = this.clock.now();
    const { notice, term, others } = await this.#open(tx, actor, 'notices.withdraw', id, now);
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
    return this.#shown(tx, id);
  }

  /**
   * Accepts a late notice by mutual agreement.
   * @throws Refusal `already-withdrawn`, `already-waived`, `notice-not-late`, `notice-already-given`, `term-ended`
   */
  async waive(tx: Transaction, actor: Actor, id: string, asked: NewWaiver): Promise<NoticeAnswer> {
    const now = this.clock.now();
    const { notice, term, others } = await this.#open(tx, actor, 'notices.waive', id, now);
    const { renewalState } = held(judgeWaiver({ notice: asRecorded(notice), others, term }));
    await this.store.waive(tx, id, { by: actor.userId, at: now }, asked);
    await this.#move(tx, term, renewalState, now);
    return this.#shown(tx, id);
  }

  /** The notice with its term and the term's other notices, under the lock of the subscription. */
  async #open(tx: Transaction, actor: Actor, permission: Permission, id: string, now: Date) {
    const subscriptionId = (await this.store.find(tx, id))?.subscriptionId;
    if (subscriptionId === undefined) throw new Refusal('not-found');
    const contract = await this.contracts.openForChange(tx, sightOf(actor, permission), subscriptionId, now);
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
    if (to !== 'open') await this.mails.giveUp(tx, [term.id], reminderKindPrefix, `Not sent: the renewal is ${to}`);
  }

  async #confirm(
    tx: Transaction,
    { id: termId }: SubscriptionTerm,
    notice: Pick<NoticeRow, 'id' | 'party' | 'signedBy' | 'receivedAt'> & Pick<NoticeJudgement, 'reason'>,
    now: Date,
  ): Promise<void> {
    const facts = (await this.renewals.facts(tx, [termId])).get(termId)!;
    await this.mails.queue(tx, this.renewalMails.noticeRecorded(facts, notice), now);
  }

  async #shown(tx: Transaction, id: string): Promise<NoticeAnswer> {
    return shown((await this.store.find(tx, id))!);
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

/** The term that a notice is about: the one that was current, or about to be, when it was received. */
function termOfReceipt(contract: SubscriptionContract, receivedAt: Date): SubscriptionTerm {
  const term = contract.terms.find(({ endsAt }) => receivedAt < endsAt);
  if (term) return term;
  if (contract.status === 'ended') throw new Refusal('subscription-ended');
  return contract.terms.at(-1)!;
}

function held<Outcome extends { violation?: undefined }>(judged: Judged<Outcome>): Outcome {
  const { violation } = judged as { violation?: Violation };
  if (violation) throw refuseByRules([violation]);
  return judged as Outcome;
}

function asRecorded({ party, effective, reason, withdrawnAt, waivedAt }: NoticeRow): RecordedNotice {
  return { party, effective, reason, withdrawn: withdrawnAt !== null, waived: waivedAt !== null };
}

function shown(row: NoticeRow): NoticeAnswer {
  return {
    id: row.id,
    subscriptionId: row.subscriptionId,
    termId: row.termId,
    party: row.party,
    signedBy: row.signedBy,
    channel: row.channel,
    sentAt: row.sentAt,
    receivedAt: row.receivedAt,
    recordedAt: row.recordedAt,
    note: row.note,
    documentSha256: row.documentSha256,
    effective: row.effective,
    ...(row.reason !== null && { reason: row.reason }),
    withdrawal: row.withdrawnAt && {
      at: row.withdrawnAt,
      signedBy: row.withdrawalSignedBy!,
      otherPartySignedBy: row.withdrawalOtherPartySignedBy,
      reason: row.withdrawalReason!,
    },
    waiver: row.waivedAt && {
      at: row.waivedAt,
      customerSignedBy: row.waiverCustomerSignedBy!,
      providerSignedBy: row.waiverProviderSignedBy!,
      reason: row.waiverReason!,
    },
    noticeDeadline: row.noticeDeadlineOn,
    renewalState: row.renewalState,
  };
}
