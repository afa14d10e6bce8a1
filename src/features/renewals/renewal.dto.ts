import { IsOptional } from 'class-validator';
import type { Day } from '../../domain/calendar.js';
import type { PackageCode } from '../../domain/package.js';
import type { RenewalState } from '../../domain/term.js';
import { IsDay, IsNotBefore } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { StatedOutlook } from '../outlook/outlook.dto.js';
import { MailProgressAnswer } from '../../platform/mail/mail.dto.js';

export class RenewalsQuery extends PageQuery {
  /** Only terms whose notice deadline is on or after this day. Default: all open terms. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** Only terms whose notice deadline is on or before this day. */
  @IsOptional()
  @IsDay()
  @IsNotBefore('from')
  to?: string;

  /** Only terms whose last day is on or after this day. */
  @IsOptional()
  @IsDay()
  endsFrom?: string;

  /** Only terms whose last day is on or before this day. */
  @IsOptional()
  @IsDay()
  @IsNotBefore('endsFrom')
  endsTo?: string;
}

export class RenewalAnswer {
  subscriptionId!: string;
  customerId!: string;
  customer!: string;
  /** The vendor's own number for the customer. */
  customerCode!: string | null;
  /** The vendor's own number for the subscription. */
  contractNumber!: string | null;
  csmId!: string;
  csm!: string;
  termId!: string;
  /** From 0. */
  termNumber!: number;
  package!: PackageCode;
  /** The package chosen for the next term. `null` if the package stays. */
  nextPackage!: PackageCode | null;
  /** The next term as things stand. `null` if notice has been given. */
  renewsAs!: NextTermAnswer | null;
  startsOn!: Day;
  endsOn!: Day;
  /** The last day on which a notice is in time, in the customer's time zone. */
  noticeDeadline!: Day;
  renewalState!: RenewalState;
  /** The minutes that are left now. They expire with the term. */
  remainingMinutes!: number;
  /** The minutes likely to expire at the recent rate of use. */
  expiringMinutes!: number;
  /** The seats in use. They expire with the term. */
  seatsInUse!: number;
  /** What the CSM expects of this renewal. `null` if no outlook is stated. */
  outlook!: StatedOutlook | null;
}

export class NextTermAnswer {
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
  /** `null` while the mail is only planned. */
  id!: string | null;
  kind!: string;
  termId!: string;
  /** Only of a reminder: the days before the last day of the term. */
  daysBefore!: number | null;
  recipient!: ReminderRecipient;
}

export class ReminderList {
  data!: ReminderAnswer[];
  nextCursor!: string | null;
}
