import type { NoticeAnswer } from './notice.dto.js';
import type { NoticeRow } from './notice.store.js';

/** A notice as it is shown to clients. */
export function noticeAnswer(row: NoticeRow): NoticeAnswer {
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
    recordedBy: row.recordedBy,
    givenByContact: contactOf(row.linkContactName, row.linkContactEmail),
    note: row.note,
    documentSha256: row.documentSha256,
    deadlineAt: row.deadlineAt,
    effective: row.effective,
    ...(row.reason !== null && { reason: row.reason }),
    withdrawal: row.withdrawnAt && {
      at: row.withdrawnAt,
      signedBy: row.withdrawalSignedBy!,
      otherPartySignedBy: row.withdrawalOtherPartySignedBy,
      reason: row.withdrawalReason!,
      recordedBy: row.withdrawnBy,
      givenByContact: contactOf(row.withdrawalLinkContactName, row.withdrawalLinkContactEmail),
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

const contactOf = (name: string | null, email: string | null) =>
  name === null || email === null ? null : { name, email };
