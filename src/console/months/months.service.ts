import { Injectable } from '@nestjs/common';
import { scopeOf, type Actor } from '../../domain/access.js';
import { addDays, addMonths, type Day, type Month } from '../../domain/calendar.js';
import type { PackageCode } from '../../domain/package.js';
import { runningMonth, monthAfter } from '../../domain/period.js';
import { Refusal } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { say } from '../../platform/sentences.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { AllocationService } from '../../features/allocations/allocation.service.js';
import { ConsultantService } from '../../features/customers/consultant.service.js';
import { ProductLineService } from '../../features/customers/product-line.service.js';
import { AdjustmentListService, type AdjustmentList } from '../../features/hours/adjustment-list.service.js';
import type { LoggedEntryAnswer } from '../../features/hours/time-entry.dto.js';
import type { VisitAnswer } from '../../features/onsite/visit.dto.js';
import { VisitService } from '../../features/onsite/visit.service.js';
import { UserService } from '../../features/people/user.service.js';
import { ClosingService } from '../../features/periods/closing.service.js';
import {
  MonthOverviewService,
  type MonthsOverview,
  type MonthSummary,
} from '../../features/periods/month-overview.service.js';
import type {
  ClosingPreview,
  PeriodAnswer,
  PeriodEventAnswer,
  ReopeningPreview,
} from '../../features/periods/period.dto.js';
import { PeriodService } from '../../features/periods/period.service.js';
import type { SubscriptionAnswer } from '../../features/subscriptions/subscription.dto.js';
import { SubscriptionService } from '../../features/subscriptions/subscription.service.js';
import { minutesText, monthText } from '../words/formats.js';
import type { PageReader } from '../page/console-page.js';
import { words } from './months.words.js';

/** The list of months. CSMs see no totals over all customers of open months, so they get no overview. */
export interface AllMonths {
  running: Month;
  overview: MonthsOverview | undefined;
  /** Newest first, with the names of the users who closed them. */
  periods: readonly (Pick<PeriodAnswer, 'month' | 'status' | 'closedAt' | 'controlTotals'> & {
    closedBy: string | null;
  })[];
}

/** One month with everything that is done with it. */
export interface OneMonth {
  month: Month;
  running: Month;
  period: PeriodAnswer;
  /** Of finance and administrators. */
  summary: MonthSummary | undefined;
  /** Present if the reader may close the month. */
  closing: ClosingPreview | undefined;
  /** Present if the reader may reopen the month. */
  reopening: ReopeningPreview | undefined;
  /** Whether the entries still add up to the stored totals; undefined for an open month. */
  isAsClosed: boolean | undefined;
  adjustments: AdjustmentList;
  /** The names of the users in the history, by id. */
  names: ReadonlyMap<string, string>;
  mayAdjust: boolean;
}

/** What the form about forgotten work offers. */
export interface Adjusting {
  month: Month;
  /** The first open month, in which the work will count. */
  countsIn: Month;
  /** The typed name, and the subscriptions that it found. */
  search: string | undefined;
  found: readonly { id: string; customer: string; contractNumber: string | null; package: PackageCode }[];
  hasMore: boolean;
  chosen:
    | {
        subscription: SubscriptionAnswer;
        /** The first and the last day of the month within its terms. */
        days: { from: Day; to: Day };
        pairs: readonly { consultantId: string; consultant: string; productLineId: string; productLine: string }[];
        visits: readonly VisitAnswer[];
      }
    | undefined;
}

const mostFound = 20;
const mostVisits = 200;

/** Puts together what the pages about accounting months show. */
@Injectable()
export class MonthsService {
  constructor(
    private readonly closing: ClosingService,
    private readonly overviews: MonthOverviewService,
    private readonly periods: PeriodService,
    private readonly adjustments: AdjustmentListService,
    private readonly subscriptions: SubscriptionService,
    private readonly allocations: AllocationService,
    private readonly visits: VisitService,
    private readonly consultants: ConsultantService,
    private readonly productLines: ProductLineService,
    private readonly users: UserService,
    private readonly database: Database,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  async all(tx: Transaction, { actor }: PageReader): Promise<AllMonths> {
    const running = this.#running();
    if (seesEveryCustomer(actor)) {
      const overview = await this.overviews.overview(tx);
      return { running, overview, periods: [] };
    }
    const { data } = await this.closing.list(tx, { limit: 200 });
    const names = await this.#names(
      tx,
      data.map(({ closedBy }) => closedBy),
    );
    const periods = data.map((period) => ({ ...period, closedBy: names.get(period.closedBy ?? '') ?? null }));
    return { running, overview: undefined, periods };
  }

  /** @throws Refusal `malformed-month`, `not-found` */
  async one(tx: Transaction, { actor }: PageReader, month: Month): Promise<OneMonth> {
    const period = await this.closing.read(tx, month);
    const isClosed = period.status === 'closed';
    const may = (permission: 'periods.close' | 'periods.reopen' | 'adjustments.write'): boolean =>
      scopeOf(permission, actor.role) !== 'never';
    const overview = seesEveryCustomer(actor) ? await this.overviews.overview(tx) : undefined;
    return {
      ...{ month, running: this.#running(), period },
      summary: overview?.months.find((one) => one.month === month),
      closing: !isClosed && may('periods.close') ? await this.closing.previewClosing(tx, month, true) : undefined,
      reopening: isClosed && may('periods.reopen') ? await this.closing.previewReopening(tx, month) : undefined,
      isAsClosed: isClosed ? await this.periods.isAsClosed(tx, month) : undefined,
      adjustments: await this.adjustments.list(tx, actor, month),
      names: await this.#names(
        tx,
        period.history.map(({ by }: PeriodEventAnswer) => by),
      ),
      mayAdjust: isClosed && may('adjustments.write'),
    };
  }

  /** @throws Refusal `malformed-month`, `period-not-closed`; `not-found` for an unknown month or subscription */
  async adjusting(
    tx: Transaction,
    actor: Actor,
    month: Month,
    { customer, subscriptionId }: { customer?: string; subscriptionId?: string },
  ): Promise<Adjusting> {
    const { status } = await this.closing.read(tx, month);
    const closedThrough = await this.periods.closedThrough(tx);
    if (status !== 'closed' || closedThrough === null) throw new Refusal('period-not-closed', { month });
    const found = customer === undefined ? [] : await this.subscriptions.matching(tx, actor, customer, mostFound + 1);
    return {
      ...{ month, countsIn: monthAfter(closedThrough), search: customer },
      found: found.slice(0, mostFound),
      hasMore: found.length > mostFound,
      chosen: subscriptionId === undefined ? undefined : await this.#chosen(tx, actor, month, subscriptionId),
    };
  }

  /** The sentence about a recorded adjustment. */
  async recordedSaid(body: unknown, { actor, language }: PageReader): Promise<string> {
    const { entry } = body as LoggedEntryAnswer;
    const { customerName } = await this.database.read((tx) => this.subscriptions.read(tx, actor, entry.subscriptionId));
    return say(words[language].recordedSaid, language, {
      minutes: minutesText(entry.minutes, language),
      customer: customerName,
      month: monthText(entry.accountingMonth, language),
    });
  }

  async #chosen(tx: Transaction, actor: Actor, month: Month, id: string): Promise<NonNullable<Adjusting['chosen']>> {
    const subscription = await this.subscriptions.read(tx, actor, id);
    const firstOn = `${month}-01`;
    const lastOn = addDays(addMonths(firstOn, 1), -1);
    const from = subscription.startsOn > firstOn ? subscription.startsOn : firstOn;
    const { endsOn } = subscription.currentTerm;
    const to = endsOn < lastOn ? endsOn : lastOn;
    const pairs = new Map<string, { consultantId: string; productLineId: string }>();
    for (const on of from <= to ? [from, to] : []) {
      for (const pair of (await this.allocations.read(tx, actor, id, { on })).allocations)
        pairs.set(`${pair.consultantId} ${pair.productLineId}`, pair);
    }
    const ids = [...pairs.values()];
    const consultants = await this.consultants.find(
      tx,
      ids.map(({ consultantId }) => consultantId),
    );
    const productLines = await this.productLines.find(
      tx,
      ids.map(({ productLineId }) => productLineId),
    );
    const visits = await this.visits.list(tx, actor, id, { limit: mostVisits });
    return {
      subscription,
      days: { from, to },
      pairs: ids.map(({ consultantId, productLineId }) => ({
        consultantId,
        consultant: consultants.find((one) => one.id === consultantId)!.name,
        productLineId,
        productLine: productLines.find((one) => one.id === productLineId)!.name,
      })),
      visits: visits.data.filter(
        ({ startsOn, endsOn, status }) => status !== 'cancelled' && startsOn <= to && endsOn >= from,
      ),
    };
  }

  #running(): Month {
    return runningMonth(this.clock.now(), this.rules.houseTimeZone);
  }

  async #names(tx: Transaction, ids: readonly (string | null)[]): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    for (const id of new Set(ids)) {
      const user = id === null ? undefined : await this.users.find(tx, id);
      if (user) names.set(user.id, user.name);
    }
    return names;
  }
}

/** Finance and administrators see the totals over all customers. */
const seesEveryCustomer = ({ role }: Actor): boolean => scopeOf('time-entries.read', role) === 'all';
