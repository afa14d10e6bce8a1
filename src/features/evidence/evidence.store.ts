import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { IneffectiveReason, Party } from '../../domain/notice.js';
import type { Transaction } from '../../platform/database/database.js';
import { visibilityCondition } from '../people/visibility.js';
import type { Channel } from '../renewals/notice.dto.js';
import type { LinkUsed } from '../renewals/link-used.js';

/** A user as the record names them; null for what nobody with an account did. */
export interface Recorder {
  id: string;
  name: string;
  email: string;
}

/** A notice with everybody who had a hand in it. */
export interface NoticeEvidence {
  id: string;
  party: Party;
  signedBy: string;
  channel: Channel;
  sentAt: Date | null;
  receivedAt: Date;
  recordedAt: Date;
  recordedBy: Recorder | null;
  /** The personal link by which it was given instead; its SHA-256 is that of the token in the mail. */
  recordedByLink: LinkUsed | null;
  note: string | null;
  documentSha256: string | null;
  /** The first instant at which a notice was late, as it stood when this one was judged. */
  deadlineAt: Date;
  effective: boolean;
  reason: IneffectiveReason | null;
  withdrawnAt: Date | null;
  withdrawnBy: Recorder | null;
  withdrawnByLink: LinkUsed | null;
  withdrawalSignedBy: string | null;
  withdrawalOtherPartySignedBy: string | null;
  withdrawalReason: string | null;
  waivedAt: Date | null;
  waivedBy: Recorder | null;
  waiverCustomerSignedBy: string | null;
  waiverProviderSignedBy: string | null;
  waiverReason: string | null;
}

/** What of a term only the evidence asks for. */
export interface TermOnRecord {
  subscriptionId: string;
  /** When the roll-over closed it. */
  closedAt: Date | null;
}

/** SQL of what is read for the evidence of a term alone. */
@Injectable()
export class EvidenceStore {
  async term(tx: Transaction, visibility: Visibility, termId: string): Promise<TermOnRecord | undefined> {
    const values: unknown[] = [termId];
    const [term] = await tx.query<TermOnRecord>(
      `select t.subscription_id as "subscriptionId", t.closed_at as "closedAt"
       from terms t join subscriptions s on s.id = t.subscription_id
       where t.id = $1 and ${visibilityCondition(visibility, 's', values)}`,
      values,
    );
    return term;
  }

  /** In the order in which they were recorded. */
  notices(tx: Transaction, termId: string): Promise<NoticeEvidence[]> {
    return tx.query(
      `select n.id, n.party, n.signed_by as "signedBy", n.channel, n.sent_at as "sentAt", n.received_at as "receivedAt",
         n.recorded_at as "recordedAt", ${person('recorder')} as "recordedBy", ${link('link')} as "recordedByLink",
         n.note, n.document_sha256 as "documentSha256", n.deadline_at as "deadlineAt", n.effective, n.reason,
         n.withdrawn_at as "withdrawnAt", ${person('withdrawer')} as "withdrawnBy",
         ${link('withdrawal_link')} as "withdrawnByLink",
         n.withdrawal_signed_by as "withdrawalSignedBy",
         n.withdrawal_other_party_signed_by as "withdrawalOtherPartySignedBy",
         n.withdrawal_reason as "withdrawalReason",
         n.waived_at as "waivedAt", ${person('waiver')} as "waivedBy",
         n.waiver_customer_signed_by as "waiverCustomerSignedBy",
         n.waiver_provider_signed_by as "waiverProviderSignedBy", n.waiver_reason as "waiverReason"
       from non_renewal_notices n
       left join users recorder on recorder.id = n.recorded_by
       left join users withdrawer on withdrawer.id = n.withdrawn_by
       left join users waiver on waiver.id = n.waived_by
       where n.term_id = $1 order by n.id`,
      [termId],
    );
  }
}

const person = (user: string): string =>
  `case when ${user}.id is not null then
     json_build_object('id', ${user}.id, 'name', ${user}.name, 'email', ${user}.email) end`;

const link = (prefix: string): string =>
  `case when n.${prefix}_sha256 is not null then
     json_build_object('contactName', n.${prefix}_contact_name, 'contactEmail', n.${prefix}_contact_email,
       'sha256', n.${prefix}_sha256, 'address', n.${prefix}_address, 'userAgent', n.${prefix}_user_agent) end`;
