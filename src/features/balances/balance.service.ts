import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { pairsOf } from '../../domain/allocation.js';
import { addDays, dayAt, startOfDay, type Day } from '../../domain/calendar.js';
import { allocationSetOn, currentTerm, termOn, type Contract, type ContractTerm } from '../../domain/contract.js';
import { entitlementOf } from '../../domain/entitlement.js';
import { burnDown, forecastOfPlans, forecastWindow, type ForecastBasis } from '../../domain/pace.js';
import { refuseByRules } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { termNotFound } from '../../domain/time-entry.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { AllocationService } from '../allocations/allocation.service.js';
import { HoursService } from '../hours/hours.service.js';
import { SeatService } from '../learning/seat.service.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { balanceAnswer, type TermBalanceOnDay, type TermBalanceRecord } from '../ledger/term-balance.js';
import type { BalanceAnswer } from '../ledger/balance.dto.js';
import { PlanningService } from '../planning/planning.service.js';
import { VisitService } from '../onsite/visit.service.js';
import { ContractService } from '../subscriptions/contract.service.js';
import { termNamed } from '../subscriptions/term-answer.js';
import type { BurnDownAnswer } from './burn-down.dto.js';

/** Answers what is left of a term, today and on any other day, and how its hours burn down. */
@Injectable()
export class BalanceService {
  constructor(
    private readonly clock: Clock,
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly allocations: AllocationService,
    private readonly visits: VisitService,
    private readonly seats: SeatService,
    private readonly hours: HoursService,
    private readonly planning: PlanningService,
    private readonly rules: ServiceRules,
  ) {}

  /**
   * The balance of the current term today, or of the term of a day with everything effective up to its end.
   * @throws Refusal `not-found`; `term-not-found` for a day in no term
   */
  async balance(tx: Transaction, actor: Actor, id: string, on: Day | undefined): Promise<BalanceAnswer> {
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'balances.read'), id);
    const today = dayAt(this.clock.now(), contract.timeZone);
    const term = on === undefined ? currentTerm(contract) : termOn(contract, on);
    if (!term) throw refuseByRules([termNotFound(on!, contract)]);
    const day = on ?? today;
    // Nothing becomes effective after today that today does not know already.
    if (day >= today) return this.withPlans(tx, id, term, await this.#present(tx, term, day), { today, day });
    return balanceAnswer(term, await this.#past(tx, contract, term, day), day, this.rules);
  }

  /** @throws Refusal `not-found`, also for a term of another subscription */
  async burnDown(tx: Transaction, actor: Actor, id: string, termId: string | undefined): Promise<BurnDownAnswer> {
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'balances.read'), id);
    const term = termNamed(contract, termId);
    return { termId: term.id, months: burnDown(term.plan, await this.balances.usedByDay(tx, term.id)) };
  }

  /**
   * The present balance. If planned sessions are to come, their forecast stands beside that of the use; otherwise the answer is the same
   * as after a booking. `basis` replaces the recent use.
   */
  async withPlans(
    tx: Transaction,
    subscriptionId: string,
    term: ContractTerm,
    termBalance: TermBalanceRecord,
    { today, day, basis }: { today: Day; day: Day; basis?: ForecastBasis },
  ): Promise<BalanceAnswer> {
    const answer = balanceAnswer(term, termBalance, day, this.rules, basis);
    const planned = forecastOfPlans({
      ...answer,
      sessions: (await this.planning.openOf(tx, [subscriptionId])).get(term.id) ?? [],
      on: today < term.startsOn ? term.startsOn : today,
      endsOn: term.endsOn,
    });
    return planned.plannedMinutes === 0 ? answer : { ...answer, forecast: { ...answer.forecast, planned } };
  }

  async #present(tx: Transaction, term: ContractTerm, day: Day): Promise<TermBalanceRecord> {
    return (await this.balances.balances(tx, new Map([[term.id, day]]))).get(term.id)!;
  }

  /** Each room counts what was effective at the end of the day. */
  async #past(tx: Transaction, contract: Contract, term: ContractTerm, on: Day): Promise<TermBalanceOnDay> {
    const { from } = forecastWindow(term.startsOn, on, this.rules.forecastDays);
    const { recentUsedMinutes, ...totals } = await this.balances.totalsOn(tx, term.id, on, from);
    const sets = (await this.allocations.setsOf(tx, [term.id])).get(term.id);
    const worked = await this.hours.workedByPair(tx, contract.subscriptionId, term.id, on);
    const dayEndsAt = startOfDay(addDays(on, 1), contract.timeZone);
    const entitlement = entitlementOf(
      term.periods.filter(({ effectiveOn }) => effectiveOn <= on),
      term,
      term.topUps.filter(({ effectiveOn }) => effectiveOn <= on),
    );
    return {
      termId: term.id,
      balance: { ...totals, onsiteCapMinutes: entitlement.onsiteCapMinutes },
      visitsUsed: await this.visits.usedOn(tx, term.id, on, dayEndsAt),
      maxVisits: entitlement.maxVisits,
      seatsUsed: await this.seats.usedAt(tx, term.id, dayEndsAt),
      maxSeats: entitlement.learningSeats,
      recentUsedMinutes,
      pairs: pairsOf(allocationSetOn(sets, on)?.allocations ?? [], worked),
    };
  }
}
