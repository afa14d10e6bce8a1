import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { addDays, addMonths, dayAt, daysBetween, type Day, type Month } from '../../domain/calendar.js';
import { packageAtRenewal } from '../../domain/package.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { termDates } from '../../domain/term.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch, type Page, type PageQuery } from '../../platform/http/paging.js';
import { PackageService } from '../packages/package.service.js';
import { expiringMinutes, type TermBalanceRecord } from '../ledger/term-balance.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { OutlookService } from '../outlook/outlook.service.js';
import {
  renewalColumns,
  type RenewalBoardColumn,
  type RenewalBoardFilter,
  type RenewalCard,
  type RenewalColumn,
  type RenewalCsm,
  type RenewalMonth,
} from './renewal-board.js';
import { RenewalBoardStore, type BoardTimes } from './renewal-board.store.js';
import { RenewalStore, type ComingRange, type ComingRenewal } from './renewal.store.js';
import type { RenewalList, RenewalAnswer, RenewalsQuery, NextTermAnswer } from './renewal.dto.js';

const dayMs = 86_400_000;

/** How long a term that is over stays on the board. */
const overDays = 60;

/** Lists coming renewals: which package renews, until when a notice is possible, and what would expire. */
@Injectable()
export class RenewalService {
  constructor(
    private readonly store: RenewalStore,
    private readonly boards: RenewalBoardStore,
    private readonly packages: PackageService,
    private readonly balances: TermBalanceService,
    private readonly outlooks: OutlookService,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  async list(tx: Transaction, actor: Actor, query: RenewalsQuery): Promise<RenewalList> {
    const rows = await this.#coming(tx, actor, query);
    const listed = page(rows, query.limit, (row) => [row.noticeDeadlineOn, row.termId]);
    return { ...listed, data: (await this.#answers(tx, listed.data)).map(({ answer }) => answer) };
  }

  /** The open renewals by deadline, as cards. */
  async timeline(
    tx: Transaction,
    actor: Actor,
    { month, ...query }: RenewalBoardFilter & PageQuery,
  ): Promise<Page<RenewalCard>> {
    const days = month === undefined ? {} : { from: `${month}-01`, to: addDays(addMonths(`${month}-01`, 1), -1) };
    const rows = await this.#coming(tx, actor, { ...query, ...days });
    const listed = page(rows, query.limit, (row) => [row.noticeDeadlineOn, row.termId]);
    const { now, nearDays } = { now: this.clock.now(), nearDays: this.rules.noticeNearDays };
    const columnOf = ({ renewalState }: ComingRenewal, daysToDeadline: number): RenewalColumn => {
      if (renewalState !== 'open') return renewalState === 'declined' ? 'declined' : 'locked';
      return daysToDeadline < 0 ? 'locked' : daysToDeadline <= nearDays ? 'near' : 'far';
    };
    return { ...listed, data: await this.#cards(tx, listed.data, columnOf, now) };
  }

  /** The columns with their first cards. Staff see where each contract stands, and no page can move it. */
  async board(
    tx: Transaction,
    actor: Actor,
    filter: RenewalBoardFilter,
    perColumn: number,
  ): Promise<RenewalBoardColumn[]> {
    const visibility = visibilityOf(actor, 'renewals.read');
    const times = this.#times();
    const places = await this.boards.places(tx, visibility, filter, times, perColumn);
    const terms = await this.store.termsShown(
      tx,
      places.map(({ termId }) => termId),
    );
    const columns = new Map(places.map(({ termId, column }) => [termId, column]));
    const rows = places.map(({ termId }) => terms.get(termId)!);
    const cards = await this.#cards(tx, rows, ({ termId }) => columns.get(termId)!, times.now);
    return renewalColumns.map((column) => ({
      column,
      count: places.find((place) => place.column === column)?.count ?? 0,
      cards: cards.filter((card) => card.column === column),
    }));
  }

  /** The open renewals by the month of their deadline. */
  async months(tx: Transaction, actor: Actor, filter: RenewalBoardFilter): Promise<RenewalMonth[]> {
    const rows = await this.boards.months(tx, visibilityOf(actor, 'renewals.read'), filter, this.#times());
    const months = new Map<Month, RenewalMonth>();
    for (const { month, column, terms, remainingMinutes } of rows) {
      const sum = months.get(month) ?? {
        month,
        terms: { far: 0, near: 0, locked: 0, declined: 0 },
        remainingMinutes: 0,
      };
      months.set(month, {
        month,
        terms: { ...sum.terms, [column]: terms },
        remainingMinutes: sum.remainingMinutes + remainingMinutes,
      });
    }
    return [...months.values()];
  }

  /** The CSMs whose renewals the actor may see. */
  csms(tx: Transaction, actor: Actor): Promise<RenewalCsm[]> {
    return this.boards.csms(tx, visibilityOf(actor, 'renewals.read'));
  }

  #times(): BoardTimes {
    const now = this.clock.now();
    // On the last day that is not near yet, the lock is more than `noticeNearDays` and one day ahead.
    const nearUntil = new Date(now.getTime() + (this.rules.noticeNearDays + 1) * dayMs);
    return { now, nearUntil, overSince: new Date(now.getTime() - overDays * dayMs) };
  }

  #coming(
    tx: Transaction,
    actor: Actor,
    query: RenewalsQuery & Pick<ComingRange, 'csmId' | 'outlook'>,
  ): Promise<ComingRenewal[]> {
    const [noticeDeadlineOn, termId] = readCursor(query.cursor, ['day', 'id']) ?? [];
    return this.store.coming(tx, visibilityOf(actor, 'renewals.read'), {
      from: query.from,
      to: query.to,
      endsFrom: query.endsFrom,
      endsTo: query.endsTo,
      csmId: query.csmId,
      outlook: query.outlook,
      after: noticeDeadlineOn !== undefined && termId !== undefined ? { noticeDeadlineOn, termId } : undefined,
      limit: rowsToFetch(query.limit),
    });
  }

  async #answers(
    tx: Transaction,
    rows: readonly ComingRenewal[],
  ): Promise<{ row: ComingRenewal; answer: RenewalAnswer; today: Day }[]> {
    const now = this.clock.now();
    const days = new Map(rows.map(({ termId, timeZone }) => [termId, dayAt(now, timeZone)]));
    const termBalances = await this.balances.balances(tx, days);
    const outlooks = await this.outlooks.ofTerms(tx, [...days.keys()]);
    return rows.map((row) => {
      const today = days.get(row.termId)!;
      const shown = this.#shown(row, termBalances.get(row.termId)!, today);
      return { row, answer: { ...shown, outlook: outlooks.get(row.termId) ?? null }, today };
    });
  }

  async #cards(
    tx: Transaction,
    rows: readonly ComingRenewal[],
    columnOf: (row: ComingRenewal, daysToDeadline: number) => RenewalColumn,
    now: Date,
  ): Promise<RenewalCard[]> {
    const failed = await this.boards.failedMails(
      tx,
      rows.map(({ termId }) => termId),
      now,
    );
    return (await this.#answers(tx, rows)).map(({ row, answer, today }) => {
      const daysToDeadline = daysBetween(today, row.noticeDeadlineOn);
      return {
        ...answer,
        column: columnOf(row, daysToDeadline),
        daysToDeadline,
        daysToEnd: daysBetween(today, row.endsOn),
        expiredMinutes: row.expiredMinutes,
        failedMail: failed.get(row.termId) ?? null,
      };
    });
  }

  #shown(row: ComingRenewal, termBalance: TermBalanceRecord, today: Day): Omit<RenewalAnswer, 'outlook'> {
    return {
      subscriptionId: row.subscriptionId,
      customerId: row.customerId,
      customer: row.customerName,
      customerCode: row.customerCode,
      contractNumber: row.contractNumber,
      csmId: row.csmId,
      csm: row.csmName,
      termId: row.termId,
      termNumber: row.number,
      package: row.package,
      nextPackage: row.nextPackage,
      renewsAs: row.renewalState === 'declined' || row.renewalState === 'ended' ? null : this.#renewsAs(row),
      startsOn: row.startsOn,
      endsOn: row.endsOn,
      noticeDeadline: row.noticeDeadlineOn,
      renewalState: row.renewalState,
      remainingMinutes: row.remainingMinutes,
      expiringMinutes: expiringMinutes(row, termBalance, today, this.rules),
      seatsInUse: row.seatsInUse,
    };
  }

  #renewsAs(renewal: ComingRenewal): NextTermAnswer {
    const dates = termDates(renewal.anchorOn, renewal.number + 1);
    const { code, grantedMinutes } = packageAtRenewal(this.packages.table, renewal, dates.startsOn);
    return { package: code, grantedMinutes, ...dates };
  }
}
