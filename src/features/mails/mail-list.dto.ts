import { IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsId } from '../../platform/http/fields.js';
import { MailHoldAnswer } from '../../platform/mail/mail-hold.dto.js';
import { DayRange } from '../../platform/http/day-range.dto.js';
import { PageQuery } from '../../platform/http/paging.js';
import { MailProgressAnswer } from '../../platform/mail/mail.dto.js';

/** `waiting`: not sent yet. `sent`: the mail server accepted it. `filed`: written to a file, so nobody has received it. */
export const mailOutcomes = ['waiting', 'sent', 'filed', 'failed', 'uncertain'] as const;
export type MailOutcome = (typeof mailOutcomes)[number];

export class MailsQuery extends IntersectionType(PageQuery, DayRange) {
  /** Only mails with this outcome. */
  @IsOptional()
  @IsIn([...mailOutcomes])
  outcome?: MailOutcome;

  /** Only mails about this customer. */
  @IsOptional()
  @IsId()
  customerId?: string;
}

export class MailAddressee {
  /** `user`: a user, in a mail about signing in. */
  role!: 'customer' | 'csm' | 'operator' | 'reader' | 'user';
  name!: string;
  address!: string;
}

export class MailAnswer extends MailProgressAnswer {
  id!: string;
  kind!: string;
  /** `waiting`: not sent yet. `sent`: the mail server accepted it. `filed`: written to a file, so nobody has received it. */
  outcome!: MailOutcome;
  /** `null` for a nudge, a mail about signing in, and a report mail that is not about one customer. */
  customerId!: string | null;
  customer!: string | null;
  /** `null` for a report mail, a nudge, and a mail about signing in. */
  subscriptionId!: string | null;
  /** `null` for a report mail, a nudge, and a mail about signing in. */
  termId!: string | null;
  /** Only of a report mail: its report schedule. */
  reportScheduleId!: string | null;
  recipient!: MailAddressee;
}

export class MailList {
  data!: MailAnswer[];
  nextCursor!: string | null;
  /** Whether mails are held. `null` for customers. */
  mailHold!: MailHoldAnswer | null;
}
