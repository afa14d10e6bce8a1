import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor, type Visibility } from '../../domain/access.js';
import type { Pair } from '../../domain/allocation.js';
import { addDays, dayAt, monthOf, type Day } from '../../domain/calendar.js';
import {
  allocationSetOn,
  currentTerm,
  enrolledOn,
  termOn,
  type ContractTerm,
  type ContractVisit,
  type DatedAllocationSet,
} from '../../domain/contract.js';
import { packageInForceOn } from '../../domain/entitlement.js';
import type { Language } from '../../domain/language.js';
import { remainingMinutes } from '../../domain/ledger.js';
import type { KnownCustomer } from '../../domain/week-events.js';
import type { TermLeft } from '../../domain/week-left.js';
import { cellOf, daysOfWeek, weekRows, workKey, workOf, type WeekRow } from '../../domain/week-sheet.js';
import { holidayOn, isBusinessDay } from '../../platform/business-days.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { AllocationService } from '../allocations/allocation.service.js';
import { ConsultantService } from '../customers/consultant.service.js';
import { ProductLineService } from '../customers/product-line.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import type { TermBalanceRecord } from '../ledger/term-balance.js';
import { VisitService } from '../onsite/visit.service.js';
import { PeriodService } from '../periods/period.service.js';
import type { SubscriptionContract } from '../subscriptions/contract.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { WeekStore, type FoundSubscription, type WeekFilter, type WeekSession } from './week.store.js';

/** The subscriptions of one page: as many as fit on a sheet that is still quick to read. */
const subscriptionsOfPage = 10;
/** The most subscriptions whose rows are copied from last week. */
const mostCopied = 40;
/** The most subscriptions, consultants or customers in a choice. */
const mostChoices = 200;
const mostCustomers = 5_000;

/** A day of a subscription in the customer's zone. */
export interface WeekSubscriptionDay {
  /** `future`: work of the day cannot be logged yet. `outside`: no term contains it. */
  state: 'open' | 'future' | 'outside';
  /** The name of the public holiday. */
  holiday: string | undefined;
  /** Neither a weekend of the country nor a holiday. */
  isBusinessDay: boolean;
  termId: string | undefined;
}

/** What is left of a term that contains a day of the week. */
export interface WeekTerm extends TermLeft {
  termId: string;
  endsOn: Day;
}

export interface WeekPair extends Pair {
  consultant: string;
  productLine: string;
  primary: boolean;
}

/** Everything that the rows of a subscription need. */
export interface WeekSubscription extends FoundSubscription {
  days: WeekSubscriptionDay[];
  terms: WeekTerm[];
  /** Who can log time in the week, the primary consultant first. */
  pairs: WeekPair[];
  /** Whether the package of the week includes onsite work. */
  onsite: boolean;
  /** The visits with a day in the week. */
  visits: ContractVisit[];
}

/** The rows of a week, and what their subscriptions, days and people are. */
export interface WeekSheet {
  days: { day: Day; isClosed: boolean }[];
  subscriptions: Map<string, WeekSubscription>;
  /** Booked work and planned work, by customer, consultant and product line. */
  rows: WeekRow[];
  sessions: WeekSession[];
  /** What was booked on the days of the week before, by `workKey`. */
  before: ReadonlyMap<string, readonly number[]>;
  names: WeekNames;
}

export interface WeekNames {
  consultants: ReadonlyMap<string, string>;
  productLines: ReadonlyMap<string, string>;
}

export interface WeekQuery extends WeekFilter {
  monday: Day;
  /** Every visible subscription, not only the reader's own portfolio. */
  all: boolean;
  cursor?: string;
}

/** Puts together the week sheet: the hours of a portfolio by week, and what a new entry needs to know. */
@Injectable()
export class WeekService {
  constructor(
    private readonly store: WeekStore,
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly allocations: AllocationService,
    private readonly visits: VisitService,
    private readonly periods: PeriodService,
    private readonly consultantNames: ConsultantService,
    private readonly productLineNames: ProductLineService,
    private readonly clock: Clock,
  ) {}

  /** The first subscriptions of the reader's portfolio with work in the week. */
  async read(
    tx: Transaction,
    actor: Actor,
    query: WeekQuery,
    language: Language,
  ): Promise<WeekSheet & { nextCursor: string | null }> {
    const { monday, consultantId, customer, cursor } = query;
    const after = readCursor(cursor, ['text', 'id']);
    const limit = subscriptionsOfPage;
    const seen = this.#scope(actor, query.all);
    const days = { from: monday, to: addDays(monday, 6) };
    const busy = await this.store.busy(tx, seen, days, { consultantId, customer }, after, rowsToFetch(limit));
    const { data, nextCursor } = page(busy, limit, (one) => [one.customer, one.subscriptionId]);
    const sheet = await this.#sheet(tx, data, monday, language, consultantId);
    return { ...sheet, nextCursor };
  }

  /** The sheet of these subscriptions, without those that the reader may not see. */
  async open(
    tx: Transaction,
    actor: Actor,
    monday: Day,
    subscriptionIds: readonly string[],
    language: Language,
    consultantId?: string,
  ): Promise<WeekSheet> {
    const named = await this.store.named(tx, visibilityOf(actor, 'time-entries.log'), [...new Set(subscriptionIds)]);
    return this.#sheet(tx, named, monday, language, consultantId);
  }

  /** The rows of the week before, for a copy. */
  async lastWeek(
    tx: Transaction,
    actor: Actor,
    { monday, all, consultantId, customer }: WeekQuery,
  ): Promise<WeekRow[]> {
    const days = { from: addDays(monday, -7), to: addDays(monday, -1) };
    const filter = { consultantId, customer };
    const busy = await this.store.busy(tx, this.#scope(actor, all), days, filter, undefined, mostCopied);
    const ids = busy.map(({ subscriptionId }) => subscriptionId);
    return weekRows(days.from, await this.store.entries(tx, ids, days, consultantId));
  }

  /** Visible subscriptions that a text names: a part of the customer's name, its code, or the contract number. */
  find(tx: Transaction, actor: Actor, text: string, limit: number): Promise<FoundSubscription[]> {
    return this.store.find(tx, visibilityOf(actor, 'time-entries.log'), text, limit);
  }

  /** What a reader can choose from: subscriptions of the portfolio, and the consultants who work for it. */
  async choices(
    tx: Transaction,
    actor: Actor,
    all: boolean,
  ): Promise<{ subscriptions: FoundSubscription[]; consultants: { id: string; name: string }[] }> {
    const seen = this.#scope(actor, all);
    return {
      subscriptions: await this.store.running(tx, seen, mostChoices),
      consultants: await this.store.consultants(tx, seen, mostChoices),
    };
  }

  /** The customers whose names, codes and mail domains can stand in a calendar. */
  knownCustomers(tx: Transaction, actor: Actor): Promise<KnownCustomer[]> {
    return this.store.knownCustomers(tx, visibilityOf(actor, 'time-entries.log'), mostCustomers);
  }

  /** The subscriptions of customers that are not over. */
  ofCustomers(tx: Transaction, actor: Actor, customerIds: readonly string[]): Promise<FoundSubscription[]> {
    return this.store.ofCustomers(tx, visibilityOf(actor, 'time-entries.log'), customerIds);
  }

  /** By default, an administrator too sees the own portfolio. */
  #scope(actor: Actor, all: boolean): Visibility {
    return visibilityOf(all ? actor : { ...actor, role: 'csm' }, 'time-entries.log');
  }

  async #sheet(
    tx: Transaction,
    named: readonly FoundSubscription[],
    monday: Day,
    language: Language,
    consultantId?: string,
  ): Promise<WeekSheet> {
    const ids = named.map(({ subscriptionId }) => subscriptionId);
    const range = { from: monday, to: addDays(monday, 6) };
    const days = daysOfWeek(monday);
    const closedThrough = await this.periods.closedThrough(tx);
    const lastMonday = addDays(monday, -7);
    const both = await this.store.entries(tx, ids, { ...range, from: lastMonday }, consultantId);
    const entries = both.filter(({ workDate }) => workDate >= monday);
    const before = weekRows(
      lastMonday,
      both.filter(({ workDate }) => workDate < monday),
    );
    const sessions = await this.store.sessions(tx, ids, range, consultantId);
    const facts = await this.#facts(tx, ids, days);
    const rows = [...weekRows(monday, entries), ...plannedRows(sessions)];
    const names = await this.#names(tx, [...rows, ...[...facts.values()].flatMap(({ pairs }) => pairs)]);
    const subscriptions = new Map(
      named.flatMap((one): [string, WeekSubscription][] => {
        const known = facts.get(one.subscriptionId);
        return known ? [[one.subscriptionId, this.#shown(one, known, days, language, names)]] : [];
      }),
    );
    return {
      days: days.map((day) => ({ day, isClosed: closedThrough !== null && monthOf(day) <= closedThrough })),
      subscriptions,
      rows: inOrder(rows, ids, names),
      sessions,
      before: new Map(before.map((row) => [workKey(row), row.cells.map(({ minutes }) => minutes)])),
      names,
    };
  }

  async #facts(tx: Transaction, ids: readonly string[], days: readonly Day[]): Promise<Map<string, SubscriptionFacts>> {
    const contracts = await this.contracts.load(tx, ids);
    const termsOf = new Map([...contracts].map(([id, contract]) => [id, termsOfDays(contract, days)]));
    const current = [...contracts.values()].map((contract) => currentTerm(contract).id);
    const termIds = [...new Set([...[...termsOf.values()].flat().map(({ id }) => id), ...current])];
    const balances = await this.balances.balancesWithoutRecentUse(tx, termIds);
    const sets = await this.allocations.setsOf(tx, termIds);
    const visits = await this.visits.ofSubscriptions(tx, ids);
    return new Map(
      [...contracts].map(([id, contract]) => [
        id,
        {
          contract,
          terms: termsOf.get(id)!,
          balances,
          pairs: pairsOf(contract, sets, days),
          visits: (visits.get(id) ?? []).filter(
            ({ status, startsOn, endsOn }) => status !== 'cancelled' && startsOn <= days.at(-1)! && endsOn >= days[0]!,
          ),
        },
      ]),
    );
  }

  #shown(
    named: FoundSubscription,
    { contract, terms, balances, pairs, visits }: SubscriptionFacts,
    days: readonly Day[],
    language: Language,
    { consultants, productLines }: WeekNames,
  ): WeekSubscription {
    const today = dayAt(this.clock.now(), contract.timeZone);
    return {
      ...named,
      days: days.map((day) => {
        const term = termOn(contract, day);
        return {
          state: term === undefined ? 'outside' : day > today ? 'future' : 'open',
          holiday: holidayOn(day, named.country, language),
          isBusinessDay: isBusinessDay(day, named.country),
          termId: term?.id,
        };
      }),
      terms: terms.map((term) => leftOfTerm(term, balances.get(term.id)!)),
      pairs: pairs.map((pair) => ({
        ...pair,
        consultant: consultants.get(pair.consultantId) ?? '',
        productLine: productLines.get(pair.productLineId) ?? '',
      })),
      onsite: terms.some(({ periods }) => days.some((day) => packageInForceOn(periods, day).onsite.included)),
      visits,
    };
  }

  async #names(tx: Transaction, pairs: readonly Pair[]): Promise<WeekNames> {
    const consultants = await this.consultantNames.find(tx, idsOf(pairs, 'consultantId'));
    const productLines = await this.productLineNames.find(tx, idsOf(pairs, 'productLineId'));
    return {
      consultants: new Map(consultants.map(({ id, name }) => [id, name])),
      productLines: new Map(productLines.map(({ id, name }) => [id, name])),
    };
  }
}

interface SubscriptionFacts {
  contract: SubscriptionContract;
  /** The terms that contain days of the week. */
  terms: ContractTerm[];
  balances: ReadonlyMap<string, TermBalanceRecord>;
  pairs: (Pair & { primary: boolean })[];
  visits: ContractVisit[];
}

const idsOf = (pairs: readonly Pair[], of: keyof Pair): string[] => [...new Set(pairs.map((pair) => pair[of]))];

function termsOfDays(contract: SubscriptionContract, days: readonly Day[]): ContractTerm[] {
  return [...new Set(days.map((day) => termOn(contract, day)))].filter((term) => term !== undefined);
}

/** The pairs of the present set and of the sets in force in the week, on product lines that are enrolled on one of its days. */
function pairsOf(
  contract: SubscriptionContract,
  sets: ReadonlyMap<string, readonly DatedAllocationSet[]>,
  days: readonly Day[],
): (Pair & { primary: boolean })[] {
  const inForce = days.map((day) => allocationSetOn(sets.get(termOn(contract, day)?.id ?? ''), day));
  const lines = new Set(days.flatMap((day) => enrolledOn(contract.enrolments, day)));
  const found = new Map<string, Pair & { primary: boolean }>();
  for (const set of [sets.get(currentTerm(contract).id)?.at(-1), ...inForce]) {
    for (const { consultantId, productLineId, primary } of set?.allocations ?? []) {
      const key = `${consultantId} ${productLineId}`;
      if (lines.has(productLineId) && !found.has(key)) found.set(key, { consultantId, productLineId, primary });
    }
  }
  return [...found.values()].sort((one, other) => Number(other.primary) - Number(one.primary));
}

function leftOfTerm({ id, endsOn }: ContractTerm, { balance, closed, pairs }: TermBalanceRecord): WeekTerm {
  return {
    termId: id,
    endsOn,
    grantedMinutes: balance.grantedMinutes,
    remainingMinutes: closed ? balance.expiredMinutes : remainingMinutes(balance),
    onsiteRemainingMinutes: balance.onsiteCapMinutes - balance.onsiteUsedMinutes,
    closed,
    pairs: [...pairs].map(([key, { allocatedMinutes, workedMinutes }]) => {
      const [consultantId, productLineId] = key.split(' ') as [string, string];
      return { consultantId, productLineId, allocatedMinutes, workedMinutes };
    }),
  };
}

/** Rows without hours for planned work. A planned session names no visit, so onsite work waits for its own row. */
function plannedRows(sessions: readonly WeekSession[]): WeekRow[] {
  return sessions
    .filter(({ delivery }) => delivery === 'remote')
    .map((session) => ({
      ...workOf({ ...session, visitId: null }),
      cells: Array.from({ length: 7 }, () => cellOf([])),
      summary: session.summary,
    }));
}

/** Booked rows come before planned ones of the same work, and only the first row of a work stays. */
function inOrder(rows: readonly WeekRow[], ids: readonly string[], names: WeekNames): WeekRow[] {
  const once = [...new Map(rows.toReversed().map((row) => [workKey(row), row])).values()];
  const place = new Map(ids.map((id, at) => [id, at]));
  const keyOf = (row: WeekRow): string =>
    [
      String(place.get(row.subscriptionId)).padStart(4, '0'),
      names.consultants.get(row.consultantId),
      names.productLines.get(row.productLineId),
      workKey(row),
    ].join('\u0000');
  return once.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
