import type { Day } from '../../domain/calendar.js';
import type { DeadlineKind } from '../../domain/today.js';
import { type SubscriptionAttentionAnswer } from '../attention/attention.dto.js';
import { type MailAnswer } from '../mails/mail-list.dto.js';
import { type PlannedSessionAnswer } from '../planning/planned-session.dto.js';

export class LoggedDay {
  date!: Day;
  minutes!: number;
}

export class LoggedCustomer {
  customerId!: string;
  customer!: string;
  minutes!: number;
}

/** The time that was logged for work of this week, from Monday to Sunday, without reversed entries. */
export class LoggedWeek {
  startsOn!: Day;
  endsOn!: Day;
  minutes!: number;
  /** Each day of the week. */
  days!: LoggedDay[];
  /** The customers with an entry, most minutes first. */
  byCustomer!: LoggedCustomer[];
}

export class DeadlineAnswer {
  /**
   * `notice`: the last day for a notice of non-renewal, while the renewal is open. `term-end`: the last day of a term.
   * `late-entries`: the last day on which work of a closed term can be logged.
   */
  kind!: DeadlineKind;
  date!: Day;
  subscriptionId!: string;
  termId!: string;
  customerId!: string;
  customer!: string;
  contractNumber!: string | null;
}

export class TodayAnswer {
  /** Today in your time zone. */
  date!: Day;
  /** The first ten subscriptions that need you, gravest first. */
  attention!: SubscriptionAttentionAnswer[];
  /** How many subscriptions need you. */
  attentionCount!: number;
  /** The overdue and open planned sessions until seven days from today, oldest first, up to 200. */
  plannedSessions!: PlannedSessionAnswer[];
  week!: LoggedWeek;
  /** The deadlines from today to 30 days from today, in order, up to 200. */
  deadlines!: DeadlineAnswer[];
  /** The mails of the last 30 days that failed for good, newest first, up to 50. */
  failedMails!: MailAnswer[];
}
