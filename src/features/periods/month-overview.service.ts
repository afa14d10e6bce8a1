import { Injectable } from '@nestjs/common';
import type { Month } from '../../domain/calendar.js';
import { monthsThrough } from '../../domain/period.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { UserService } from '../people/user.service.js';
import { ClosingService } from './closing.service.js';
import { noTotals, type MonthTotals } from './month-totals.js';
import type { PeriodAnswer } from './period.dto.js';
import { PeriodService } from './period.service.js';

/** A month on both bases of reports. Its own totals are those of the basis `closed`. */
export interface MonthSummary extends MonthTotals {
  month: Month;
  status: 'open' | 'closed';
  closedAt: Date | null;
  /** The name of the user who closed it. */
  closedBy: string | null;
  /** The adjustments of closed months that count here. */
  taken: MonthTotals;
  /** The adjustments of this month that count in later months. */
  given: MonthTotals;
  /** Everything under its work day: the totals, without `taken`, with `given`. Annulled contracts do not count. */
  corrected: MonthTotals;
}

/** All months, and their sums on both bases. */
export interface MonthsOverview {
  /** Newest first. */
  months: readonly MonthSummary[];
  sums: { closed: MonthTotals; taken: MonthTotals; corrected: MonthTotals };
  /** What closed months still count of contracts that were annulled later. */
  annulled: MonthTotals;
  /** The used minutes of all ledgers, which are counted on their own. */
  ledgerMinutes: number;
  /** Whether the bases have the same sums, apart from annulled contracts, and the ledgers the same minutes. */
  agree: boolean;
}

const mostOfPage = 200;

/** Adds up the accounting months on both bases (§12). */
@Injectable()
export class MonthOverviewService {
  constructor(
    private readonly closing: ClosingService,
    private readonly periods: PeriodService,
    private readonly users: UserService,
  ) {}

  /** The totals of closed months are the stored ones; those of open months are counted now. */
  async overview(tx: Transaction): Promise<MonthsOverview> {
    const listed = new Map((await this.#listed(tx)).map((period) => [period.month, period]));
    const { adjustments, annulled, ledgerMinutes } = await this.periods.betweenBases(tx);
    const names = await this.#names(tx, [...listed.values()]);
    // If the running month is closed early, adjustments count in a month that has not begun.
    const known = [...listed.keys(), ...adjustments.map(({ month }) => month)].sort();
    const [first, last] = [known[0]!, known.at(-1)!];
    const firstOpen = monthsThrough(first, last).find((month) => listed.get(month)?.status !== 'closed');
    const counted =
      firstOpen === undefined ? new Map<Month, MonthTotals>() : await this.periods.totals(tx, firstOpen, last);
    const months = monthsThrough(first, last).map((month): MonthSummary => {
      const period = listed.get(month);
      const totals = period?.controlTotals ?? counted.get(month) ?? noTotals;
      const taken = sumOf(adjustments.filter((one) => one.month === month));
      const given = sumOf(adjustments.filter((one) => one.adjustsMonth === month));
      const corrected = less(sumOf([less(totals, taken), given]), annulled.get(month) ?? noTotals);
      const { rows, minutes, onsiteMinutes } = totals;
      return {
        ...{ month, rows, minutes, onsiteMinutes, taken, given, corrected },
        status: period?.status ?? 'open',
        closedAt: period?.closedAt ?? null,
        closedBy: names.get(period?.closedBy ?? '') ?? null,
      };
    });
    const sums = {
      closed: sumOf(months),
      taken: sumOf(months.map(({ taken }) => taken)),
      corrected: sumOf(months.map(({ corrected }) => corrected)),
    };
    const ofAnnulled = sumOf([...annulled.values()]);
    const rest = less(less(sums.closed, sums.corrected), ofAnnulled);
    const agree = rest.rows === 0 && rest.minutes === 0 && rest.onsiteMinutes === 0;
    return {
      ...{ sums, annulled: ofAnnulled, ledgerMinutes },
      months: months.reverse(),
      agree: agree && sums.corrected.minutes === ledgerMinutes,
    };
  }

  async #listed(tx: Transaction): Promise<PeriodAnswer[]> {
    const periods: PeriodAnswer[] = [];
    for (let cursor: string | undefined; ;) {
      const { data, nextCursor } = await this.closing.list(tx, { limit: mostOfPage, cursor });
      periods.push(...data);
      if (nextCursor === null) return periods;
      cursor = nextCursor;
    }
  }

  async #names(tx: Transaction, periods: readonly PeriodAnswer[]): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    for (const id of new Set(periods.flatMap(({ closedBy }) => closedBy ?? []))) {
      const user = await this.users.find(tx, id);
      if (user) names.set(id, user.name);
    }
    return names;
  }
}

function sumOf(all: readonly MonthTotals[]): MonthTotals {
  const sum = { ...noTotals };
  for (const { rows, minutes, onsiteMinutes } of all) {
    sum.rows += rows;
    sum.minutes += minutes;
    sum.onsiteMinutes += onsiteMinutes;
  }
  return sum;
}

const less = (one: MonthTotals, other: MonthTotals): MonthTotals => ({
  rows: one.rows - other.rows,
  minutes: one.minutes - other.minutes,
  onsiteMinutes: one.onsiteMinutes - other.onsiteMinutes,
});
