import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { addDays, addMonths, daysBetween, type Day, type Month } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import { Refusal } from '../../domain/refusal.js';
import type { Delivery } from '../../domain/time-entry.js';
import { BalanceService } from '../../features/balances/balance.service.js';
import { ConsultantService } from '../../features/customers/consultant.service.js';
import { ProductLineService } from '../../features/customers/product-line.service.js';
import { HoursService } from '../../features/hours/hours.service.js';
import type { TimeEntryAnswer } from '../../features/hours/time-entry.dto.js';
import type { BalanceAnswer } from '../../features/ledger/balance.dto.js';
import type { RenewalStanding } from '../../features/notices/decline-view.js';
import { DeclineService } from '../../features/notices/decline.service.js';
import { PackageService } from '../../features/packages/package.service.js';
import type { PlannedSessionAnswer } from '../../features/planning/planned-session.dto.js';
import { PlanningService } from '../../features/planning/planning.service.js';
import type { SubscriptionAnswer } from '../../features/subscriptions/subscription.dto.js';
import { subscriptionReference } from '../../features/subscriptions/subscription-identity.js';
import { SubscriptionService } from '../../features/subscriptions/subscription.service.js';
import type { TermAnswer } from '../../features/subscriptions/term.dto.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** A subscription in the list from which a customer chooses. */
export interface OwnChoice {
  id: string;
  /** Distinguishes the customer's subscriptions: `Premier (Database)`. */
  name: string;
  subscription: SubscriptionAnswer;
}

/** The customer's subscriptions, and the chosen one. */
export interface OwnSubscriptions {
  choices: readonly OwnChoice[];
  chosen: SubscriptionAnswer;
  name: string;
}

/** The names of people and product lines, by id. */
export type Names = ReadonlyMap<string, string>;

/** What the customer's home shows of a subscription. */
export interface OwnSubscription {
  id: string;
  name: string;
  subscription: SubscriptionAnswer;
  balance: BalanceAnswer;
  standing: RenewalStanding;
  /** The next sessions in the order of their days. */
  sessions: readonly PlannedSessionAnswer[];
  names: Names;
  /** From today in the customer's zone. Negative after the last day for a notice. */
  daysToDeadline: number;
}

export interface EntriesAsked {
  termId?: string;
  month?: Month;
  productLineId?: string;
  delivery?: Delivery;
}

/** A month of a term with its work. */
export interface OwnMonth {
  month: Month;
  entries: number;
  minutes: number;
}

/** The work of a term: its months under the filter, and the entries of one month. */
export interface OwnEntries {
  terms: readonly TermAnswer[];
  term: TermAnswer;
  months: readonly OwnMonth[];
  /** The month whose entries are shown; null if the term has no work under the filter. */
  month: Month | null;
  entries: readonly TimeEntryAnswer[];
  names: Names;
  /** The product lines of all work and plans of the subscription, to choose from. */
  productLines: readonly { id: string; name: string }[];
}

/** A customer has at most a few subscriptions. */
const mostSubscriptions = 200;
/** The sessions on the home page. */
const nextSessions = 5;

/** Puts together what the pages of a customer show. Each service limits it to the customer's own. */
@Injectable()
export class OwnService {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly balances: BalanceService,
    private readonly planning: PlanningService,
    private readonly hours: HoursService,
    private readonly consultants: ConsultantService,
    private readonly productLines: ProductLineService,
    private readonly packages: PackageService,
    private readonly declines: DeclineService,
  ) {}

  /** The customer's subscriptions: those that go on first, then by entry. */
  async all(tx: Transaction, actor: Actor): Promise<SubscriptionAnswer[]> {
    const { data } = await this.subscriptions.list(tx, actor, { limit: mostSubscriptions });
    return [...data.filter(({ status }) => status === 'active'), ...data.filter(({ status }) => status !== 'active')];
  }

  /**
   * The chosen subscription, by default the first one; undefined if the customer has none.
   * @throws Refusal `not-found` for a subscription of another customer
   */
  async choose(
    tx: Transaction,
    actor: Actor,
    language: Language,
    subscriptionId: string | undefined,
  ): Promise<OwnSubscriptions | undefined> {
    const all = await this.all(tx, actor);
    const chosen = subscriptionId === undefined ? all[0] : all.find(({ id }) => id === subscriptionId);
    if (!chosen && subscriptionId !== undefined) throw new Refusal('not-found');
    if (!chosen) return undefined;
    const choices = await this.#choices(tx, all, language);
    return { choices, chosen, name: choices.find(({ id }) => id === chosen.id)!.name };
  }

  /** The state of a subscription, for the home page. */
  async state(
    tx: Transaction,
    actor: Actor,
    { chosen: subscription, name }: OwnSubscriptions,
  ): Promise<OwnSubscription> {
    const { id, status, currentTerm } = subscription;
    const isActive = status === 'active';
    const balance = isActive ? await this.balances.balance(tx, actor, id, undefined) : subscription.balance;
    const ahead = { status: 'open', from: balance.asOf, limit: nextSessions } as const;
    const sessions = isActive ? (await this.planning.list(tx, actor, ahead, id)).data : [];
    return {
      id,
      name,
      subscription,
      balance,
      standing: await this.declines.standing(tx, actor, id),
      sessions,
      names: await this.names(tx, sessions),
      daysToDeadline: daysBetween(balance.asOf, currentTerm.noticeDeadline),
    };
  }

  /** The terms of a subscription, newest first. */
  async terms(tx: Transaction, actor: Actor, subscriptionId: string): Promise<TermAnswer[]> {
    const { data } = await this.subscriptions.listTerms(tx, actor, subscriptionId, { limit: mostSubscriptions });
    return data.reverse();
  }

  /**
   * The work of a term by month, and the entries of one month: the asked one, or the last one with work.
   * @throws Refusal `not-found`
   */
  async entries(
    tx: Transaction,
    actor: Actor,
    { id, currentTerm }: SubscriptionAnswer,
    { termId = currentTerm.id, month, productLineId, delivery }: EntriesAsked,
  ): Promise<OwnEntries> {
    const terms = await this.terms(tx, actor, id);
    const term = terms.find((one) => one.id === termId);
    if (!term) throw new Refusal('not-found');
    const filter = { productLineId, delivery };
    const span = { from: term.startsOn, to: term.endsOn };
    const months = await this.hours.workedByMonth(tx, actor, id, { ...filter, ...span });
    const shown = month ?? months.at(-1)?.month ?? null;
    const entries = shown === null ? [] : await this.#ofMonth(tx, actor, id, shown, span, filter);
    const lines = await this.hours.workedLines(tx, actor, id);
    return {
      terms,
      term,
      months,
      month: shown,
      entries,
      names: await this.names(tx, entries),
      productLines: (await this.productLines.find(tx, lines))
        .map(({ id, name }) => ({ id, name }))
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
    };
  }

  /** All entries of the part of a month that is in a term. The month's total names the same entries. */
  async #ofMonth(
    tx: Transaction,
    actor: Actor,
    subscriptionId: string,
    month: Month,
    span: { from: Day; to: Day },
    filter: Pick<EntriesAsked, 'productLineId' | 'delivery'>,
  ): Promise<TimeEntryAnswer[]> {
    const first = `${month}-01`;
    const last = addDays(addMonths(first, 1), -1);
    const days = { from: first < span.from ? span.from : first, to: last > span.to ? span.to : last };
    if (days.from > days.to) return [];
    const entries: TimeEntryAnswer[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.hours.list(tx, actor, { ...filter, ...days, limit: 200, cursor }, subscriptionId);
      entries.push(...page.data);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return entries;
  }

  /** The names of the people and product lines of work. */
  async names(tx: Transaction, work: readonly { consultantId: string; productLineId: string }[]): Promise<Names> {
    const people = await this.consultants.find(tx, [...new Set(work.map(({ consultantId }) => consultantId))]);
    const lines = await this.productLines.find(tx, [...new Set(work.map(({ productLineId }) => productLineId))]);
    return new Map([...people, ...lines].map(({ id, name }) => [id, name]));
  }

  async #choices(
    tx: Transaction,
    subscriptions: readonly SubscriptionAnswer[],
    language: Language,
  ): Promise<OwnChoice[]> {
    const lineIds = new Set(
      subscriptions.flatMap(({ productLines }) => productLines.map(({ productLineId }) => productLineId)),
    );
    const lines = new Map((await this.productLines.find(tx, [...lineIds])).map(({ id, name }) => [id, name]));
    return subscriptions.map((subscription) => {
      const { id, package: code, contractNumber, productLines } = subscription;
      const present = productLines.filter(({ untilOn }) => untilOn === null);
      const identity = {
        contractNumber,
        customerCode: null,
        purchaseOrder: null,
        productLines: present.map(({ productLineId }) => lines.get(productLineId)!),
      };
      const name = subscriptionReference(this.packages.table[code][0]!.name[language], identity, language);
      return { id, name, subscription };
    });
  }
}
