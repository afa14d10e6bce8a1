import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { monthOf, type Day, type Month } from '../../domain/calendar.js';
import { Refusal, type Violation } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { isLockTimeout, limitLockWaits } from '../../platform/database/database-errors.js';
import type { Statement } from '../../platform/database/snapshot.js';
import {
  MonthSources,
  noTotals,
  type Ask,
  type ClosedFact,
  type ClosingFacts,
  type MonthTotals,
  type Part,
  type Unlogged,
  type UnloggedSession,
} from './month-totals.js';
import { closedTotals, closedTotalsOf } from './period.store.js';

/** Bookings share this lock, and a closing takes it alone. So no booking can slip into a month while it is closed. */
const periodLock = 1_001;

/**
 * While a closing waits for a running booking, all new bookings wait behind the closing, and are refused after five seconds. So if a
 * closing has waited this long, it gives up its place, pauses and tries again.
 */
const lockWaitMs = 1_000;
const lockPauseMs = 300;
const lockTries = 10;

/** A refusal names at most this many differing months. */
const mostDifferences = 12;

/** The adjustments that a month took, by the month of their work. */
export type TakenAdjustments = MonthTotals & { month: Month; adjustsMonth: Month };

/** The difference between the bases of reports, and what the ledgers have counted on their own. */
export interface BetweenBases {
  adjustments: TakenAdjustments[];
  /** What closed months still count of annulled contracts, by the month of the work. */
  annulled: Map<Month, MonthTotals>;
  ledgerMinutes: number;
}

/** Which accounting months are closed (§12), for bookings and reports. */
@Injectable()
export class PeriodService {
  constructor(private readonly sources: MonthSources) {}

  /**
   * Keeps months from being closed or reopened until the end of the transaction. Take it before all other locks except an idempotency
   * key's.
   */
  async hold(tx: Transaction): Promise<void> {
    await tx.prepared('periods-hold', 'select pg_advisory_xact_lock_shared($1)', [periodLock]);
  }

  /** As `hold`, but without waiting. Returns false if a closing runs or waits. */
  async holdIfFree(tx: Transaction): Promise<boolean> {
    const [row] = await tx.prepared<{ held: boolean }>(
      'periods-hold-if-free',
      'select pg_try_advisory_xact_lock_shared($1) as held',
      [periodLock],
    );
    return row!.held;
  }

  /**
   * Waits for the running bookings, and blocks new ones until the end of the transaction.
   * @throws Refusal `overloaded` if the running bookings take too long
   */
  async holdAlone(tx: Transaction): Promise<void> {
    await tx.query(limitLockWaits(lockWaitMs));
    for (let attempt = 1; ; attempt++) {
      try {
        await tx.withSavepoint(() => tx.query('select pg_advisory_xact_lock($1)', [periodLock]));
        return;
      } catch (error) {
        if (!isLockTimeout(error)) throw error;
        if (attempt === lockTries) throw new Refusal('overloaded', {}, { retryAfterSeconds: 1 });
      }
      await pause(lockPauseMs);
    }
  }

  /** The last closed month. All months before it are closed too. Null if no month is closed. */
  async closedThrough(tx: Transaction): Promise<Month | null> {
    const [row] = await tx.prepared<{ month: Month | null }>(
      'periods-closed-through',
      `select max(month) as month from accounting_periods where status = 'closed'`,
      [],
    );
    return row?.month ?? null;
  }

  /** The first month in which something counts or can count; null if there is none. */
  async firstMonth(tx: Transaction): Promise<Month | null> {
    const months: Month[] = [];
    for (const { firstMonth } of this.sources.inOrder()) {
      const [row] = firstMonth ? await askingIn(tx)<{ month: Month | null }>(firstMonth) : [];
      if (row?.month) months.push(row.month);
    }
    return months.sort()[0] ?? null;
  }

  /**
   * The totals of months as if they were closed now, the subscriptions with a term but without an entry in a month, and the planned
   * sessions without an entry. At most `most` of each are listed, by month and customer; `count` is their full number.
   */
  async preview(
    tx: Transaction,
    first: Month,
    last: Month,
    most: number,
  ): Promise<{ totals: Map<Month, MonthTotals>; unlogged: Counted<Unlogged>; sessions: Counted<UnloggedSession> }> {
    const sources = this.sources.inOrder();
    const totals = await this.totals(tx, first, last);
    const unlogged = sources.map((source) => source.unlogged?.(first, last, most));
    const sessions = sources.map((source) => source.unloggedSessions?.(first, last, most));
    return { totals, unlogged: await counted(tx, unlogged), sessions: await counted(tx, sessions) };
  }

  /** The totals of months as they count now. Months in which nothing counts are left out. */
  totals(tx: Transaction, first: Month, last: Month): Promise<Map<Month, MonthTotals>> {
    return addedUp(
      askingIn(tx),
      this.sources.inOrder().map((source) => source.totals?.(first, last)),
    );
  }

  /** What tells the bases of reports apart, over all months and customers. */
  async betweenBases(tx: Transaction): Promise<BetweenBases> {
    const found: BetweenBases = { adjustments: [], annulled: new Map(), ledgerMinutes: 0 };
    const statements = this.sources.inOrder().flatMap(({ bases }) => bases ?? []);
    for (const { adjustments, ledgers } of statements) {
      found.adjustments.push(...(await askingIn(tx)<TakenAdjustments>(adjustments)));
      const [row] = await askingIn(tx)<{ minutes: number }>(ledgers);
      found.ledgerMinutes += row!.minutes;
    }
    found.annulled = await addedUp(
      askingIn(tx),
      statements.map(({ annulled }) => annulled),
    );
    return found;
  }

  /** Whether the present totals of a closed month are those stored when it was closed. */
  async isAsClosed(tx: Transaction, month: Month): Promise<boolean> {
    const day = `${month}-01`;
    try {
      await this.checkControlTotals(askingIn(tx), { from: day, to: day }, true);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'control-totals-differ') return false;
      throw error;
    }
  }

  /** Lets the rooms prepare a closing while bookings continue, so that bookings are blocked for less time. */
  async survey(tx: Transaction, first: Month, last: Month): Promise<void> {
    for (const source of this.sources.inOrder()) await source.survey?.(tx, first, last);
  }

  /** The totals and facts of months, from all rooms. Call it after `survey` of the same months, while holding the lock. */
  async closingFacts(
    tx: Transaction,
    first: Month,
    last: Month,
  ): Promise<{ totals: Map<Month, MonthTotals>; facts: [ClosedFact, Statement][] }> {
    const ofRooms: ClosingFacts[] = [];
    for (const source of this.sources.inOrder()) ofRooms.push(await source.closingFacts(tx, first, last));
    const totals = await addedUp(
      askingIn(tx),
      ofRooms.map(({ totals }) => totals),
    );
    return { totals, facts: ofRooms.flatMap(({ facts }) => Object.entries(facts) as [ClosedFact, Statement][]) };
  }

  /**
   * Compares the present totals of closed months between two days with the totals stored when they were closed. Without `part`, it
   * compares whole months; with `part`, only the part that a report covers, so a small report stays cheap. `figures` says whether the
   * reader may see the totals of all customers.
   * @throws Refusal `control-totals-differ`
   */
  async checkControlTotals(
    ask: Ask,
    { from, to }: { from?: Day; to?: Day },
    figures: boolean,
    part?: Part,
  ): Promise<void> {
    const closed = byMonth(await ask<TotalsOfMonth>(closedTotals));
    const [closedThrough] = [...closed.keys()].sort().reverse();
    // This includes all months before the first closed one, in which nothing may count.
    const first = from === undefined ? '1900-01' : monthOf(from);
    const last =
      to !== undefined && closedThrough !== undefined && monthOf(to) < closedThrough ? monthOf(to) : closedThrough;
    if (last === undefined || first > last) return;
    const differencesFrom = async (stored: ReadonlyMap<Month, MonthTotals>, of?: Part): Promise<Violation[]> => {
      const found = await addedUp(
        ask,
        this.sources.inOrder().map((source) => source.totals?.(first, last, of)),
      );
      const months = [...new Set([...stored.keys(), ...found.keys()])].filter(
        (month) => first <= month && month <= last,
      );
      return months.sort().flatMap((month) => differenceOf(month, stored.get(month), found.get(month)));
    };
    const stored = part === undefined ? closed : byMonth(await ask<TotalsOfMonth>(closedTotalsOf(part)));
    const asked = await differencesFrom(stored, part);
    if (asked.length === 0) return;
    // Finance knows the totals of whole months, so the refusal names them if they differ. Otherwise minutes moved within a month, and
    // only the totals of the part differ.
    const whole = part === undefined ? [] : await differencesFrom(closed);
    const differing = whole.length > 0 ? whole : asked;
    const params = differing[0]!.params!;
    throw figures
      ? new Refusal('control-totals-differ', params, { violations: differing.slice(0, mostDifferences) })
      : new Refusal('control-totals-differ', { month: params.month!, figures: 'hidden' });
  }
}

type TotalsOfMonth = MonthTotals & { month: Month };

const byMonth = (rows: readonly TotalsOfMonth[]): Map<Month, MonthTotals> =>
  new Map(rows.map((row) => [row.month, row]));

const askingIn =
  (tx: Transaction): Ask =>
  ({ sql, values }) =>
    tx.query(sql, [...values]);

/** The first rows of a list, and their full number. */
interface Counted<Row> {
  listed: Row[];
  count: number;
}

async function counted<Row>(tx: Transaction, statements: readonly (Statement | undefined)[]): Promise<Counted<Row>> {
  const found: Counted<Row> = { listed: [], count: 0 };
  for (const statement of statements) {
    if (statement === undefined) continue;
    const rows = await askingIn(tx)<Row & { count: number }>(statement);
    found.count += rows[0]?.count ?? 0;
    found.listed.push(...rows.map(({ count: _, ...row }) => row as unknown as Row));
  }
  return found;
}

async function addedUp(ask: Ask, statements: readonly (Statement | undefined)[]): Promise<Map<Month, MonthTotals>> {
  const totals = new Map<Month, MonthTotals>();
  for (const statement of statements) {
    if (statement === undefined) continue;
    for (const { month, ...counted } of await ask<TotalsOfMonth>(statement)) {
      const { rows, minutes, onsiteMinutes } = totals.get(month) ?? noTotals;
      totals.set(month, {
        rows: rows + counted.rows,
        minutes: minutes + counted.minutes,
        onsiteMinutes: onsiteMinutes + counted.onsiteMinutes,
      });
    }
  }
  return totals;
}

function differenceOf(month: Month, stored = noTotals, found = noTotals): Violation[] {
  const { rows, minutes, onsiteMinutes } = stored;
  if (found.rows === rows && found.minutes === minutes && found.onsiteMinutes === onsiteMinutes) return [];
  const params = {
    month,
    figures: 'shown',
    storedRows: rows,
    storedMinutes: minutes,
    storedOnsiteMinutes: onsiteMinutes,
    foundRows: found.rows,
    foundMinutes: found.minutes,
    foundOnsiteMinutes: found.onsiteMinutes,
  };
  return [{ code: 'control-totals-differ', params }];
}
