import { Injectable, type OnModuleInit } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { checkAlerts, percentOfAlert, type UsageAlert } from '../../domain/alerts.js';
import { dayAt, type Day } from '../../domain/calendar.js';
import { remainingMinutes } from '../../domain/ledger.js';
import { lastMorning, morningOf } from '../../domain/morning.js';
import { forecast, forecastWindow, pace } from '../../domain/pace.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { TimeZoneSteps } from '../customers/time-zone-change.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import type { TermBalanceRecord } from '../ledger/term-balance.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { SubscriptionContract, SubscriptionTerm } from '../subscriptions/contract.js';
import type { DueTerm } from '../due-work/due-terms.js';
import { RollOverSteps, type RolledTerm } from '../subscriptions/roll-over-steps.js';
import type { ChunkResult, DueJob } from '../due-work/due-job.js';
import { termNamed } from '../subscriptions/term-answer.js';
import type { AlertList } from './alert.dto.js';
import { PaceAlertStore, type GivenAlert, type NextLook } from './pace-alert.store.js';
import { UsageAlertMails, type LookedAt } from './usage-alert-mails.js';
import { TermPlanService } from '../subscriptions/term-plan.service.js';
import type { TermFigures } from './usage-facts.js';

const nothingAlerted = { terms: 0, alerts: 0, mails: 0 };
type AlertCounts = typeof nothingAlerted;

/** Gives the alerts about used hours and pace, each once in a term (§6). */
@Injectable()
export class PaceAlertService implements OnModuleInit {
  /** Looks at every term whose next look is due, and plans the look after that. */
  readonly job: DueJob<AlertCounts>;

  constructor(
    private readonly store: PaceAlertStore,
    private readonly termPlans: TermPlanService,
    private readonly alertMails: UsageAlertMails,
    private readonly mails: MailQueue,
    private readonly contracts: ContractService,
    private readonly balances: TermBalanceService,
    private readonly timeZoneSteps: TimeZoneSteps,
    private readonly rollOverSteps: RollOverSteps,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {
    this.job = {
      name: 'pace-alerts',
      chunkSize: 500,
      nothing: nothingAlerted,
      due: this.store.looks,
      work: (tx, due, now) => this.#lookAt(tx, due, now),
    };
  }

  onModuleInit(): void {
    this.rollOverSteps.register('mail-last-alerts', (tx, rolledTerms, now) => this.#apply(tx, rolledTerms, now));
    this.timeZoneSteps.register('check-alerts-again', (tx, { customerId }) =>
      this.termPlans.checkAlertsOfCustomer(tx, customerId, this.clock.now()),
    );
  }

  /**
   * The alerts that a term has given so far.
   * @throws Refusal `not-found`, also for a term of another subscription
   */
  async list(tx: Transaction, actor: Actor, subscriptionId: string, termId: string | undefined): Promise<AlertList> {
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'balances.read'), subscriptionId);
    const term = termNamed(contract, termId);
    const given = await this.store.given(tx, [term.id]);
    return { termId: term.id, alerts: given.map(({ termId: _termId, ...alert }) => alert) };
  }

  /**
   * Gives the share alerts (such as 80 % used) that bookings have reached since the last check of a closing term. No
   * check follows, and alerts about pace or expiring hours no longer make sense.
   */
  async #apply(tx: Transaction, rolledTerms: readonly RolledTerm[], now: Date): Promise<void> {
    const announceable = rolledTerms.filter(({ silent }) => !silent);
    const reached = await this.balances.reachedAlertMinutes(
      tx,
      announceable.map(({ closed }) => closed.id),
    );
    const closing = announceable.filter(({ closed }) => reached.has(closed.id));
    if (closing.length === 0) return;
    const looked = await this.#look(
      tx,
      closing.map(({ contract, closed }) => ({ contract, term: closed, today: closed.endsOn })),
      now,
    );
    await this.#give(tx, looked.map(sharesAlone), now);
  }

  async #lookAt(tx: Transaction, due: readonly DueTerm[], now: Date): Promise<ChunkResult<AlertCounts>> {
    const looked = await this.#lookAtOpen(tx, due, now);
    const { alerts, mails } = await this.#give(tx, looked, now);
    const looks = nextLooks(due, looked);
    await this.termPlans.planAlerts(tx, looks);
    await this.balances.setAlertMinutes(tx, looks);
    const happened = looked.flatMap(({ subscriptionId, term, look }) =>
      look.due.map((what) => ({ subscriptionId, termId: term.id, what })),
    );
    return { counts: { terms: due.length, alerts, mails }, happened };
  }

  /** Stores the outcome of a check, and queues the mails about it. */
  async #give(tx: Transaction, looked: readonly LookedAt[], now: Date): Promise<Pick<AlertCounts, 'alerts' | 'mails'>> {
    const given = looked.flatMap((one) => givenBy(one, now));
    await this.store.give(tx, given);
    const mails = await this.mails.queue(tx, await this.alertMails.letters(tx, looked, now), now);
    return { alerts: given.length, mails };
  }

  /** Checks only open terms: work that is logged late gives no alerts (§6). */
  async #lookAtOpen(tx: Transaction, due: readonly DueTerm[], now: Date): Promise<LookedAt[]> {
    const contracts = await this.contracts.load(
      tx,
      due.map(({ subscriptionId }) => subscriptionId),
    );
    const open = due.flatMap(({ subscriptionId, termId }) => {
      const contract = contracts.get(subscriptionId)!;
      const term = contract.terms.find(({ id, status }) => id === termId && status === 'open');
      return term ? [{ contract, term, today: dayAt(now, contract.timeZone) }] : [];
    });
    return this.#look(tx, open, now);
  }

  async #look(tx: Transaction, terms: readonly TermToLookAt[], now: Date): Promise<LookedAt[]> {
    const termBalances = await this.balances.balances(tx, new Map(terms.map(({ term, today }) => [term.id, today])));
    const given = await this.#given(
      tx,
      terms.map(({ term }) => term.id),
    );
    return terms.map(({ contract: { subscriptionId, timeZone, enteredOn }, term, today }) => {
      const figures = this.#figures(term, termBalances.get(term.id)!, today);
      const { grantedMinutes, usedMinutes, forecast: expected } = figures;
      const look = checkAlerts(
        {
          plan: term.plan,
          grantedMinutes,
          usedMinutes,
          expiringMinutes: expected.expiringMinutes,
          given: given.get(term.id) ?? new Set(),
          today,
          morningOn: lastMorning(now, timeZone),
          enteredOn,
        },
        this.rules,
      );
      return { subscriptionId, timeZone, term, figures, look };
    });
  }

  async #given(tx: Transaction, termIds: readonly string[]): Promise<Map<string, Set<UsageAlert>>> {
    const byTerm = new Map<string, Set<UsageAlert>>();
    for (const { termId, alert } of await this.store.given(tx, termIds)) {
      byTerm.set(termId, (byTerm.get(termId) ?? new Set()).add(alert));
    }
    return byTerm;
  }

  #figures({ plan, startsOn, endsOn }: SubscriptionTerm, termBalance: TermBalanceRecord, on: Day): TermFigures {
    const { grantedMinutes, usedMinutes } = termBalance.balance;
    // What expires as the term closes was available until its end.
    const expiredMinutes = 0;
    const remaining = remainingMinutes({ grantedMinutes, usedMinutes, expiredMinutes });
    return {
      on,
      grantedMinutes,
      usedMinutes,
      remainingMinutes: remaining,
      pace: pace(plan, usedMinutes, on),
      forecast: forecast({
        remainingMinutes: remaining,
        expiredMinutes,
        usedMinutesInWindow: termBalance.recentUsedMinutes,
        windowDays: forecastWindow(startsOn, on, this.rules.forecastDays).windowDays,
        on,
        endsOn,
      }),
    };
  }
}

interface TermToLookAt {
  contract: SubscriptionContract;
  term: SubscriptionTerm;
  today: Day;
}

const isShare = (alert: UsageAlert): boolean => percentOfAlert(alert) !== undefined;

function sharesAlone({ look, ...rest }: LookedAt): LookedAt {
  return { ...rest, look: { ...look, due: look.due.filter(isShare), mailed: look.mailed.filter(isShare) } };
}

function givenBy({ term, figures, look }: LookedAt, givenAt: Date): GivenAlert[] {
  return look.due.map((alert) => ({
    termId: term.id,
    alert,
    givenAt,
    mailed: look.mailed.includes(alert),
    grantedMinutes: figures.grantedMinutes,
    usedMinutes: figures.usedMinutes,
    plannedMinutes: figures.pace.plannedMinutes,
    expiringMinutes: figures.forecast.expiringMinutes,
  }));
}

/** A term that has closed meanwhile has no next check. */
function nextLooks(due: readonly DueTerm[], looked: readonly LookedAt[]): NextLook[] {
  const open = new Map(looked.map((one) => [one.term.id, one]));
  return due.map(({ termId }) => {
    const one = open.get(termId);
    return {
      termId,
      nextAt: one?.look.nextOn === undefined ? null : morningOf(one.look.nextOn, one.timeZone),
      fromMinutes: one?.look.fromMinutes ?? null,
    };
  });
}
