import { IsIn, IsOptional, Matches } from 'class-validator';
import type { Day } from '../../domain/calendar.js';
import { parties, type IneffectiveReason, type Party } from '../../domain/notice.js';
import type { RenewalState } from '../../domain/term.js';
import { IsInstant, IsName, IsText } from '../../platform/http/fields.js';
import { channels, type Channel } from './notice.js';

export class NewNotice {
  /** The party that gives notice. A customer can give only its own notice. */
  @IsIn([...parties])
  party!: Party;

  /** The person who signed for that party. */
  @IsName({ max: 200 })
  signedBy!: string;

  @IsIn([...channels])
  channel!: Channel;

  @IsOptional()
  @IsInstant()
  sentAt?: string;

  /** When the notice arrived. Only staff may set it. Default: now. */
  @IsOptional()
  @IsInstant()
  receivedAt?: string;

  @IsOptional()
  @IsText({ max: 2000 })
  note?: string;

  /** The SHA-256 of the document, in hexadecimal. */
  @IsOptional()
  @Matches(/^[0-9a-fA-F]{64}$/)
  documentSha256?: string;
}

export class NewWithdrawal {
  /** The person who signed for the party that gave the notice. */
  @IsName({ max: 200 })
  signedBy!: string;

  @IsText({ max: 2000 })
  reason!: string;

  /** The person who agreed for the other party. Required after `noticeDeadline`; only staff may set it. */
  @IsOptional()
  @IsName({ max: 200 })
  otherPartySignedBy?: string;
}

export class NewWaiver {
  @IsName({ max: 200 })
  customerSignedBy!: string;

  @IsName({ max: 200 })
  providerSignedBy!: string;

  @IsText({ max: 2000 })
  reason!: string;
}

/** The contact whose personal link was used. */
export class LinkContactAnswer {
  name!: string;
  email!: string;
}

export class WithdrawalAnswer {
  at!: Date;
  signedBy!: string;
  otherPartySignedBy!: string | null;
  reason!: string;
  /** The ID of the user who recorded it. `null` if the customer used its personal link. */
  recordedBy!: string | null;
  givenByContact!: LinkContactAnswer | null;
}

export class WaiverAnswer {
  at!: Date;
  customerSignedBy!: string;
  providerSignedBy!: string;
  reason!: string;
}

export class NoticeAnswer {
  id!: string;
  subscriptionId!: string;
  termId!: string;
  party!: Party;
  signedBy!: string;
  channel!: Channel;
  sentAt!: Date | null;
  receivedAt!: Date;
  recordedAt!: Date;
  /** The ID of the user who recorded it. `null` if the customer used its personal link. */
  recordedBy!: string | null;
  givenByContact!: LinkContactAnswer | null;
  note!: string | null;
  documentSha256!: string | null;
  /** From this instant on, a notice was late. This is the value when the notice was recorded. */
  deadlineAt!: Date;
  /** Whether the notice ends the subscription with the term. A withdrawal does not change it. */
  effective!: boolean;
  /** Why the notice had no effect when it was recorded. */
  reason?: IneffectiveReason;
  withdrawal!: WithdrawalAnswer | null;
  /** Set if both parties accepted the late notice. */
  waiver!: WaiverAnswer | null;
  /** The last day on which a notice for this term is in time. */
  noticeDeadline!: Day;
  renewalState!: RenewalState;
}

/** A notice with the names that a person needs to recognise it. */
export class NamedNotice extends NoticeAnswer {
  customerId!: string;
  customer!: string;
  contractNumber!: string | null;
  timeZone!: string;
}

export class NamedNoticeList {
  data!: NamedNotice[];
  nextCursor!: string | null;
}

/** What would follow if a notice with this receipt were recorded now. */
export class NoticePreview {
  termId!: string;
  startsOn!: Day;
  endsOn!: Day;
  noticeDeadline!: Day;
  /** The zone in which the deadline was computed. */
  deadlineZone!: string;
  receivedAt!: Date;
  effective!: boolean;
  /** Why it would have no effect. */
  reason?: IneffectiveReason;
  /** The state of the renewal afterwards. */
  renewalState!: RenewalState;
}

export class NoticeList {
  data!: NoticeAnswer[];
  nextCursor!: string | null;
}
