import { Injectable, Logger } from '@nestjs/common';
import { addDays, monthOf, startOfDay, type Day } from '../../domain/calendar.js';
import { packageInForceOn } from '../../domain/entitlement.js';
import type { Language } from '../../domain/language.js';
import { lastMorning, morningOf } from '../../domain/morning.js';
import { currentTerm } from '../../domain/contract.js';
import {
  digestOwed,
  monthNudgeOwed,
  nextNudgeOn,
  windowNudgeOwed,
  type NudgeDays,
  type WorkingDays,
} from '../../domain/nudge.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { isBusinessDay } from '../../platform/business-days.js';
import { refusalOf } from '../../platform/database/database-errors.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { MailToQueue } from '../../platform/mail/mail.store.js';
import { AttentionService } from '../attention/attention.service.js';
import { PeriodService } from '../periods/period.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { SubscriptionContract } from '../subscriptions/contract.js';
import { subscriptionReference, type SubscriptionIdentity } from '../subscriptions/subscription-identity.js';
import {
  logTimeKind,
  mondayDigestKind,
  mostListed,
  type ListedRows,
  type LogTimeFacts,
  type MondayDigestFacts,
} from './nudge-facts.js';
import { NudgeStore, type NudgedUser, type UnloggedTerm, type WindowTerm } from './nudge.store.js';

/** The counts of a run. */
export type NudgeCounts = Record<'nudges', number>;

/** A subscription that a mail lists. */
type Listed = SubscriptionIdentity & {
  subscriptionId: string;
  termId: string;
  customerName: string;
  customerLocale: Language;
};

/** A look at a CSM, with what it found. */
interface Look {
  csm: NudgedUser;
  days: NudgeDays;
  /** Windows that are open or open soon. */
  windows: readonly WindowTerm[];
  calendars: ReadonlyMap<string | null, WorkingDays>;
}

/** Sends the nudges of CSMs: each reason day causes one mail, once (§6). */
@Injectable()
export class NudgeService {
  readonly #logger = new Logger('Nudges');

  constructor(
    private readonly store: NudgeStore,
    private readonly attentions: AttentionService,
    private readonly contracts: ContractService,
    private readonly periods: PeriodService,
    private readonly mails: MailQueue,
    private readonly rules: ServiceRules,
    private readonly database: Database,
  ) {}

  nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    return this.store.nextDueAfter(tx, instant, this.rules.houseTimeZone);
  }

  /**
   * Looks at every CSM who is due by `now`, each in a transaction of its own, so that a failing one does not delay
   * others. A failed CSM remains due. The run fails after all others have been handled.
   */
  async runDue(now: Date): Promise<NudgeCounts> {
    const failures: string[] = [];
    let nudges = 0;
    for (const userId of await this.database.read((tx) => this.store.dueBy(tx, now, this.rules.houseTimeZone))) {
      try {
        nudges += await this.database.write((tx) => this.#lookAt(tx, userId, now));
      } catch (error) {
        if (refusalOf(error)) throw error;
        this.#logger.error(`Nudges of user ${userId}`, error instanceof Error ? error.stack : error);
        failures.push(`${userId}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (failures.length > 0) throw new Error(`Nudges that could not be sent: ${failures.join('; ')}`);
    return { nudges };
  }

  /** Queues what is due for a CSM, and plans the next look. Returns the number of new mails. */
  async #lookAt(tx: Transaction, userId: string, now: Date): Promise<number> {
    const csm = await this.store.lock(tx, userId, this.rules.houseTimeZone);
    if (!csm.isNudged) {
      await this.store.forget(tx, userId);
      return 0;
    }
    const morning = lastMorning(now, csm.timeZone);
    // Nothing is made up from before the first look. After a change of the zone, a day that was handled may come again.
    const doneThrough = csm.doneThrough ?? morning;
    const through = morning > doneThrough ? morning : doneThrough;
    const look: Look = {
      csm,
      days: { doneThrough, through },
      windows: await this.store.windows(tx, userId, through, this.rules.lateEntryDays),
      calendars: new Map((await this.store.countries(tx, userId)).map((country) => [country, workingDaysOf(country)])),
    };
    const queued = through > doneThrough ? await this.mails.queue(tx, await this.#letters(tx, look), now) : 0;
    const calendars = [...look.calendars.values()];
    const nextOn = nextNudgeOn(through, { windows: look.windows, calendars }, this.rules);
    const nextAt = morningOf(nextOn, csm.timeZone);
    await this.store.plan(tx, { userId, doneThrough: through, nextAt, timeZone: csm.timeZone, plannedAt: now });
    return queued;
  }

  async #letters(tx: Transaction, look: Look): Promise<MailToQueue[]> {
    return [...(await this.#digest(tx, look)), ...(await this.#logTime(tx, look))];
  }

  /** The digest of the week, if it is due and a subscription needs the CSM. */
  async #digest(tx: Transaction, { csm, days }: Look): Promise<MailToQueue[]> {
    const monday = digestOwed(days);
    if (monday === undefined) return [];
    const found = await this.attentions.ofCsm(tx, csm.userId);
    if (found.length === 0) return [];
    const ids = found.map(({ contract }) => contract.subscriptionId);
    const identities = await this.store.identities(tx, ids);
    const identityOf = (id: string) => identities.get(id)!;
    const language = csm.locale ?? mostCommon(ids.map((id) => identityOf(id).customerLocale));
    const facts: MondayDigestFacts = {
      monday,
      subscriptions: mapped(listed(found), ({ contract, customer, today, reasons }) => {
        const { subscriptionId } = contract;
        const { name } = packageInForceOn(currentTerm(contract).periods, today);
        const [gravest, ...others] = reasons;
        return {
          subscriptionId,
          customerName: customer,
          reference: subscriptionReference(name[language], identityOf(subscriptionId), language),
          code: gravest!.code,
          figures: gravest!.figures,
          moreReasons: others.length,
        };
      }),
    };
    return [letter(csm, { kind: mondayDigestKind, occasion: monday, language, facts, lastDay: addDays(monday, 6) })];
  }

  /** The request to log time: one mail with all reasons. */
  async #logTime(tx: Transaction, { csm, days, windows, calendars }: Look): Promise<MailToQueue[]> {
    const closedThrough = await this.periods.closedThrough(tx);
    const takesEntries = (day: Day): boolean => closedThrough === null || monthOf(day) > closedThrough;
    const closing = windows.filter(
      (term) =>
        term.isClosed &&
        term.expiredMinutes > 0 &&
        takesEntries(term.endsOn) &&
        windowNudgeOwed(term, days, this.rules),
    );
    const unlogged = await this.#unlogged(tx, csm, days, calendars, takesEntries);
    if (closing.length === 0 && unlogged.length === 0) return [];
    const language = csm.locale ?? mostCommon([...closing, ...unlogged].map(({ customerLocale }) => customerLocale));
    const shown = { windows: listed(closing), unlogged: listed(unlogged) };
    const contracts = await this.contracts.load(
      tx,
      [...shown.windows.rows, ...shown.unlogged.rows].map(({ subscriptionId }) => subscriptionId),
    );
    const named = (term: Listed & { endsOn: Day }) => ({
      subscriptionId: term.subscriptionId,
      customerName: term.customerName,
      reference: subscriptionReference(packageName(contracts, term, language), term, language),
      endsOn: term.endsOn,
    });
    const facts: LogTimeFacts = {
      on: days.through,
      windows: mapped(shown.windows, (term) => ({
        ...named(term),
        lastDay: term.lastDay,
        expiredMinutes: term.expiredMinutes,
      })),
      month: monthBefore(days.through),
      unlogged: mapped(shown.unlogged, (term) => ({
        ...named(term),
        isClosed: term.isClosed,
        openMinutes: term.openMinutes,
      })),
    };
    const lastDay = lastOf([addDays(days.through, 6), ...closing.map((term) => term.lastDay)]);
    return [letter(csm, { kind: logTimeKind, occasion: days.through, language, facts, lastDay })];
  }

  /** The subscriptions whose last month has no entry, as far as it can still be logged, if this is the day to ask for it. */
  async #unlogged(
    tx: Transaction,
    { userId }: NudgedUser,
    days: NudgeDays,
    calendars: Look['calendars'],
    takesEntries: (day: Day) => boolean,
  ): Promise<UnloggedTerm[]> {
    const asked = [...calendars].filter(([, isWorkingDay]) => monthNudgeOwed(days, isWorkingDay) !== undefined);
    const month = monthBefore(days.through);
    if (asked.length === 0 || !takesEntries(`${month}-01`)) return [];
    const countries = new Set(asked.map(([country]) => country));
    const found = await this.store.unlogged(tx, userId, month, this.rules.lateEntryDays);
    return found.filter(
      ({ country, isClosed, lastDay, openMinutes }) =>
        countries.has(country) && openMinutes > 0 && (!isClosed || days.through <= lastDay),
    );
  }
}

/** Working days are those of the customer's country, as for the last business day before a deadline. */
const workingDaysOf =
  (country: string | null): WorkingDays =>
  (day) =>
    isBusinessDay(day, country);

const monthBefore = (day: Day): string => monthOf(addDays(`${monthOf(day)}-01`, -1));

function packageName(
  contracts: ReadonlyMap<string, SubscriptionContract>,
  { subscriptionId, termId, endsOn }: Listed & { endsOn: Day },
  language: Language,
): string {
  const term = contracts.get(subscriptionId)!.terms.find(({ id }) => id === termId)!;
  return packageInForceOn(term.periods, endsOn).name[language];
}

/** A CSM without a language of their own reads the one of most customers in the mail; English, if there are as many of both. */
function mostCommon(languages: readonly Language[]): Language {
  return languages.filter((one) => one === 'ja').length * 2 > languages.length ? 'ja' : 'en';
}

const listed = <Row>(rows: readonly Row[]): ListedRows<Row> => ({
  rows: rows.slice(0, mostListed),
  more: Math.max(0, rows.length - mostListed),
});

const mapped = <Row, Shown>({ rows, more }: ListedRows<Row>, shown: (row: Row) => Shown): ListedRows<Shown> => ({
  rows: rows.map(shown),
  more,
});

const lastOf = (days: readonly Day[]): Day => days.reduce((one, other) => (one > other ? one : other));

/** A mail to a CSM. It is not sent after `lastDay`, when nobody could act on it any more. */
function letter(
  { userId, name, email, timeZone }: NudgedUser,
  {
    kind,
    occasion,
    language,
    facts,
    lastDay,
  }: { kind: string; occasion: Day; language: Language; facts: object; lastDay: Day },
): MailToQueue {
  return {
    kind,
    userId,
    occasion,
    recipientRole: 'csm',
    recipientName: name,
    recipientAddress: email,
    locale: language,
    facts,
    validUntil: startOfDay(addDays(lastDay, 1), timeZone),
  };
}
