import { Injectable, type OnModuleInit } from '@nestjs/common';
import { addDays, startOfDay } from '../../domain/calendar.js';
import { entitlementOf } from '../../domain/entitlement.js';
import { leftOf, remainingMinutes } from '../../domain/ledger.js';
import { burnDown, forecast, forecastWindow, pace } from '../../domain/pace.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { ServiceMonth } from '../../domain/term.js';
import { statementMoved, statementOwed } from '../../domain/usage-statement.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import type { MailToQueue } from '../../platform/mail/mail.store.js';
import { TimeZoneSteps, type TimeZoneChange } from '../customers/time-zone-change.js';
import { ContractService } from '../subscriptions/contract.service.js';
import type { SubscriptionContract, SubscriptionTerm } from '../subscriptions/contract.js';
import type { DueTerm } from '../due-work/due-terms.js';
import type { ChunkResult, DueJob } from '../due-work/due-job.js';
import { standInsAt } from '../people/csm-contact.js';
import { usageContacts, type UsageAudience } from './usage-audience.js';
import { statementKindPrefix, usageFacts, type StatementFacts, type TermFigures } from './usage-facts.js';
import { UsageStatementStore, type MonthOfTerm } from './usage-statement.store.js';
import { TermPlanService } from '../subscriptions/term-plan.service.js';
import { UsageStore, type EffectiveDay } from './usage.store.js';

const nothingStated = { terms: 0, mails: 0 };
type StatementCounts = typeof nothingStated;

/** Entries that are read for one mail. Further entries are summed up in one line. */
const mostEntriesListed = 50;

/** A month that is over, and the contacts who get its statement. */
interface MonthToState {
  contract: SubscriptionContract;
  term: SubscriptionTerm;
  month: ServiceMonth;
  audience: UsageAudience;
}

/** The content of a statement, the same for all readers. */
type MonthStated = Omit<StatementFacts, keyof ReturnType<typeof usageFacts>>;

/** Sends the monthly usage statements, only to the customer's `usage` contacts. */
@Injectable()
export class UsageStatementService implements OnModuleInit {
  /** Queues a statement of each term's newest complete service month, and plans the next one. */
  readonly job: DueJob<StatementCounts>;

  constructor(
    private readonly store: UsageStatementStore,
    private readonly termPlans: TermPlanService,
    private readonly usage: UsageStore,
    private readonly mails: MailQueue,
    private readonly contracts: ContractService,
    private readonly timeZoneSteps: TimeZoneSteps,
    private readonly rules: ServiceRules,
  ) {
    this.job = {
      name: 'usage-statements',
      chunkSize: 200,
      nothing: nothingStated,
      due: this.store.statements,
      work: (tx, due, now) => this.#state(tx, due, now),
    };
  }

  onModuleInit(): void {
    this.timeZoneSteps.register('move-usage-statements', (tx, change) => this.#move(tx, change));
  }

  async #move(tx: Transaction, { customerId, to: timeZone }: TimeZoneChange): Promise<void> {
    const planned = await this.termPlans.plannedStatements(tx, customerId);
    await this.termPlans.planStatements(
      tx,
      planned.map((term) => ({ termId: term.termId, nextAt: statementMoved({ ...term, timeZone }, term.nextAt) })),
    );
  }

  async #state(tx: Transaction, due: readonly DueTerm[], now: Date): Promise<ChunkResult<StatementCounts>> {
    const contracts = await this.contracts.load(
      tx,
      due.map(({ subscriptionId }) => subscriptionId),
    );
    const audiences = await this.usage.audiences(
      tx,
      due.map(({ termId }) => termId),
    );
    const looked = due.map(({ subscriptionId, termId }) => {
      const contract = contracts.get(subscriptionId)!;
      const term = contract.terms.find(({ id }) => id === termId)!;
      return { contract, term, audience: audiences.get(termId)!, ...owedBy(contract, term, now) };
    });
    const toState = looked.flatMap(({ contract, term, month, audience }): MonthToState[] =>
      month && usageContacts(audience).length > 0 ? [{ contract, term, month, audience }] : [],
    );
    const letters = await this.#letters(tx, toState, now);
    const mails = await this.mails.queue(tx, letters, now);
    await this.termPlans.planStatements(
      tx,
      looked.map(({ term, nextAt }) => ({ termId: term.id, nextAt: nextAt ?? null })),
    );
    const happened = toState.map(({ contract: { subscriptionId }, term, month }) => ({
      subscriptionId,
      termId: term.id,
      what: kindOf(month),
    }));
    return { counts: { terms: due.length, mails }, happened };
  }

  async #letters(tx: Transaction, months: readonly MonthToState[], now: Date): Promise<MailToQueue[]> {
    if (months.length === 0) return [];
    const stated = await this.#stated(tx, months);
    return months.flatMap(({ contract: { subscriptionId }, term, month, audience }, at) => {
      const termFacts = usageFacts(
        { subscriptionId, term, on: month.endsOn },
        audience,
        standInsAt(audience, now, this.rules.houseTimeZone),
      );
      const facts: StatementFacts = { ...termFacts, ...stated[at]! };
      return usageContacts(audience).map(({ role, name, address }) => ({
        kind: kindOf(month),
        subscriptionId,
        termId: term.id,
        occasion: '',
        recipientRole: role,
        recipientName: name,
        recipientAddress: address,
        locale: audience.locale,
        facts,
        validUntil: null,
      }));
    });
  }

  /** The content for each month, in the same order, in a fixed number of SQL statements. */
  async #stated(tx: Transaction, months: readonly MonthToState[]): Promise<MonthStated[]> {
    const wanted = months.map(({ contract, term, month }): MonthOfTerm => {
      const { startsOn, endsOn } = month;
      const endsAt = startOfDay(addDays(endsOn, 1), contract.timeZone);
      return { subscriptionId: contract.subscriptionId, termId: term.id, startsOn, endsOn, endsAt };
    });
    const days = await this.usage.days(tx, new Map(wanted.map(({ termId, endsOn }) => [termId, endsOn])));
    const lines = await this.store.lines(tx, wanted);
    const entries = await this.store.entries(tx, wanted, mostEntriesListed);
    const limits = await this.store.limitsUsed(tx, wanted);
    return months.map(({ term, month }) => {
      const effective = days.get(term.id) ?? [];
      const listed = entries.get(term.id) ?? [];
      const ofMonth = lines.get(term.id) ?? [];
      const byMonth = burnDown(
        term.plan,
        effective.map(({ day, usedMinutes }) => ({ workDate: day, minutes: usedMinutes })),
      );
      const topUps = term.topUps.filter(({ effectiveOn }) => effectiveOn <= month.endsOn);
      const entitlement = entitlementOf(
        term.periods.filter(({ effectiveOn }) => effectiveOn <= month.endsOn),
        term,
        topUps,
      );
      const { visitsUsed, seatsUsed } = limits.get(term.id)!;
      return {
        figures: this.#figures(term, effective, month),
        months: byMonth,
        monthNumber: month.month + 1,
        month: { startsOn: month.startsOn, endsOn: month.endsOn },
        monthPlannedMinutes: byMonth[month.month]!.plannedMinutes,
        monthUsedMinutes: byMonth[month.month]!.usedMinutes,
        lines: ofMonth.map(({ productLine, delivery, minutes }) => ({ productLine, delivery, minutes })),
        entries: listed.map(({ workDate, consultant, productLine, delivery, minutes, summary }) => ({
          workDate,
          consultant,
          productLine,
          delivery,
          minutes,
          summary,
        })),
        more: {
          entries: (listed[0]?.ofAll ?? 0) - listed.length,
          minutes: sum(ofMonth, 'minutes') - sum(listed, 'minutes'),
        },
        onsite: {
          capMinutes: entitlement.onsiteCapMinutes,
          usedMinutes: sum(effective, 'onsiteUsedMinutes'),
          visitsUsed,
          maxVisits: entitlement.maxVisits,
        },
        seats: { used: seatsUsed, max: entitlement.learningSeats },
        topUps: topUps.map(({ kind, minutes, effectiveOn }) => ({ kind, minutes, effectiveOn })),
        expiredMinutes: term.status === 'closed' ? sum(effective, 'expiredMinutes') : null,
      };
    });
  }

  /** The state of the term at the end of the month, with everything logged for it by now. */
  #figures(term: SubscriptionTerm, effective: readonly EffectiveDay[], { endsOn: on }: ServiceMonth): TermFigures {
    const totals = {
      grantedMinutes: sum(effective, 'grantedMinutes'),
      usedMinutes: sum(effective, 'usedMinutes'),
      expiredMinutes: sum(effective, 'expiredMinutes'),
    };
    const { from, windowDays } = forecastWindow(term.startsOn, on, this.rules.forecastDays);
    const recent = effective.filter(({ day }) => day >= from);
    const left = leftOf(remainingMinutes(totals));
    return {
      on,
      grantedMinutes: totals.grantedMinutes,
      usedMinutes: totals.usedMinutes,
      ...left,
      pace: pace(term.plan, totals.usedMinutes, on),
      forecast: forecast({
        remainingMinutes: left.remainingMinutes,
        expiredMinutes: totals.expiredMinutes,
        usedMinutesInWindow: sum(recent, 'usedMinutes'),
        windowDays,
        on,
        endsOn: term.endsOn,
      }),
    };
  }
}

function owedBy({ anchorOn, timeZone, enteredAt }: SubscriptionContract, term: SubscriptionTerm, now: Date) {
  const { number, renewalState } = term;
  if (term.status === 'annulled') return { month: undefined, nextAt: undefined };
  return statementOwed({ anchorOn, number, timeZone, enteredAt, renewed: renewalState === 'renewed' }, now);
}

const kindOf = ({ month }: ServiceMonth): string => `${statementKindPrefix}${month + 1}`;

function sum<Field extends string>(rows: readonly Readonly<Record<Field, number>>[], field: Field): number {
  return rows.reduce((total, row) => total + row[field], 0);
}
