import type { LinkUsed, NoticeRecord } from './notice.js';
import type { NoticeAnswer } from './notice.dto.js';

/** A notice as it is shown to clients. */
export function noticeAnswer(notice: NoticeRecord): NoticeAnswer {
  return {
    id: notice.id,
    subscriptionId: notice.subscriptionId,
    termId: notice.termId,
    party: notice.party,
    signedBy: notice.signedBy,
    channel: notice.channel,
    sentAt: notice.sentAt,
    receivedAt: notice.receivedAt,
    recordedAt: notice.recordedAt,
    recordedBy: notice.recordedBy?.id ?? null,
    givenByContact: contactOf(notice.recordedByLink),
    note: notice.note,
    documentSha256: notice.documentSha256,
    deadlineAt: notice.deadlineAt,
    effective: notice.effective,
    ...(notice.reason !== null && { reason: notice.reason }),
    withdrawal: notice.withdrawnAt && {
      at: notice.withdrawnAt,
      signedBy: notice.withdrawalSignedBy!,
      otherPartySignedBy: notice.withdrawalOtherPartySignedBy,
      reason: notice.withdrawalReason!,
      recordedBy: notice.withdrawnBy?.id ?? null,
      givenByContact: contactOf(notice.withdrawnByLink),
    },
    waiver: notice.waivedAt && {
      at: notice.waivedAt,
      customerSignedBy: notice.waiverCustomerSignedBy!,
      providerSignedBy: notice.waiverProviderSignedBy!,
      reason: notice.waiverReason!,
    },
    noticeDeadline: notice.noticeDeadlineOn,
    renewalState: notice.renewalState,
  };
}

const contactOf = (link: LinkUsed | null) => link && { name: link.contactName, email: link.contactEmail };
