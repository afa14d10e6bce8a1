import type { Day } from '../../domain/calendar.js';
import type { IneffectiveReason, NoticeState, Party } from '../../domain/notice.js';
import type { RenewalState } from '../../domain/term.js';

export const channels = ['email', 'letter', 'portal', 'other'] as const;
export type Channel = (typeof channels)[number];

/** What has become of a notice: it has effect, was late, was recorded after the roll-over, or was taken back. */
export const noticeStandings = ['standing', 'late', 'after-roll-over', 'withdrawn'] as const;
export type NoticeStanding = (typeof noticeStandings)[number];

/** A use of a renewal contact's personal link. */
export interface LinkUsed {
  contactName: string;
  contactEmail: string;
  /** Of the token in the link, in hex. */
  sha256: string;
  /** The network address that the request came from. */
  address: string;
  userAgent: string | null;
}

/** The user who recorded something. */
export interface Recorder {
  id: string;
  name: string;
  email: string;
}

/** A notice of non-renewal as it is stored, with its withdrawal, its waiver and the present state of its term. */
export interface NoticeRecord {
  id: string;
  subscriptionId: string;
  termId: string;
  party: Party;
  signedBy: string;
  channel: Channel;
  sentAt: Date | null;
  receivedAt: Date;
  recordedAt: Date;
  /** Null if the customer used its personal link. */
  recordedBy: Recorder | null;
  recordedByLink: LinkUsed | null;
  note: string | null;
  documentSha256: string | null;
  /** The deadline by which the notice was judged: the first instant at which a notice was late. */
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
  noticeDeadlineOn: Day;
  renewalState: RenewalState;
}

/** The fields of a stored notice that the rules need. */
export function stateOf({ party, effective, reason, withdrawnAt, waivedAt }: NoticeRecord): NoticeState {
  return { party, effective, reason, withdrawn: withdrawnAt !== null, waived: waivedAt !== null };
}
