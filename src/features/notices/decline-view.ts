import type { Day } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import type { PackageVersion } from '../../domain/package.js';
import type { RenewalState, TermDates } from '../../domain/term.js';
import { dayText, hours, zoneText } from '../../platform/mail/mail-words.js';
import type { DeclineWord } from './decline-words.js';
import type { NoticeRecord } from './notice.js';

/** The term of the page, with its customer, its CSM and its balance. */
export interface DeclinedTerm extends TermDates {
  termId: string;
  subscriptionId: string;
  renewalState: RenewalState;
  noticeDeadlineOn: Day;
  lockAt: Date;
  endsAt: Date;
  /** The zone in which `lockAt` was computed; the customer's zone may differ (§3). */
  deadlineZone: string;
  customerId: string;
  customerName: string;
  contacts: readonly { name: string; email: string; roles: readonly string[] }[];
  locale: Language;
  timeZone: string;
  csmName: string;
  csmEmail: string;
  grantedMinutes: number;
  usedMinutes: number;
  remainingMinutes: number;
  seatsInUse: number;
  maxSeats: number;
  package: PackageVersion;
  /** The term that follows if the subscription renews. */
  next: TermDates & { package: PackageVersion };
}

/** How the renewal of a term stands, and whether the customer can give or withdraw a notice. */
export interface RenewalStanding {
  term: DeclinedTerm;
  /** Whether the last day for a notice is over. */
  isLate: boolean;
  /** The customer's notice that stands, or its newest one without effect. */
  given?: NoticeRecord;
  canWithdraw: boolean;
  /** The provider's notice, if it stands. */
  givenByProvider?: NoticeRecord;
  /** The notice that the customer withdrew last, if it has given none since. */
  withdrawn?: NoticeRecord;
}

/** Everything that the page behind a personal link shows. */
export interface DeclineView extends RenewalStanding {
  /** The address of the page. */
  path: string;
  contactName: string;
  /** The page of the console about the subscription, for a contact who can sign in. */
  consoleLink?: string;
}

/** How a page writes days and minutes. */
export interface DeclineFormats {
  dayText: (day: Day, language: Language) => string;
  hours: (minutes: number, language: Language) => string;
}

/** As in the mails that lead to the page. */
export const mailFormats: DeclineFormats = { dayText, hours };

/** The heading that says how the renewal stands. */
export function headingOf({ given, givenByProvider, isLate }: RenewalStanding): DeclineWord {
  if (given) return given.effective ? 'headingGiven' : 'headingGivenLate';
  if (givenByProvider) return 'headingProvider';
  return isLate ? 'headingLate' : 'headingOpen';
}

/** The values that the sentences of `declineWords` may contain. */
export function declineValues(
  { term }: RenewalStanding,
  language: Language,
  { dayText, hours }: DeclineFormats,
): Record<string, string | number> {
  return {
    customer: term.customerName,
    startsOn: dayText(term.startsOn, language),
    endsOn: dayText(term.endsOn, language),
    granted: hours(term.grantedMinutes, language),
    used: hours(term.usedMinutes, language),
    remaining: hours(term.remainingMinutes, language),
    seatsInUse: term.seatsInUse,
    maxSeats: term.maxSeats,
    nextPackage: term.next.package.name[language],
    nextGranted: hours(term.next.package.grantedMinutes, language),
    nextStartsOn: dayText(term.next.startsOn, language),
    nextEndsOn: dayText(term.next.endsOn, language),
    deadline: dayText(term.noticeDeadlineOn, language),
    // With its offset at the end of the last day for a notice, as in the mails.
    timeZone: zoneText(term.deadlineZone, new Date(term.lockAt.getTime() - 1), language),
    csm: term.csmName,
  };
}
