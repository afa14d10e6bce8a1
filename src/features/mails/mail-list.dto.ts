import { IsIn, IsOptional } from 'class-validator';
import { IsDay, IsId, IsNotBefore } from '../../platform/http/fields.js';
import { MailHoldAnswer } from '../../platform/mail/mail-hold.dto.js';
import { PageQuery } from '../../platform/http/paging.js';
import { MailProgressAnswer } from '../../platform/mail/mail.dto.js';

/** `waiting`: to be handed over; `sent`: a mail server took it; `filed`: it became a file, which reached nobody. */
export const mailOutcomes = ['waiting', 'sent', 'filed', 'failed', 'uncertain'] as const;
export type MailOutcome = (typeof mailOutcomes)[number];

export class MailsQuery extends PageQuery {
  /** Only mails with this outcome. */
  @IsOptional()
  @IsIn([...mailOutcomes])
  outcome?: MailOutcome;

  /** Only mails about this customer. */
  @IsOptional()
  @IsId()
  customerId?: string;

  /** Only mails that were queued on or after this day, in the time zone of the house. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** Only mails that were queued on or before this day, in the time zone of the house. */
  @IsOptional()
  @IsDay()
  @IsNotBefore('from')
  to?: string;
}

export class MailAddressee {
  role!: 'customer' | 'csm' | 'operator' | 'reader';
  name!: string;
  address!: string;
}

export class MailAnswer extends MailProgressAnswer {
  id!: string;
  kind!: string;
  /** `waiting`: to be handed over; `sent`: a mail server took it; `filed`: it became a file, which reached nobody. */
  outcome!: MailOutcome;
  /** Null for a mail that brings a report about no single customer. */
  customerId!: string | null;
  customer!: string | null;
  /** Null for a mail that brings a report. */
  subscriptionId!: string | null;
  /** Null for a mail that brings a report. */
  termId!: string | null;
  /** Set for a mail that brings a report. */
  reportScheduleId!: string | null;
  recipient!: MailAddressee;
}

export class MailList {
  data!: MailAnswer[];
  nextCursor!: string | null;
  /** Null for customers. */
  mailHold!: MailHoldAnswer | null;
}
