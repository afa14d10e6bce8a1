import {
  addDays,
  addMonths,
  addYears,
  dayOn,
  daysBetween,
  nineOClock,
  isoText,
  startOf,
  type Day,
  type Moment,
} from './calendar.js';
import { publishedTable, type Package } from './published-table.js';

/** The numbers of the rule book, repeated here so that the model does not depend on the service. */
const reminderDays = [90, 75, 67, 60];
const noticeDays = 60;
const lateEntryDays = 10;
/** The used shares of the granted hours, in percent, that cause an alert; and the first share whose alert the customer gets too. */
const alertShares = [50, 80, 100];
const customerAlertShare = 80;
const monthsOfTerm = 12;
/** The largest top-up, in packages; and the largest number of top-ups in a term. */
const mostPackages = 10;
const mostTopUps = 100;
const dayMinutes = 1_440;

export type Party = 'customer' | 'provider';
export type Renewal = 'open' | 'locked' | 'declined' | 'renewed' | 'ended';

export interface Customer {
  readonly number: number;
  zone: string;
  /** The addresses of the renewal contacts. */
  renewalContacts: string[];
  /** The addresses of the usage contacts. */
  usageContacts: string[];
}

/** The days on which a CSM stands in for another one, both included, in the zone of the CSM who named the deputy. */
export interface Deputy {
  readonly csm: Csm;
  readonly from: Day;
  readonly to: Day;
}

export interface Csm {
  readonly id: string;
  readonly address: string;
  readonly zone: string;
  deputies: readonly Deputy[];
}

/** The deputies of a CSM at an instant, each once. */
export function deputiesAt({ deputies, zone }: Csm, moment: Moment): Csm[] {
  const day = dayOn(moment, zone);
  return [...new Set(deputies.filter(({ from, to }) => from <= day && day <= to).map(({ csm }) => csm))];
}

/** Work that is planned for a day. */
export interface Session {
  readonly id: string;
  readonly series: string | null;
  plannedOn: Day;
  readonly minutes: number;
  /** The id of the time entry that fulfils it. */
  entryId: string | null;
  cancelled: boolean;
}

export const isOpenSession = ({ entryId, cancelled }: Session): boolean => entryId === null && !cancelled;

/** A planned session is overdue after its day and this many further days. */
const sessionGraceDays = 3;
const mostOpenSessions = 500;

export function sessionStatus(session: Session, today: Day): 'open' | 'overdue' | 'fulfilled' | 'cancelled' {
  if (session.cancelled) return 'cancelled';
  if (session.entryId !== null) return 'fulfilled';
  return today <= addDays(session.plannedOn, sessionGraceDays) ? 'open' : 'overdue';
}

export interface Notice {
  /** The id from the answer of the service; empty before the answer. */
  id: string;
  readonly party: Party;
  effective: boolean;
  readonly reason?: 'late' | 'recorded-after-roll-over';
  withdrawn: boolean;
  waived: boolean;
  readonly term: Term;
}

export interface TopUp {
  readonly id: string;
  readonly kind: 'supplement' | 'goodwill';
  readonly minutes: number;
  /** Undefined until it is cancelled. */
  cancelledMinutes: number | undefined;
}

export interface Term {
  readonly number: number;
  readonly startsOn: Day;
  readonly endsOn: Day;
  readonly deadlineOn: Day;
  /** The first instants after the notice deadline and after the last day. */
  lockAt: Moment;
  endsAt: Moment;
  renewal: Renewal;
  readonly periods: { package: Package; from: Day }[];
  readonly topUps: TopUp[];
  usedMinutes: number;
  onsiteMinutes: number;
  visits: number;
  /** The number of seats in use when the term closed. */
  seatsAtClose: number;
  readonly notices: Notice[];
  lastReminder: number;
  /** The highest share with an alert, and the last service month with a usage statement; the first month is 1. */
  lastAlertShare: number;
  lastStatementMonth: number;
}

interface Recipient {
  readonly role: 'customer' | 'csm';
  readonly address: string;
}

/** A mail that the service must store once. */
export interface ExpectedMail extends Recipient {
  readonly term: number;
  readonly kind: string;
  /** The notice, for a mail about one. */
  readonly notice?: Notice;
  /** The top-up, for a mail about one. */
  readonly topUpId?: string;
  readonly queuedAt: Moment;
  /** The mail waits for this instant, even if its reason came earlier. */
  readonly leavesAt: Moment;
  readonly validUntil: Moment;
  status: 'queued' | 'sent' | 'failed';
  sentAt?: Moment;
}

/** The expected answer to a request: done, or the code of a refusal. */
export type Verdict = 'done' | (string & {});

/**
 * A subscription according to the rule book. It shares no code with the service. A run calls it for each request and each run of
 * the jobs, and then compares the service with its state.
 */
export class Contract {
  readonly terms: Term[] = [];
  readonly mails: ExpectedMail[] = [];
  /** The addresses of the learners, in the order of assignment. */
  learners: string[] = [];
  nextPackage: Package | undefined;
  readonly sessions: Session[] = [];
  ended = false;
  readonly #monthEnds = new Map<string, Moment[]>();

  constructor(
    readonly number: number,
    readonly customer: Customer,
    public csm: Csm,
    readonly anchorOn: Day,
    sold: Package,
    readonly enteredAt: Moment,
  ) {
    this.#open(0, sold);
    this.roll(enteredAt);
    // A lock before the subscription was entered causes no mail.
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

  /** A term has ended, and has not rolled over yet. */
  isOverdue(now: Moment): boolean {
    return !this.ended && this.current.endsAt <= now;
  }

  termOn(day: Day): Term | undefined {
    return this.terms.find(({ startsOn, endsOn }) => startsOn <= day && day <= endsOn);
  }

  /** Runs the jobs at `from`, and at each instant up to `to` at which something falls due. */
  runJobsUntil(from: Moment, to: Moment): void {
    let at: Moment | undefined = from;
    while (at !== undefined && at <= to) {
      this.runJobs(at);
      at = this.#nextAfter(at);
    }
  }

  /** Runs all jobs once. */
  runJobs(now: Moment): void {
    this.#lock(now);
    this.roll(now);
    this.remind(now);
    if (!isClosed(this.current)) this.#alertShare(this.current, now);
    this.#sendStatements(now);
    this.deliver(now);
  }

  /** Closes every term that has ended, and opens the next one unless the renewal was declined. */
  roll(now: Moment): void {
    while (!this.ended && this.current.endsAt <= now) {
      const closing = this.current;
      if (closing.endsAt > this.enteredAt) this.#alertShare(closing, now);
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

  /** The instant of the next reminder of the current term. */
  nextReminderAfter(moment: Moment): Moment | undefined {
    if (this.ended || this.current.renewal !== 'open') return undefined;
    return this.#reminders(this.current).find(({ at, days }) => at > moment && days < this.current.lastReminder)?.at;
  }

  /** Queues the newest due reminder, unless it or a later one was queued before. */
  remind(now: Moment): void {
    const term = this.current;
    if (term.renewal !== 'open' || now >= term.lockAt) return;
    const newest = this.#reminders(term).findLast(({ at }) => at <= now);
    if (!newest || newest.days >= term.lastReminder) return;
    term.lastReminder = newest.days;
    // Without a renewal contact there is no reminder, so the CSM gets no copy either.
    if (this.customer.renewalContacts.length === 0) return;
    this.#expect(term, `renewal-reminder-${newest.days}`, now, { validUntil: term.lockAt });
  }

  deliver(now: Moment): void {
    for (const mail of this.mails.filter(({ status, leavesAt }) => status === 'queued' && leavesAt <= now)) {
      mail.status = mail.validUntil <= now ? 'failed' : 'sent';
      if (mail.status === 'sent') mail.sentAt = now;
    }
  }

  /** Moves all future instants from the old zone of the customer to the present one. */
  moveZone(now: Moment, from: string): void {
    const { zone } = this.customer;
    for (const mail of this.mails) {
      const waits = mail.status === 'queued' && mail.leavesAt > now;
      if (waits) Object.assign(mail, { leavesAt: nineOClock(dayOn(mail.leavesAt, from), zone) });
    }
    const term = this.current;
    if (this.ended) return;
    if (term.lockAt > now) {
      const moved = startOf(addDays(term.deadlineOn, 1), this.customer.zone);
      // After a reminder has announced the deadline, it never moves earlier.
      term.lockAt = term.lastReminder < Infinity && moved < term.lockAt ? term.lockAt : moved;
    }
    for (const mail of this.mails) {
      const waits = mail.status === 'queued' && mail.term === term.number && mail.validUntil < Infinity;
      if (waits) Object.assign(mail, { validUntil: term.lockAt });
    }
    if (term.endsAt > now) term.endsAt = startOf(addDays(term.endsOn, 1), this.customer.zone);
  }

  /** Records a notice that was received at `receivedAt`. Returns the notice or the refusal. */
  recordNotice(party: Party, receivedAt: Moment, now: Moment): Notice | Verdict {
    if (receivedAt > now) return 'receipt-in-future';
    // A refused request must change nothing, so this decides before `roll` what a roll-over would do.
    const wouldEnd = this.isOverdue(now) && this.current.renewal === 'declined';
    const term = this.terms.find(({ endsAt }) => receivedAt < endsAt);
    if (!term && (this.ended || wouldEnd)) return 'subscription-ended';
    if (term?.notices.some((other) => other.party === party && stands(other))) return 'notice-already-given';
    this.roll(now);
    return this.#storeNotice(party, receivedAt, now);
  }

  /** A contact confirms on the page of a reminder's link. If the customer has already given notice, no other is stored. */
  noticeByLink(term: Term, address: string, now: Moment): Notice | Verdict {
    const isValid = this.customer.renewalContacts.includes(address) && !isClosed(term) && now < term.endsAt;
    if (!isValid) return 'link-not-valid';
    if (term.notices.some(({ party, withdrawn }) => party === 'customer' && !withdrawn)) return 'done';
    return this.#storeNotice('customer', now, now);
  }

  withdraw(notice: Notice, agreed: boolean, now: Moment): Verdict {
    const { term } = notice;
    if (notice.withdrawn) return 'already-withdrawn';
    if (isClosed(term) || now >= term.endsAt) return 'term-ended';
    if (notice.effective && now >= term.lockAt && !agreed) return 'agreement-required';
    notice.withdrawn = true;
    if (notice.effective && !term.notices.some(stands)) term.renewal = now < term.lockAt ? 'open' : 'locked';
    this.#expect(term, 'notice-withdrawn', now, { notice });
    return 'done';
  }

  waive(notice: Notice, now: Moment): Verdict {
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

  /** Upgrades the current term from a day on. */
  upgrade(to: Package, from: Day, now: Moment): Verdict {
    if (this.ended) return 'subscription-ended';
    const { startsOn, endsOn, periods } = this.current;
    const today = this.today(now);
    if (today < startsOn) return 'term-not-open';
    const isHigher = publishedTable[to].minutes > publishedTable[this.package].minutes;
    const inRange = from >= periods.at(-1)!.from && from <= endsOn;
    if (isHigher && inRange && from <= today) {
      const minutesOf = (code: Package): number => publishedTable[code].minutes;
      const next = this.nextPackage;
      // If the next package was an upgrade from the old one, and the new package is as large, the upgrade replaces it.
      const wasUpgrade = next !== undefined && minutesOf(next) >= minutesOf(this.package);
      if (next === to || (wasUpgrade && minutesOf(next) <= minutesOf(to))) this.nextPackage = undefined;
      periods.push({ package: to, from });
      return 'done';
    }
    if (!isHigher && !(inRange && from <= today)) return 'rules-violated';
    if (!isHigher) return 'not-an-upgrade';
    return inRange ? 'upgrade-in-future' : 'effective-on-out-of-range';
  }

  /** Whether a top-up of the current term is accepted. */
  topUp(minutes: number, from: Day, now: Moment): Verdict {
    if (this.ended) return 'subscription-ended';
    const { startsOn, periods, topUps } = this.current;
    const today = this.today(now);
    if (today < startsOn) return 'term-not-open';
    const inForce = periods.findLast((period) => period.from <= from) ?? periods[0]!;
    const refused = [
      ...(from < startsOn || from > today ? ['effective-on-out-of-range'] : []),
      ...(minutes > mostPackages * publishedTable[inForce.package].minutes ? ['top-up-too-large'] : []),
      ...(topUps.length >= mostTopUps ? ['too-many-top-ups'] : []),
    ];
    return refused.length > 1 ? 'rules-violated' : (refused[0] ?? 'done');
  }

  /** A top-up was entered. Its mails leave in the next morning. */
  addTopUp(topUp: TopUp, now: Moment): void {
    this.current.topUps.push(topUp);
    this.#expectTopUpMails('usage-top-up-entered', topUp, now);
  }

  /** A top-up was cancelled. Its mails are given up as far as they wait; if all minutes were taken back, no other mail follows. */
  cancelTopUp(topUp: TopUp, minutes: number, now: Moment): void {
    topUp.cancelledMinutes = minutes;
    const waiting = this.mails.filter(
      ({ kind, topUpId, status }) => kind === 'usage-top-up-entered' && topUpId === topUp.id && status === 'queued',
    );
    for (const mail of waiting) mail.status = 'failed';
    if (waiting.length > 0 && minutes === topUp.minutes) return;
    this.#expectTopUpMails('usage-top-up-cancelled', topUp, now);
  }

  #expectTopUpMails(kind: string, { id: topUpId }: TopUp, now: Moment): void {
    const leavesAt = this.#morningFrom(now);
    const recipients = [...to('customer', this.customer.usageContacts), ...this.#csms(leavesAt)];
    this.#expectFor(recipients, this.current, kind, now, { leavesAt, topUpId });
  }

  /** Whether work can be planned for a day, on a product line that stays enrolled and with a consultant who stays assigned. */
  planned(plannedOn: Day, now: Moment): Verdict {
    if (!this.termOn(plannedOn)) return 'term-not-found';
    return plannedOn < this.today(now) ? 'planned-in-past' : 'done';
  }

  /** Whether this many further sessions can be planned. */
  hasRoomForSessions(count: number): boolean {
    const { startsOn } = this.current;
    const open = this.sessions.filter((session) => isOpenSession(session) && session.plannedOn >= startsOn);
    return open.length + count <= mostOpenSessions;
  }

  /** The code of the refusal if an entry names a session that cannot be fulfilled. */
  fulfilment(session: Session): string[] {
    if (!this.sessions.includes(session)) return ['planned-session-not-found'];
    if (session.cancelled) return ['planned-session-cancelled'];
    return session.entryId === null ? [] : ['planned-session-fulfilled'];
  }

  /** The codes of the limits that an entry would break, except those of allocations and enrolments. */
  violations(entry: { workOn: Day; minutes: number; onsite: boolean; dayMinutes: number }, now: Moment): string[] {
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
      topUps: [],
      usedMinutes: 0,
      onsiteMinutes: 0,
      visits: 0,
      seatsAtClose: 0,
      notices: [],
      lastReminder: Infinity,
      lastAlertShare: 0,
      lastStatementMonth: 0,
    });
  }

  /** If several shares were reached since the last check, one alert reports the highest. The last check is at the closing of the term. */
  #alertShare(term: Term, now: Moment): void {
    const reached = alertShares.findLast((share) => term.usedMinutes * 100 >= granted(term) * share);
    if (reached === undefined || reached <= term.lastAlertShare) return;
    term.lastAlertShare = reached;
    const customers = reached >= customerAlertShare ? this.customer.usageContacts : [];
    const leavesAt = this.#morningFrom(now);
    const recipients = [...to('customer', customers), ...this.#csms(leavesAt)];
    this.#expectFor(recipients, term, `usage-alert-used-${reached}`, now, { leavesAt });
  }

  /** Sends the statement of the newest complete month, unless it was sent before or a month of the next term is complete too. */
  #sendStatements(now: Moment): void {
    // Terms before these two have no statement left to send.
    for (const term of this.terms.slice(-2)) {
      const month = this.#completeMonths(term, now);
      if (month <= term.lastStatementMonth) continue;
      term.lastStatementMonth = month;
      const isAfterEntry = this.#statementTimes(term)[month - 1]! > this.enteredAt;
      const following = this.terms[term.number + 1];
      const isSuperseded = following !== undefined && this.#completeMonths(following, now) > 0;
      if (!isAfterEntry || isSuperseded) continue;
      this.#expectFor(to('customer', this.customer.usageContacts), term, `usage-statement-${month}`, now);
    }
  }

  #completeMonths(term: Term, now: Moment): number {
    return this.#statementTimes(term).filter((at) => at <= now).length;
  }

  /** The instants of a term's usage statements: the morning after each service month. */
  #statementTimes({ number }: Term): Moment[] {
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

  #storeNotice(party: Party, receivedAt: Moment, now: Moment): Notice {
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

  /** Declines the renewal, and cancels queued reminders and lock confirmations, which are no longer true. */
  #decline(term: Term): void {
    term.renewal = 'declined';
    const waiting = this.mails.filter((mail) => mail.term === term.number && mail.status === 'queued');
    for (const mail of waiting) if (/^renewal-(reminder|locked)/.test(mail.kind)) mail.status = 'failed';
  }

  /** The next 09:00 in the customer's zone, or `moment` itself if it is 09:00. */
  #morningFrom(moment: Moment): Moment {
    const { zone } = this.customer;
    const today = nineOClock(dayOn(moment, zone), zone);
    return today >= moment ? today : nineOClock(addDays(dayOn(moment, zone), 1), zone);
  }

  /** Expects a mail to each renewal contact, to the CSM and to the CSM’s deputies. */
  #expect(term: Term, kind: string, queuedAt: Moment, more: Partial<ExpectedMail> = {}): void {
    const recipients = [...to('customer', this.customer.renewalContacts), ...this.#csms(more.leavesAt ?? queuedAt)];
    this.#expectFor(recipients, term, kind, queuedAt, more);
  }

  /** The CSM and the deputies who stand in when a mail leaves. */
  #csms(leavesAt: Moment): Recipient[] {
    return to('csm', [this.csm.address, ...deputiesAt(this.csm, leavesAt).map(({ address }) => address)]);
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
    const statements = this.terms.slice(-2).flatMap((one) => this.#statementTimes(one));
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

/** The minutes of packages and top-ups. */
export function granted(term: Term): number {
  return bought(term) + toppedUp(term, 'goodwill');
}

/** The minutes of which the onsite cap is a share: packages and supplements. */
function bought(term: Term): number {
  return ofPackages(term) + toppedUp(term, 'supplement');
}

function toppedUp({ topUps }: Term, kind: TopUp['kind']): number {
  const counted = topUps.filter((topUp) => topUp.kind === kind);
  return counted.reduce((sum, { minutes, cancelledMinutes = 0 }) => sum + minutes - cancelledMinutes, 0);
}

/** How many minutes of a top-up a cancellation takes back. */
export function unusedOf(topUp: TopUp, term: Term, unallocatedMinutes: number): number {
  const { onsitePercent } = publishedTable[term.periods.at(-1)!.package];
  let unused = Math.min(topUp.minutes, unallocatedMinutes);
  const fits = (): boolean => Math.floor(((bought(term) - unused) * onsitePercent) / 100) >= term.onsiteMinutes;
  if (topUp.kind === 'supplement') while (unused > 0 && !fits()) unused -= 1;
  return unused;
}

/** The minutes of each package in proportion to its days of the term, rounded up once. */
function ofPackages({ startsOn, endsOn, periods }: Term): number {
  const end = addDays(endsOn, 1);
  const minuteDays = periods.reduce((sum, period, at) => {
    const until = periods[at + 1]?.from ?? end;
    return sum + publishedTable[period.package].minutes * daysBetween(period.from, until);
  }, 0);
  return Math.ceil(minuteDays / daysBetween(startsOn, end));
}

export function onsiteCap(term: Term): number {
  return Math.floor((bought(term) * publishedTable[term.periods.at(-1)!.package].onsitePercent) / 100);
}

/** A term in one line, for the output of a failure. */
export function termLine(term: Term): string {
  const { number, startsOn, endsOn, deadlineOn, renewal, usedMinutes } = term;
  const packages = term.periods.map((period) => `${period.package} from ${period.from}`).join(', ');
  return (
    `term ${number}: ${startsOn} … ${endsOn}, notice deadline ${deadlineOn} (locks ${isoText(term.lockAt)}, ends ` +
    `${isoText(term.endsAt)}), ${packages}, ${usedMinutes} of ${granted(term)} minutes used, ${renewal}`
  );
}
