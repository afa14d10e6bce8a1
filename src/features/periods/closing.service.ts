import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Month } from '../../domain/calendar.js';
import { monthsThrough, monthsToClose, monthsToReopen, runningMonth, tooEarlyToClose } from '../../domain/period.js';
import { Refusal } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { noTotals } from './month-totals.js';
import type {
  ClosingPreview,
  PeriodAnswer,
  PeriodChangeAnswer,
  PeriodList,
  Reopening,
  ReopeningPreview,
} from './period.dto.js';
import { monthAsked } from './month-asked.js';
import { PeriodService } from './period.service.js';
import { PeriodStore, type PeriodEvent } from './period.store.js';

/** A preview lists at most this many subscriptions and planned sessions without an entry, to limit the size of the answer. */
const mostUnlogged = 1_000;

/** Closes and reopens accounting months, and shows their history (§12). */
@Injectable()
export class ClosingService {
  constructor(
    private readonly periods: PeriodService,
    private readonly store: PeriodStore,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
  ) {}

  /** All months from the first in which anything counts to the running month in the house zone, newest first. */
  async list(tx: Transaction, { limit, cursor }: PageQuery): Promise<PeriodList> {
    const [after] = readCursor(cursor, ['month']) ?? [];
    const months = (await this.#known(tx)).reverse().filter((month) => after === undefined || month < after);
    return page(await this.#shown(tx, months.slice(0, rowsToFetch(limit))), limit, ({ month }) => [month]);
  }

  /** @throws Refusal `malformed-month`, `not-found` */
  async read(tx: Transaction, asked: string): Promise<PeriodAnswer> {
    const month = monthAsked(asked);
    if (!(await this.#known(tx)).includes(month)) throw new Refusal('not-found');
    return this.#one(tx, month);
  }

  /**
   * Closes a month and all months before it, with their totals and names. It waits for the running bookings, and blocks new ones until
   * it has finished.
   * @throws Refusal `malformed-month`, `period-not-begun`, `period-not-over`, `period-already-closed`, `overloaded`
   */
  async close(tx: Transaction, actor: Actor, asked: string, early = false): Promise<PeriodChangeAnswer> {
    const month = this.#closableMonth(asked, early);
    const now = this.clock.now();
    const surveyed = await this.#toClose(tx, month);
    await this.periods.survey(tx, surveyed[0]!, month);
    await this.periods.holdAlone(tx);
    const months = await this.#toClose(tx, month);
    // Another month was closed or reopened in the meantime.
    if (months[0] !== surveyed[0]) await this.periods.survey(tx, months[0]!, month);
    const { totals, facts } = await this.periods.closingFacts(tx, months[0]!, month);
    await this.store.enter(tx, months);
    for (const [fact, rows] of facts) await this.store.keep(tx, fact, rows);
    const happened = { event: 'closed', askedMonth: month, at: now, by: actor.userId, reason: null } as const;
    await this.store.append(
      tx,
      months.map((one) => ({ ...happened, month: one, controlTotals: totals.get(one) ?? noTotals })),
    );
    return { ...(await this.#one(tx, month)), changedMonths: months };
  }

  /**
   * What closing a month would do. Bookings continue.
   * @throws Refusal as in `close`
   */
  async previewClosing(tx: Transaction, asked: string, early = false): Promise<ClosingPreview> {
    const month = this.#closableMonth(asked, early);
    const months = await this.#toClose(tx, month);
    const { totals, unlogged, sessions } = await this.periods.preview(tx, months[0]!, month, mostUnlogged);
    const previews = months.map((one) => ({ month: one, ...(totals.get(one) ?? noTotals) }));
    const sum = (amount: 'rows' | 'minutes' | 'onsiteMinutes'): number =>
      previews.reduce((total, preview) => total + preview[amount], 0);
    return {
      month,
      months: previews,
      rows: sum('rows'),
      minutes: sum('minutes'),
      onsiteMinutes: sum('onsiteMinutes'),
      subscriptionsWithoutEntry: unlogged.listed,
      subscriptionsWithoutEntryCount: unlogged.count,
      plannedSessionsWithoutEntry: sessions.listed,
      plannedSessionsWithoutEntryCount: sessions.count,
    };
  }

  /**
   * Reopens a month and all months after it. Adjustments booked while it was closed stay in their months.
   * @throws Refusal `malformed-month`, `period-not-closed`, `overloaded`
   */
  async reopen(tx: Transaction, actor: Actor, asked: string, { reason }: Reopening): Promise<PeriodChangeAnswer> {
    const month = monthAsked(asked);
    await this.periods.holdAlone(tx);
    const months = monthsToReopen(month, await this.store.closedMonths(tx));
    if (months.length === 0) throw new Refusal('period-not-closed', { month });
    const by = actor.userId;
    const happened = { event: 'reopened', askedMonth: month, at: this.clock.now(), by, reason } as const;
    await this.store.append(
      tx,
      months.map((one) => ({ ...happened, month: one, controlTotals: null })),
    );
    await this.store.forgetFacts(tx, months);
    return { ...(await this.#one(tx, month)), changedMonths: months };
  }

  /**
   * What reopening a month would do.
   * @throws Refusal `malformed-month`, `period-not-closed`
   */
  async previewReopening(tx: Transaction, asked: string): Promise<ReopeningPreview> {
    const month = monthAsked(asked);
    const months = monthsToReopen(month, await this.store.closedMonths(tx));
    if (months.length === 0) throw new Refusal('period-not-closed', { month });
    const rows = await this.store.rows(tx, months);
    return {
      month,
      months: months.map((one) => ({ month: one, ...(rows.get(one)?.controlTotals ?? noTotals) })),
    };
  }

  /** @throws Refusal `malformed-month`, `period-not-begun`, `period-not-over` */
  #closableMonth(asked: string, early: boolean): Month {
    const month = monthAsked(asked);
    const tooEarly = tooEarlyToClose(month, this.#runningMonth(), early);
    if (tooEarly) throw new Refusal(tooEarly, { month });
    return month;
  }

  #runningMonth(): Month {
    return runningMonth(this.clock.now(), this.rules.houseTimeZone);
  }

  /** @throws Refusal `period-already-closed` */
  async #toClose(tx: Transaction, month: Month): Promise<Month[]> {
    const closedThrough = await this.periods.closedThrough(tx);
    if (closedThrough !== null && month <= closedThrough) throw new Refusal('period-already-closed', { month });
    return monthsToClose(month, closedThrough, await this.#firstMonth(tx));
  }

  async #known(tx: Transaction): Promise<Month[]> {
    const last = this.#runningMonth();
    const first = await this.#firstMonth(tx);
    return monthsThrough(first !== null && first < last ? first : last, last);
  }

  /** The first month in which anything counts or that was ever closed. */
  async #firstMonth(tx: Transaction): Promise<Month | null> {
    const [counted, closed] = [await this.periods.firstMonth(tx), await this.store.firstMonth(tx)];
    return counted !== null && closed !== null && closed < counted ? closed : (counted ?? closed);
  }

  async #one(tx: Transaction, month: Month): Promise<PeriodAnswer> {
    const [shown] = await this.#shown(tx, [month]);
    return shown!;
  }

  async #shown(tx: Transaction, months: readonly Month[]): Promise<PeriodAnswer[]> {
    const rows = await this.store.rows(tx, months);
    const events = await this.store.events(tx, months);
    // A contract entered later can have months before the first closed month. They count as closed together with it.
    const earliest = months.filter((month) => !rows.has(month)).sort()[0];
    const closing = earliest === undefined ? undefined : await this.store.closingOf(tx, earliest);
    const closedThrough = closing && (await this.periods.closedThrough(tx));
    return months.map((month): PeriodAnswer => {
      const history = events.filter((event) => event.month === month).map(eventShown);
      const row = rows.get(month);
      if (row) return { ...row, history };
      return closing && closedThrough && month <= closedThrough
        ? { month, status: 'closed', ...closing, controlTotals: noTotals, history }
        : { month, status: 'open', closedAt: null, closedBy: null, controlTotals: null, history };
    });
  }
}

function eventShown({ month: _, ...event }: PeriodEvent): Omit<PeriodEvent, 'month'> {
  return event;
}
