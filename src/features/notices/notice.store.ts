import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';
import type { LinkUsed, NoticeRecord, NoticeStanding } from './notice.js';

/** A notice to insert. The user who records it is given by id. */
export type NewNoticeRecord = Pick<
  NoticeRecord,
  | 'id'
  | 'subscriptionId'
  | 'termId'
  | 'party'
  | 'signedBy'
  | 'channel'
  | 'sentAt'
  | 'receivedAt'
  | 'recordedAt'
  | 'recordedByLink'
  | 'note'
  | 'documentSha256'
  | 'deadlineAt'
  | 'effective'
  | 'reason'
> & { recordedBy: string | null };

/** SQL of `non_renewal_notices`. A trigger refuses changes to what was recorded; only a withdrawal and a waiver are added. */
@Injectable()
export class NoticeStore {
  async insert(tx: Transaction, notice: NewNoticeRecord): Promise<void> {
    await tx.query(
      `insert into non_renewal_notices (id, subscription_id, term_id, party, signed_by, channel, sent_at, received_at,
         recorded_at, recorded_by, note, document_sha256, effective, reason, link_contact_name, link_contact_email,
         link_sha256, link_address, link_user_agent, deadline_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
      [
        notice.id,
        notice.subscriptionId,
        notice.termId,
        notice.party,
        notice.signedBy,
        notice.channel,
        notice.sentAt,
        notice.receivedAt,
        notice.recordedAt,
        notice.recordedBy,
        notice.note,
        notice.documentSha256,
        notice.effective,
        notice.reason,
        ...linkColumns(notice.recordedByLink),
        notice.deadlineAt,
      ],
    );
  }

  async find(tx: Transaction, id: string): Promise<NoticeRecord | undefined> {
    const [row] = await tx.query<NoticeRecord>(`${notices} where n.id = $1`, [id]);
    return row;
  }

  ofTerm(tx: Transaction, termId: string): Promise<NoticeRecord[]> {
    return tx.query(`${notices} where n.term_id = $1 order by n.id`, [termId]);
  }

  /** In the order in which they were recorded, from after `afterId`. */
  ofSubscription(
    tx: Transaction,
    subscriptionId: string,
    afterId: string | undefined,
    limit: number,
  ): Promise<NoticeRecord[]> {
    return tx.query(
      `${notices} where n.subscription_id = $1 and ($2::uuid is null or n.id > $2) order by n.id limit $3`,
      [subscriptionId, afterId ?? null, limit],
    );
  }

  /** The notices of visible subscriptions in a standing, newest first, from before `beforeId`. */
  visible(
    tx: Transaction,
    visibility: Visibility,
    { standing, beforeId, limit }: { standing: NoticeStanding; beforeId: string | undefined; limit: number },
  ): Promise<NoticeRecord[]> {
    const values: unknown[] = [beforeId ?? null, limit];
    return tx.query(
      `${notices} join subscriptions s on s.id = n.subscription_id
       where ${visibilityCondition(visibility, 's', values)} and s.status <> 'annulled' and ${standings[standing]}
         and ($1::uuid is null or n.id < $1) order by n.id desc limit $2`,
      values,
    );
  }

  async withdraw(
    tx: Transaction,
    id: string,
    { by, at }: { by: string | LinkUsed; at: Date },
    withdrawal: { signedBy: string; reason: string; otherPartySignedBy?: string },
  ): Promise<void> {
    await tx.query(
      `update non_renewal_notices set withdrawn_at = $2, withdrawn_by = $3, withdrawal_signed_by = $4,
         withdrawal_other_party_signed_by = $5, withdrawal_reason = $6, withdrawal_link_contact_name = $7,
         withdrawal_link_contact_email = $8, withdrawal_link_sha256 = $9, withdrawal_link_address = $10,
         withdrawal_link_user_agent = $11
       where id = $1`,
      [
        id,
        at,
        typeof by === 'string' ? by : null,
        withdrawal.signedBy,
        withdrawal.otherPartySignedBy ?? null,
        withdrawal.reason,
        ...linkColumns(typeof by === 'string' ? null : by),
      ],
    );
  }

  /** Marks a late notice as accepted: it is effective from now on. */
  async waive(
    tx: Transaction,
    id: string,
    { by, at }: { by: string; at: Date },
    waiver: { customerSignedBy: string; providerSignedBy: string; reason: string },
  ): Promise<void> {
    await tx.query(
      `update non_renewal_notices set effective = true, waived_at = $2, waived_by = $3, waiver_customer_signed_by = $4,
         waiver_provider_signed_by = $5, waiver_reason = $6 where id = $1`,
      [id, at, by, waiver.customerSignedBy, waiver.providerSignedBy, waiver.reason],
    );
  }
}

const standings: Readonly<Record<NoticeStanding, string>> = {
  standing: 'n.effective and n.withdrawn_at is null',
  late: `n.reason = 'late' and not n.effective and n.withdrawn_at is null`,
  'after-roll-over': `n.reason = 'recorded-after-roll-over' and n.withdrawn_at is null`,
  withdrawn: 'n.withdrawn_at is not null',
};

const linkColumns = (link: LinkUsed | null) =>
  link ? [link.contactName, link.contactEmail, link.sha256, link.address, link.userAgent] : Array<null>(5).fill(null);

const user = (column: string): string =>
  `(select json_build_object('id', u.id, 'name', u.name, 'email', u.email) from users u where u.id = n.${column})`;

const link = (prefix: string): string =>
  `case when n.${prefix}_sha256 is not null then
     json_build_object('contactName', n.${prefix}_contact_name, 'contactEmail', n.${prefix}_contact_email,
       'sha256', n.${prefix}_sha256, 'address', n.${prefix}_address, 'userAgent', n.${prefix}_user_agent) end`;

const notices = `
  select n.id, n.subscription_id as "subscriptionId", n.term_id as "termId", n.party, n.signed_by as "signedBy", n.channel,
    n.sent_at as "sentAt", n.received_at as "receivedAt", n.recorded_at as "recordedAt",
    ${user('recorded_by')} as "recordedBy", ${link('link')} as "recordedByLink", n.note,
    n.document_sha256 as "documentSha256", n.deadline_at as "deadlineAt", n.effective, n.reason,
    n.withdrawn_at as "withdrawnAt", ${user('withdrawn_by')} as "withdrawnBy",
    ${link('withdrawal_link')} as "withdrawnByLink", n.withdrawal_signed_by as "withdrawalSignedBy",
    n.withdrawal_other_party_signed_by as "withdrawalOtherPartySignedBy", n.withdrawal_reason as "withdrawalReason",
    n.waived_at as "waivedAt", ${user('waived_by')} as "waivedBy",
    n.waiver_customer_signed_by as "waiverCustomerSignedBy", n.waiver_provider_signed_by as "waiverProviderSignedBy",
    n.waiver_reason as "waiverReason", t.notice_deadline_on as "noticeDeadlineOn", t.renewal_state as "renewalState"
  from non_renewal_notices n join terms t on t.id = n.term_id`;
