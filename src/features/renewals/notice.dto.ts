import { IsIn, IsOptional, Matches } from 'class-validator';
import type { Day } from '../../domain/calendar.js';
import { parties, type IneffectiveReason, type Party } from '../../domain/notice.js';
import type { RenewalState } from '../../domain/term.js';
import { IsInstant, IsName, IsText } from '../../platform/http/fields.js';

export const channels = ['email', 'letter', 'portal', 'other'] as const;
export type Channel = (typeof channels)[number];

export class NewNotice {
  /** Who gives it. A customer gives only its own. */
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

  /** Recorded by staff; now, where it is left out. A customer's own is received the moment it is given. */
  @IsOptional()
  @IsInstant()
  receivedAt?: string;

  @IsOptional()
  @IsText({ max: 2000 })
  note?: string;

  /** Of the document, in hex. */
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

  /** The person who agreed for the other party: needed after the last day for a notice. Recorded by staff. */
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
  /** The user who recorded it; null where the customer used its personal link. */
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
  /** The user who recorded it; null where the customer used its personal link. */
  recordedBy!: string | null;
  givenByContact!: LinkContactAnswer | null;
  note!: string | null;
  documentSha256!: string | null;
  /** The first instant at which a notice was late, as it stood when this one was recorded. */
  deadlineAt!: Date;
  /** Whether it keeps the term from renewing, unless it is withdrawn. */
  effective!: boolean;
  /** Why it had no effect when it was recorded. */
  reason?: IneffectiveReason;
  withdrawal!: WithdrawalAnswer | null;
  /** Accepted by both sides though it was late. */
  waiver!: WaiverAnswer | null;
  /** The last day for a notice of that term. */
  noticeDeadline!: Day;
  renewalState!: RenewalState;
}

export class NoticeList {
  data!: NoticeAnswer[];
  nextCursor!: string | null;
}
