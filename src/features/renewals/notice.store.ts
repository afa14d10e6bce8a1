import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { IneffectiveReason, Party } from '../../domain/notice.js';
import type { RenewalState } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/database.js';
import type { Channel } from './notice.dto.js';
import type { LinkUsed } from './link-used.js';

/** A notice as it was recorded: by a user, or by the customer itself through a link. */
export interface NoticeToKeep {
  id: string;
  subscriptionId: string;
  termId: string;
  party: Party;
  signedBy: string;
  channel: Channel;
  sentAt: Date | null;
  receivedAt: Date;
  recordedAt: Date;
  recordedBy: string | null;
  link: LinkUsed | null;
  note: string | null;
  documentSha256: string | null;
  /** The deadline as it stood when the notice was judged: the first instant at which a notice was late. */
  deadlineAt: Date;
  effective: boolean;
  reason: IneffectiveReason | null;
}

/** A notice with what was added to it, and what has become of its term. */
export interface NoticeRow extends Omit<NoticeToKeep, 'link'> {
  linkContactName: string | null;
  linkContactEmail: string | null;
  withdrawnAt: Date | null;
  withdrawnBy: string | null;
  withdrawalSignedBy: string | null;
  withdrawalOtherPartySignedBy: string | null;
  withdrawalReason: string | null;
  withdrawalLinkContactName: string | null;
  withdrawalLinkContactEmail: string | null;
  waivedAt: Date | null;
  waiverCustomerSignedBy: string | null;
  waiverProviderSignedBy: string | null;
  waiverReason: string | null;
  noticeDeadlineOn: Day;
  renewalState: RenewalState;
}

/** Which user adds something to a notice, and when. */
export interface Addition {
  by: string;
  at: Date;
}

/** As an addition; the customer may also withdraw through a link. */
export type WithdrawalAddition = Addition | { by: LinkUsed; at: Date };

/** SQL of `non_renewal_notices`. The database keeps them as they were recorded. */
@Injectable()
export class NoticeStore {
  async insert(tx: Transaction, notice: NoticeToKeep): Promise<void> {
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
        ...linkColumns(notice.link),
        notice.deadlineAt,
      ],
    );
  }

  async find(tx: Transaction, id: string): Promise<NoticeRow | undefined> {
    const [row] = await tx.query<NoticeRow>(`${notices} where n.id = $1`, [id]);
    return row;
  }

  ofTerm(tx: Transaction, termId: string): Promise<NoticeRow[]> {
    return tx.query(`${notices} where n.term_id = $1 order by n.id`, [termId]);
  }

  /** In the order in which they were recorded, from after `afterId`. */
  ofSubscription(
    tx: Transaction,
    subscriptionId: string,
    afterId: string | undefined,
    limit: number,
  ): Promise<NoticeRow[]> {
    return tx.query(
      `${notices} where n.subscription_id = $1 and ($2::uuid is null or n.id > $2) order by n.id limit $3`,
      [subscriptionId, afterId ?? null, limit],
    );
  }

  async withdraw(
    tx: Transaction,
    id: string,
    { by, at }: WithdrawalAddition,
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

  /** From now on the notice counts. */
  async waive(
    tx: Transaction,
    id: string,
    { by, at }: Addition,
    waiver: { customerSignedBy: string; providerSignedBy: string; reason: string },
  ): Promise<void> {
    await tx.query(
      `update non_renewal_notices set effective = true, waived_at = $2, waived_by = $3, waiver_customer_signed_by = $4,
         waiver_provider_signed_by = $5, waiver_reason = $6 where id = $1`,
      [id, at, by, waiver.customerSignedBy, waiver.providerSignedBy, waiver.reason],
    );
  }
}

const linkColumns = (link: LinkUsed | null) =>
  link ? [link.contactName, link.contactEmail, link.sha256, link.address, link.userAgent] : Array<null>(5).fill(null);

const notices = `
  select n.id, n.subscription_id as "subscriptionId", n.term_id as "termId", n.party, n.signed_by as "signedBy", n.channel,
    n.sent_at as "sentAt", n.received_at as "receivedAt", n.recorded_at as "recordedAt", n.recorded_by as "recordedBy",
    n.link_contact_name as "linkContactName", n.link_contact_email as "linkContactEmail",
    n.note, n.document_sha256 as "documentSha256", n.deadline_at as "deadlineAt", n.effective, n.reason, n.withdrawn_at as "withdrawnAt",
    n.withdrawn_by as "withdrawnBy",
    n.withdrawal_signed_by as "withdrawalSignedBy", n.withdrawal_other_party_signed_by as "withdrawalOtherPartySignedBy",
    n.withdrawal_reason as "withdrawalReason", n.withdrawal_link_contact_name as "withdrawalLinkContactName",
    n.withdrawal_link_contact_email as "withdrawalLinkContactEmail", n.waived_at as "waivedAt",
    n.waiver_customer_signed_by as "waiverCustomerSignedBy", n.waiver_provider_signed_by as "waiverProviderSignedBy",
    n.waiver_reason as "waiverReason", t.notice_deadline_on as "noticeDeadlineOn", t.renewal_state as "renewalState"
  from non_renewal_notices n join terms t on t.id = n.term_id`;
