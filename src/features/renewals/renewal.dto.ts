import { IsOptional } from 'class-validator';
import type { Day } from '../../domain/calendar.js';
import type { PackageCode } from '../../domain/package.js';
import type { RenewalState } from '../../domain/term.js';
import { IsDay, IsNotBefore } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { MailProgressAnswer } from '../../platform/mail/mail.dto.js';

export class RenewalsQuery extends PageQuery {
  /** The first last day for a notice; without it, that of the open term that comes first, passed or not. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last one, inclusive. */
  @IsOptional()
  @IsDay()
  @IsNotBefore('from')
  to?: string;

  /** The earliest last day of the term. The ranges of deadlines and of ends apply together. */
  @IsOptional()
  @IsDay()
  endsFrom?: string;

  /** The latest last day of the term, inclusive. */
  @IsOptional()
  @IsDay()
  @IsNotBefore('endsFrom')
  endsTo?: string;
}

export class RenewalAnswer {
  subscriptionId!: string;
  customerId!: string;
  customer!: string;
  /** The vendor's own number of the customer; null if it has none. */
  customerCode!: string | null;
  /** The vendor's own number of the contract; null if it has none. */
  contractNumber!: string | null;
  csmId!: string;
  csm!: string;
  termId!: string;
  /** From 0. */
  termNumber!: number;
  package!: PackageCode;
  /** Set for the next renewal; null where the package stays. */
  nextPackage!: PackageCode | null;
  /** What follows on the term as things stand; null where a notice has been given. */
  renewsAs!: RenewsAs | null;
  startsOn!: Day;
  endsOn!: Day;
  /** The last day for a notice, in the customer's zone. */
  noticeDeadline!: Day;
  renewalState!: RenewalState;
  /** What expires at the end of the term unless it is used by then. */
  remainingMinutes!: number;
  /** What will be left of them, and expire, if work goes on as of late. */
  expiringMinutes!: number;
  /** They expire with the term. */
  seatsInUse!: number;
}

export class RenewsAs {
  package!: PackageCode;
  grantedMinutes!: number;
  startsOn!: Day;
  endsOn!: Day;
}

export class RenewalList {
  data!: RenewalAnswer[];
  nextCursor!: string | null;
}

export class ReminderRecipient {
  role!: 'customer' | 'csm' | 'operator';
  name!: string;
  address!: string;
}

export class ReminderAnswer extends MailProgressAnswer {
  /** Null while it is only planned. */
  id!: string | null;
  kind!: string;
  termId!: string;
  /** How long before the term's last day; null for mails that are no reminders. */
  daysBefore!: number | null;
  recipient!: ReminderRecipient;
}

export class ReminderList {
  data!: ReminderAnswer[];
  nextCursor!: string | null;
}
