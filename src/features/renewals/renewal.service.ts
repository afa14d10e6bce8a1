import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { dayAt, type Day } from '../../domain/calendar.js';
import { packageAtRenewal } from '../../domain/package.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { termDates } from '../../domain/term.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { PackageService } from '../packages/package.service.js';
import { expiringMinutes, type TermBalanceRecord } from '../ledger/term-balance.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { OutlookService } from '../outlook/outlook.service.js';
import { RenewalStore, type ComingRenewal } from './renewal.store.js';
import type { RenewalList, RenewalAnswer, RenewalsQuery, NextTermAnswer } from './renewal.dto.js';

/** Lists coming renewals: which package renews, until when a notice is possible, and what would expire. */
@Injectable()
export class RenewalService {
  constructor(
    private readonly store: RenewalStore,
    private readonly packages: PackageService,
    private readonly balances: TermBalanceService,
    private readonly outlooks: OutlookService,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  async list(tx: Transaction, actor: Actor, query: RenewalsQuery): Promise<RenewalList> {
    const [noticeDeadlineOn, termId] = readCursor(query.cursor, ['day', 'id']) ?? [];
    const rows = await this.store.coming(tx, visibilityOf(actor, 'renewals.read'), {
      from: query.from,
      to: query.to,
      endsFrom: query.endsFrom,
      endsTo: query.endsTo,
      after: noticeDeadlineOn !== undefined && termId !== undefined ? { noticeDeadlineOn, termId } : undefined,
      limit: rowsToFetch(query.limit),
    });
    const now = this.clock.now();
    const today = new Map(rows.map(({ termId, timeZone }) => [termId, dayAt(now, timeZone)]));
    const termBalances = await this.balances.balances(tx, today);
    const outlooks = await this.outlooks.ofTerms(tx, [...today.keys()]);
    return page(
      rows,
      query.limit,
      (row) => [row.noticeDeadlineOn, row.termId],
      (row) => ({
        ...this.#shown(row, termBalances.get(row.termId)!, today.get(row.termId)!),
        outlook: outlooks.get(row.termId) ?? null,
      }),
    );
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
      renewsAs: row.renewalState === 'declined' ? null : this.#renewsAs(row),
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
