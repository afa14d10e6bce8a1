import {
  addDays,
  addMonths,
  addYears,
  dayOn,
  daysBetween,
  nineOClock,
  shown,
  startOf,
  type Day,
  type Moment,
} from './calendar.js';
import { publishedTable, type Package } from './published-table.js';

/** The rule book's numbers, written down once more. */
const reminderDays = [90, 75, 67, 60];
const noticeDays = 60;
const lateEntryDays = 10;
/** Shares of the granted hours, in percent, that are told once they are used, and from which on the customer is told too. */
const sharesTold = [50, 80, 100];
const shareForCustomer = 80;
const monthsOfTerm = 12;
const dayMinutes = 1_440;

export type Party = 'customer' | 'provider';
export type Renewal = 'open' | 'locked' | 'declined' | 'renewed' | 'ended';

export interface Customer {
  readonly number: number;
  zone: string;
  /** The addresses of those who want to hear of renewals. */
  renewalContacts: string[];
  /** The addresses of those who want to hear of the use. */
  usageContacts: string[];
}

export interface Notice {
  /** The service's id, once it has answered. */
  id: string;
  readonly party: Party;
  effective: boolean;
  readonly reason?: 'late' | 'recorded-after-roll-over';
  withdrawn: boolean;
  waived: boolean;
  readonly term: Term;
}

export interface Term {
  readonly number: number;
  readonly startsOn: Day;
  readonly endsOn: Day;
  readonly deadlineOn: Day;
  /** The first moment after the last day for a notice, and after the last day. */
  lockAt: Moment;
  endsAt: Moment;
  renewal: Renewal;
  readonly periods: { package: Package; from: Day }[];
  usedMinutes: number;
  onsiteMinutes: number;
  visits: number;
  /** Those that were in use when the term closed, until then those of the contract. */
  seatsAtClose: number;
  readonly notices: Notice[];
  lastReminder: number;
  /** The highest share of its hours that was told, and the last of its service months, from 1, whose use was. */
  lastShare: number;
  lastMonth: number;
}

interface Recipient {
  readonly role: 'customer' | 'csm';
  readonly address: string;
}

/** A mail that must be there, once. */
export interface ExpectedMail extends Recipient {
  readonly term: number;
  readonly kind: string;
  /** The notice that it is about. */
  readonly notice?: Notice;
  readonly queuedAt: Moment;
  /** It waits for this moment, also when its reason came earlier. */
  readonly leavesAt: Moment;
  readonly validUntil: Moment;
  status: 'queued' | 'sent' | 'failed';
  sentAt?: Moment;
}

/** What a request should be answered: done, or refused with this code. */
export type Verdict = 'done' | (string & {});

/**
 * A subscription as the rule book has it. It shares no code with the service: it is told what is asked and when jobs run,
 * and says what must then be so.
 */
export class Contract {
  readonly terms: Term[] = [];
  readonly mails: ExpectedMail[] = [];
  /** Addresses of learners in the order of assignment. */
  learners: string[] = [];
  nextPackage: Package | undefined;
  ended = false;
  readonly #monthEnds = new Map<string, Moment[]>();

  constructor(
    readonly number: number,
    readonly customer: Customer,
    readonly csm: string,
    readonly anchorOn: Day,
    sold: Package,
    readonly enteredAt: Moment,
  ) {
    this.#open(0, sold);
    this.roll(enteredAt);
    // What was locked when the contract came to us is nobody's news.
    if (this.current.lockAt <= enteredAt) this.current.renewal = 'locked';
  }

  get current(): Term {
    return this.terms.at(-1)!;
  }

  get package(): Package {
    return this.current.periods.at(-1)!.package;
  }

  today(now: Moment): Day {
    return dayOn(now, this.customer.zone);
  }

  /** A term is over, and no job has come by yet. */
  isOverdue(now: Moment): boolean {
    return !this.ended && this.current.endsAt <= now;
  }

  termOn(day: Day): Term | undefined {
    return this.terms.find(({ startsOn, endsOn }) => startsOn <= day && day <= endsOn);
  }

  /** Jobs run at `from`, and at every moment up to `to` at which something falls due. */
  pass(from: Moment, to: Moment): void {
    let at: Moment | undefined = from;
    while (at !== undefined && at <= to) {
      this.sweep(at);
      at = this.#nextAfter(at);
    }
  }

  /** All jobs run once. */
  sweep(now: Moment): void {
    this.#lock(now);
    this.roll(now);
    this.remind(now);
    if (!isClosed(this.current)) this.#tellShare(this.current, now);
    this.#stateMonths(now);
    this.deliver(now);
  }

  /** Every term that is over closes, and the next one opens unless it was declined. */
  roll(now: Moment): void {
    while (!this.ended && this.current.endsAt <= now) {
      const closing = this.current;
      if (closing.endsAt > this.enteredAt) this.#tellShare(closing, now);
      this.ended = closing.renewal === 'declined';
      closing.renewal = this.ended ? 'ended' : 'renewed';
      closing.seatsAtClose = this.learners.length;
      if (closing.endsAt > this.enteredAt) {
        const leavesAt = this.#morningFrom(closing.endsAt);
        this.#expect(closing, this.ended ? 'term-ended' : 'term-renewed', now, { leavesAt });
      }
      const next = this.nextPackage ?? closing.periods.at(-1)!.package;
      this.learners = this.ended ? [] : this.learners.slice(0, publishedTable[next].seats);
      if (this.ended) return;
      this.nextPackage = undefined;
      this.#open(closing.number + 1, next);
    }
  }

  /** When the next reminder of the current term leaves, as things stand. */
  nextReminderAfter(moment: Moment): Moment | undefined {
    if (this.ended || this.current.renewal !== 'open') return undefined;
    return this.#reminders(this.current).find(({ at, days }) => at > moment && days < this.current.lastReminder)?.at;
  }

  /** The newest reminder whose moment has come, unless it or a later one was sent before. */
  remind(now: Moment): void {
    const term = this.current;
    if (term.renewal !== 'open' || now >= term.lockAt) return;
    const newest = this.#reminders(term).findLast(({ at }) => at <= now);
    if (!newest || newest.days >= term.lastReminder) return;
    term.lastReminder = newest.days;
    // A copy of a mail that nobody gets is no news.
    if (this.customer.renewalContacts.length === 0) return;
    this.#expect(term, `renewal-reminder-${newest.days}`, now, { validUntil: term.lockAt });
  }

  deliver(now: Moment): void {
    for (const mail of this.mails.filter(({ status, leavesAt }) => status === 'queued' && leavesAt <= now)) {
      mail.status = mail.validUntil <= now ? 'failed' : 'sent';
      if (mail.status === 'sent') mail.sentAt = now;
    }
  }

  /** What is still to come follows the customer from one zone into the present one. */
  moved(now: Moment, from: string): void {
    const { zone } = this.customer;
    for (const mail of this.mails) {
      const waits = mail.status === 'queued' && mail.leavesAt > now;
      if (waits) Object.assign(mail, { leavesAt: nineOClock(dayOn(mail.leavesAt, from), zone) });
    }
    const term = this.current;
    if (this.ended) return;
    if (term.lockAt > now) {
      const anew = startOf(addDays(term.deadlineOn, 1), this.customer.zone);
      // A reminder has announced the deadline: from then on it never moves earlier.
      term.lockAt = term.lastReminder < Infinity && anew < term.lockAt ? term.lockAt : anew;
    }
    for (const mail of this.mails) {
      const waits = mail.status === 'queued' && mail.term === term.number && mail.validUntil < Infinity;
      if (waits) Object.assign(mail, { validUntil: term.lockAt });
    }
    if (term.endsAt > now) term.endsAt = startOf(addDays(term.endsOn, 1), this.customer.zone);
  }

  /** A notice received at one moment and recorded at another; the answer also says what it did. */
  notice(party: Party, receivedAt: Moment, now: Moment): Notice | Verdict {
    if (receivedAt > now) return 'receipt-in-future';
    // A request that is refused leaves no trace, so it is asked first what the roll-over would make of the terms.
    const wouldEnd = this.isOverdue(now) && this.current.renewal === 'declined';
    const term = this.terms.find(({ endsAt }) => receivedAt < endsAt);
    if (!term && (this.ended || wouldEnd)) return 'subscription-ended';
    if (term?.notices.some((other) => other.party === party && stands(other))) return 'notice-already-given';
    this.roll(now);
    return this.#recorded(party, receivedAt, now);
  }

  /** A contact confirms on the page behind the link of a reminder; a notice that the customer has given already stays the one there is. */
  noticeByLink(term: Term, address: string, now: Moment): Notice | Verdict {
    const isValid = this.customer.renewalContacts.includes(address) && !isClosed(term) && now < term.endsAt;
    if (!isValid) return 'link-not-valid';
    if (term.notices.some(({ party, withdrawn }) => party === 'customer' && !withdrawn)) return 'done';
    return this.#recorded('customer', now, now);
  }

  withdrawal(notice: Notice, agreed: boolean, now: Moment): Verdict {
    const { term } = notice;
    if (notice.withdrawn) return 'already-withdrawn';
    if (isClosed(term) || now >= term.endsAt) return 'term-ended';
    if (notice.effective && now >= term.lockAt && !agreed) return 'agreement-required';
    notice.withdrawn = true;
    if (notice.effective && !term.notices.some(stands)) term.renewal = now < term.lockAt ? 'open' : 'locked';
    this.#expect(term, 'notice-withdrawn', now, { notice });
    return 'done';
  }

  waiver(notice: Notice, now: Moment): Verdict {
    const { term } = notice;
    if (notice.withdrawn) return 'already-withdrawn';
    if (notice.waived) return 'already-waived';
    if (isClosed(term) || now >= term.endsAt) return 'term-ended';
    if (notice.effective || notice.reason !== 'late') return 'notice-not-late';
    if (term.notices.some((other) => other !== notice && other.party === notice.party && stands(other))) {
      return 'notice-already-given';
    }
    notice.waived = true;
    notice.effective = true;
    this.#decline(term);
    this.#expect(term, 'notice-waived', now, { notice });
    return 'done';
  }

  /** Whether the current term may take a better package from a day on. */
  upgrade(to: Package, from: Day, now: Moment): Verdict {
    if (this.ended) return 'subscription-ended';
    const { startsOn, endsOn, periods } = this.current;
    const today = this.today(now);
    if (today < startsOn) return 'term-not-open';
    const better = publishedTable[to].minutes > publishedTable[this.package].minutes;
    const inRange = from >= periods.at(-1)!.from && from <= endsOn;
    if (better && inRange && from <= today) {
      const minutesOf = (code: Package): number => publishedTable[code].minutes;
      const next = this.nextPackage;
      // A change to a package at least as large as the old one is no longer meant once the new one is as large.
      const meant = next !== undefined && minutesOf(next) >= minutesOf(this.package);
      if (next === to || (meant && minutesOf(next) <= minutesOf(to))) this.nextPackage = undefined;
      periods.push({ package: to, from });
      return 'done';
    }
    if (!better && !(inRange && from <= today)) return 'rules-violated';
    if (!better) return 'not-an-upgrade';
    return inRange ? 'upgrade-in-future' : 'effective-on-out-of-range';
  }

  /** The limits of the contract that stand against an entry; those of allocations and enrolments are not asked here. */
  against(entry: { workOn: Day; minutes: number; onsite: boolean; dayMinutes: number }, now: Moment): string[] {
    const { workOn, minutes } = entry;
    const term = this.termOn(workOn);
    if (!term) return ['term-not-found'];
    const found: string[] = [];
    const today = this.today(now);
    if (workOn > today) found.push('work-date-in-future');
    const enteredOn = dayOn(this.enteredAt, this.customer.zone);
    const lastDay = addDays(term.endsOn > enteredOn ? term.endsOn : enteredOn, lateEntryDays);
    if ((isClosed(term) || term.endsAt <= now) && today > lastDay) found.push('late-entry-window-passed');
    if (minutes > granted(term) - term.usedMinutes) found.push('hours-exhausted');
    if (entry.onsite) {
      const inForce = term.periods.findLast(({ from }) => from <= workOn) ?? term.periods[0]!;
      if (publishedTable[inForce.package].onsitePercent === 0) found.push('onsite-not-included');
      else if (minutes > onsiteCap(term) - term.onsiteMinutes) found.push('onsite-cap-exceeded');
    }
    if (entry.dayMinutes + minutes > dayMinutes) found.push('consultant-day-exceeded');
    return found;
  }

  #open(number: number, sold: Package): void {
    const startsOn = addYears(this.anchorOn, number);
    const endsOn = addDays(addYears(this.anchorOn, number + 1), -1);
    const deadlineOn = addDays(endsOn, -noticeDays);
    const { zone } = this.customer;
    this.terms.push({
      number,
      startsOn,
      endsOn,
      deadlineOn,
      lockAt: startOf(addDays(deadlineOn, 1), zone),
      endsAt: startOf(addDays(endsOn, 1), zone),
      renewal: 'open',
      periods: [{ package: sold, from: startsOn }],
      usedMinutes: 0,
      onsiteMinutes: 0,
      visits: 0,
      seatsAtClose: 0,
      notices: [],
      lastReminder: Infinity,
      lastShare: 0,
      lastMonth: 0,
    });
  }

  /** Of several shares that were reached since the last look only the highest is told. The last look is when the term closes. */
  #tellShare(term: Term, now: Moment): void {
    const reached = sharesTold.findLast((share) => term.usedMinutes * 100 >= granted(term) * share);
    if (reached === undefined || reached <= term.lastShare) return;
    term.lastShare = reached;
    const customers = reached >= shareForCustomer ? this.customer.usageContacts : [];
    const recipients = [...to('customer', customers), ...to('csm', [this.csm])];
    this.#expectFor(recipients, term, `usage-alert-used-${reached}`, now, { leavesAt: this.#morningFrom(now) });
  }

  /** The newest month that is over, unless it was stated before, or one of the next term is to be stated already. */
  #stateMonths(now: Moment): void {
    // Of the terms before these two nothing can be left: a month of the last but one was stated long ago.
    for (const term of this.terms.slice(-2)) {
      const month = this.#monthsOver(term, now);
      if (month <= term.lastMonth) continue;
      term.lastMonth = month;
      const isNews = this.#statements(term)[month - 1]! > this.enteredAt;
      const following = this.terms[term.number + 1];
      const isOutdone = following !== undefined && this.#monthsOver(following, now) > 0;
      if (!isNews || isOutdone) continue;
      this.#expectFor(to('customer', this.customer.usageContacts), term, `usage-statement-${month}`, now);
    }
  }

  #monthsOver(term: Term, now: Moment): number {
    return this.#statements(term).filter((at) => at <= now).length;
  }

  /** When each service month of a term is stated: in the morning after its last day. */
  #statements({ number }: Term): Moment[] {
    const { zone } = this.customer;
    const key = `${number} ${zone}`;
    const known = this.#monthEnds.get(key);
    if (known) return known;
    const moments = Array.from({ length: monthsOfTerm }, (_, month) =>
      nineOClock(addMonths(this.anchorOn, number * monthsOfTerm + month + 1), zone),
    );
    this.#monthEnds.set(key, moments);
    return moments;
  }

  #lock(now: Moment): void {
    const term = this.current;
    if (term.renewal !== 'open' || term.lockAt > now) return;
    term.renewal = 'locked';
    if (term.lockAt > this.enteredAt && term.endsAt > now) {
      this.#expect(term, 'renewal-locked', now, { leavesAt: this.#morningFrom(term.lockAt) });
    }
  }

  #recorded(party: Party, receivedAt: Moment, now: Moment): Notice {
    const term = this.terms.find(({ endsAt }) => receivedAt < endsAt) ?? this.current;
    const reason =
      receivedAt >= term.lockAt ? 'late' : isClosed(term) ? ('recorded-after-roll-over' as const) : undefined;
    const effective = reason === undefined;
    const notice: Notice = { id: '', party, effective, reason, withdrawn: false, waived: false, term };
    term.notices.push(notice);
    if (effective) this.#decline(term);
    this.#expect(term, 'notice-recorded', now, { notice });
    return notice;
  }

  /** A reminder, or a confirmation of the lock, that has not left yet says what is no longer so. */
  #decline(term: Term): void {
    term.renewal = 'declined';
    const waiting = this.mails.filter((mail) => mail.term === term.number && mail.status === 'queued');
    for (const mail of waiting) if (/^renewal-(reminder|locked)/.test(mail.kind)) mail.status = 'failed';
  }

  /** 09:00 of the first day that has its morning still to come. */
  #morningFrom(moment: Moment): Moment {
    const { zone } = this.customer;
    const today = nineOClock(dayOn(moment, zone), zone);
    return today >= moment ? today : nineOClock(addDays(dayOn(moment, zone), 1), zone);
  }

  #expect(term: Term, kind: string, queuedAt: Moment, more: Partial<ExpectedMail> = {}): void {
    const recipients = [...to('customer', this.customer.renewalContacts), ...to('csm', [this.csm])];
    this.#expectFor(recipients, term, kind, queuedAt, more);
  }

  #expectFor(
    recipients: readonly Recipient[],
    { number: term }: Term,
    kind: string,
    queuedAt: Moment,
    more: Partial<ExpectedMail> = {},
  ): void {
    for (const recipient of recipients) {
      const mail = { ...recipient, term, kind, queuedAt, leavesAt: queuedAt, validUntil: Infinity };
      this.mails.push({ ...mail, ...more, status: 'queued' });
    }
  }

  #reminders({ endsOn }: Term): { days: number; at: Moment }[] {
    return reminderDays.map((days) => ({ days, at: nineOClock(addDays(endsOn, -days), this.customer.zone) }));
  }

  #nextAfter(moment: Moment): Moment | undefined {
    const term = this.current;
    const reminders = term.renewal === 'open' ? this.#reminders(term).map(({ at }) => at) : [];
    const renewal = this.ended ? [] : [...reminders, term.lockAt, term.endsAt];
    const statements = this.terms.slice(-2).flatMap((one) => this.#statements(one));
    const waiting = this.mails.filter(({ status }) => status === 'queued').map(({ leavesAt }) => leavesAt);
    const coming = [...renewal, ...statements, ...waiting].filter((at) => at > moment);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }
}

function to(role: Recipient['role'], addresses: readonly string[]): Recipient[] {
  return addresses.map((address) => ({ role, address }));
}

export function stands({ effective, withdrawn }: Notice): boolean {
  return effective && !withdrawn;
}

export function isClosed({ renewal }: Term): boolean {
  return renewal === 'renewed' || renewal === 'ended';
}

/** Each package's minutes for its share of the term's days, rounded up once. */
export function granted({ startsOn, endsOn, periods }: Term): number {
  const end = addDays(endsOn, 1);
  const minuteDays = periods.reduce((sum, period, at) => {
    const until = periods[at + 1]?.from ?? end;
    return sum + publishedTable[period.package].minutes * daysBetween(period.from, until);
  }, 0);
  return Math.ceil(minuteDays / daysBetween(startsOn, end));
}

export function onsiteCap(term: Term): number {
  return Math.floor((granted(term) * publishedTable[term.periods.at(-1)!.package].onsitePercent) / 100);
}

/** A term in a line, for the story of a subscription that went wrong. */
export function termLine(term: Term): string {
  const { number, startsOn, endsOn, deadlineOn, renewal, usedMinutes } = term;
  const sold = term.periods.map((period) => `${period.package} from ${period.from}`).join(', ');
  return (
    `term ${number}: ${startsOn} … ${endsOn}, notice by ${deadlineOn} (locks ${shown(term.lockAt)}, ends ` +
    `${shown(term.endsAt)}), ${sold}, ${usedMinutes} of ${granted(term)} minutes used, ${renewal}`
  );
}
