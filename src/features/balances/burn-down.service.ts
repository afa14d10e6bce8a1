import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import { burnDown, paceOfTerm, plannedMinutes } from '../../domain/pace.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { BurnDown } from './burn-down.picture.js';
import { LedgerService } from '../ledger/ledger.service.js';
import { TopUpService } from '../top-ups/top-up.service.js';

/** The burn-down of a term for mails, as it was when the reason of the mail arose. */
@Injectable()
export class BurnDownService {
  constructor(
    private readonly ledger: LedgerService,
    private readonly topUps: TopUpService,
    private readonly rules: ServiceRules,
  ) {}

  /** From the entries of the term's ledger up to `lastSequence`, at the end of the day `asOf`. */
  async burnDownThen(
    tx: Transaction,
    term: { id: string; anchorOn: Day; number: number },
    lastSequence: number,
    asOf: Day,
  ): Promise<BurnDown> {
    const days = await this.ledger.sumsByDay(tx, term.id, lastSequence);
    const added = [
      ...days.filter(({ kind }) => kind === 'upgrade'),
      ...(await this.topUps.countedThen(tx, term.id, lastSequence)),
    ];
    const plan = paceOfTerm({
      anchor: term.anchorOn,
      number: term.number,
      baseMinutes: sum(days.filter(({ kind }) => kind === 'grant')),
      additions: added.map(({ effectiveOn, minutes }) => ({ effectiveOn, extraMinutes: minutes })),
      tolerancePercent: this.rules.paceTolerancePercent,
    });
    const used = days
      .filter(({ kind }) => kind === 'use' || kind === 'reversal')
      .map(({ effectiveOn, minutes }) => ({ workDate: effectiveOn, minutes: -minutes }));
    return {
      months: burnDown(plan, used),
      grantedMinutes: plan.baseMinutes + sum(added),
      usedMinutes: sum(used),
      plannedMinutes: plannedMinutes(plan, asOf),
      asOf: asOf < plan.endsOn ? asOf : plan.endsOn,
    };
  }
}

function sum(amounts: readonly { minutes: number }[]): number {
  return amounts.reduce((total, { minutes }) => total + minutes, 0);
}
