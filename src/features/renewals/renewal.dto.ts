import { IsOptional } from 'class-validator';
import type { Day } from '../../domain/calendar.js';
import type { PackageCode } from '../../domain/package.js';
import type { RenewalState } from '../../domain/term.js';
import { IsDay } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';

export class RenewalsQuery extends PageQuery {
  /** The first last day for a notice; without it, that of the open term that comes first, passed or not. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last one, inclusive. */
  @IsOptional()
  @IsDay()
  to?: string;
}

export class RenewalAnswer {
  subscriptionId!: string;
  customerId!: string;
  customer!: string;
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

export class ReminderAttempt {
  /** From 1. */
  number!: number;
  startedAt!: Date;
  /** Null while it is under way. */
  endedAt!: Date | null;
  /** `refused`: for good; `failed`: for now; `uncertain`: the message went out and no answer came. Null while it is under way. */
  outcome!: 'accepted' | 'refused' | 'failed' | 'uncertain' | null;
  /** What the mail server answered, or the error. */
  answer!: string | null;
}

export class ReminderAnswer {
  /** Null while it is only planned. */
  id!: string | null;
  kind!: string;
  termId!: string;
  /** How long before the term's last day; null for mails that are no reminders. */
  daysBefore!: number | null;
  status!: 'planned' | 'queued' | 'sending' | 'uncertain' | 'sent' | 'failed';
  recipient!: ReminderRecipient;
  subject!: string | null;
  messageId!: string | null;
  /** When it is, or was, due. */
  plannedAt!: Date;
  nextAttemptAt!: Date | null;
  sentAt!: Date | null;
  /** What the mail server said when it took the message. */
  serverAnswer!: string | null;
  attempts!: number;
  lastError!: string | null;
  /** Each attempt, the first one first. */
  attemptLog!: ReminderAttempt[];
}

export class ReminderList {
  data!: ReminderAnswer[];
  nextCursor!: string | null;
}
