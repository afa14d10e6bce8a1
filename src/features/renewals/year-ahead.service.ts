import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { addDays, addMonths, dayAt, monthOf, type Month } from '../../domain/calendar.js';
import { monthsThrough, runningMonth } from '../../domain/period.js';
import { expectations, type Expectation } from '../../domain/outlook.js';
import { packageAtRenewal } from '../../domain/package.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { expiringMinutes } from '../ledger/term-balance.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { PackageService } from '../packages/package.service.js';
import { YearAheadStore, type EndingTerm } from './year-ahead.store.js';

/** What happens to the terms of a month: as their CSM expects, or `declined` after a notice. `none`: no outlook is stated. */
export const prospects = [...expectations, 'none', 'declined'] as const satisfies readonly (
  Expectation | 'none' | 'declined'
)[];
export type Prospect = (typeof prospects)[number];

/** Terms, and the minutes that they would grant if all renewed. */
export interface TermsAhead {
  terms: number;
  minutes: number;
}

/** The terms that end in a month. */
export interface MonthAhead extends TermsAhead {
  month: Month;
  byProspect: Readonly<Record<Prospect, TermsAhead>>;
  /** The minutes that are left now. They expire with the terms. */
  remainingMinutes: number;
  /** The minutes likely to expire at the recent rate of use. */
  expiringMinutes: number;
  /** The notice deadlines in this month that are still open, also of terms that end later. */
  openDeadlines: number;
}

const monthsAhead = 12;

/** Adds up the renewals of the months ahead (§11): hours, what the CSMs expect, and what will expire. */
@Injectable()
export class YearAheadService {
  constructor(
    private readonly store: YearAheadStore,
    private readonly packages: PackageService,
    private readonly balances: TermBalanceService,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  /** The running month and the eleven after it. A term that is overdue for its roll-over counts in the running month. */
  async months(tx: Transaction, actor: Actor): Promise<MonthAhead[]> {
    const now = this.clock.now();
    const first = runningMonth(now, this.rules.houseTimeZone);
    const afterLast = addMonths(`${first}-01`, monthsAhead);
    // A deadline lies in the year ahead although its term ends after it.
    const lastOn = addDays(afterLast, this.rules.noticeDays);
    const terms = await this.store.ending(tx, visibilityOf(actor, 'forecast.read'), lastOn);
    const today = new Map(terms.map(({ termId, timeZone }) => [termId, dayAt(now, timeZone)]));
    const termBalances = await this.balances.balances(tx, today);
    const months = new Map(
      monthsThrough(first, monthOf(addDays(afterLast, -1))).map((month) => [month, emptyMonth(month)]),
    );
    for (const term of terms) {
      const on = today.get(term.termId)!;
      const month = months.get(laterOf(monthOf(term.endsOn), first));
      if (month) {
        const expiring = expiringMinutes(term, termBalances.get(term.termId)!, on, this.rules);
        this.#add(month, term, expiring);
      }
      if (term.renewalState === 'open' && term.noticeDeadlineOn >= on) {
        const ofDeadline = months.get(laterOf(monthOf(term.noticeDeadlineOn), first));
        if (ofDeadline) ofDeadline.openDeadlines += 1;
      }
    }
    return [...months.values()];
  }

  #add(month: Counted, term: EndingTerm, expiring: number): void {
    const minutes = this.#granted(term);
    const prospect: Prospect = term.renewalState === 'declined' ? 'declined' : (term.expectation ?? 'none');
    for (const sum of [month, month.byProspect[prospect]]) {
      sum.terms += 1;
      sum.minutes += minutes;
    }
    month.remainingMinutes += term.remainingMinutes;
    month.expiringMinutes += expiring;
  }

  #granted(term: EndingTerm): number {
    return packageAtRenewal(this.packages.table, term, addDays(term.endsOn, 1)).grantedMinutes;
  }
}

/** A month while terms are added to it. */
type Counted = MonthAhead & { byProspect: Record<Prospect, TermsAhead> };

const emptyMonth = (month: Month): Counted => ({
  ...{ month, terms: 0, minutes: 0, remainingMinutes: 0, expiringMinutes: 0, openDeadlines: 0 },
  byProspect: {
    renews: noTerms(),
    unsure: noTerms(),
    leaves: noTerms(),
    upgrades: noTerms(),
    none: noTerms(),
    declined: noTerms(),
  },
});

const noTerms = (): TermsAhead => ({ terms: 0, minutes: 0 });

const laterOf = (one: Month, other: Month): Month => (one > other ? one : other);
