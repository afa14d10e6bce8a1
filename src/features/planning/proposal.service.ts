import { Injectable } from '@nestjs/common';
import { pairKey } from '../../domain/allocation.js';
import type { Actor } from '../../domain/access.js';
import type { DatedAllocationSet } from '../../domain/contract.js';
import { currentTerm } from '../../domain/contract.js';
import type { Language } from '../../domain/language.js';
import { leftOf, remainingMinutes } from '../../domain/ledger.js';
import { forecastOfPlans } from '../../domain/pace.js';
import { refuseByRules } from '../../domain/refusal.js';
import { proposeSessions, type PlannablePair, type ProposedSession } from '../../domain/session-proposal.js';
import { isBusinessDay } from '../../platform/business-days.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { TermBalanceRecord } from '../ledger/term-balance.js';
import { TermBalanceService } from '../ledger/term-balance.service.js';
import { refuseEnded } from '../subscriptions/contract.js';
import type { NewProposal, ProposalAnswer, ProposalPreview } from './planned-session.dto.js';
import { PlanningService, type OpenPlan, type OpenSession } from './planning.service.js';

/** The text of proposed sessions, in the language of the customer. */
const summaries: Readonly<Record<Language, string>> = {
  en: 'Planned use of the remaining hours',
  ja: '残り時間の計画的な活用',
};

const everyFortnight = 2;

/** Proposes sessions for the hours that would expire, and plans them (§6). */
@Injectable()
export class ProposalService {
  constructor(
    private readonly planning: PlanningService,
    private readonly balances: TermBalanceService,
  ) {}

  /**
   * Spreads the minutes of the current term that are neither used nor planned over the rest of the term. Afterwards nothing would expire, so
   * a second proposal is empty.
   * @throws Refusal `not-found`, `subscription-ended`, `too-many-planned-sessions`, `nobody-to-plan`, `no-room-for-sessions`
   */
  async propose(
    tx: Transaction,
    actor: Actor,
    subscriptionId: string,
    { everyWeeks = everyFortnight, activity = 'technical-advice', summary }: NewProposal,
    dryRun: boolean,
  ): Promise<ProposalAnswer> {
    if (dryRun) tx.rollBackAtEnd();
    const plan = await this.planning.open(tx, actor, subscriptionId);
    const { expiringMinutes, sessions, locale } = await this.#proposed(tx, actor, plan, everyWeeks);
    const works = sessions.map((session) => ({
      ...session,
      activity,
      delivery: 'remote' as const,
      summary: summary ?? summaries[locale],
    }));
    return { expiringMinutes, sessions: await this.planning.add(tx, actor, plan, works, { asSeries: true }) };
  }

  /**
   * What `propose` would plan, without a lock. Nothing is written.
   * @throws Refusal `not-found`, `subscription-ended`, `nobody-to-plan`, `no-room-for-sessions`
   */
  async preview(
    tx: Transaction,
    actor: Actor,
    subscriptionId: string,
    { everyWeeks = everyFortnight }: Pick<NewProposal, 'everyWeeks'>,
  ): Promise<ProposalPreview> {
    const plan = await this.planning.look(tx, actor, subscriptionId);
    const { expiringMinutes, sessions } = await this.#proposed(tx, actor, plan, everyWeeks);
    const pairs = new Map((await this.planning.pairs(tx, plan)).map((pair) => [pairKey(pair), pair]));
    return { expiringMinutes, sessions: sessions.map((session) => ({ ...pairs.get(pairKey(session))!, ...session })) };
  }

  async #proposed(
    tx: Transaction,
    actor: Actor,
    { contract, presentSet, today }: OpenPlan,
    everyWeeks: number,
  ): Promise<{ expiringMinutes: number; sessions: ProposedSession[]; locale: Language }> {
    refuseEnded(contract);
    const term = currentTerm(contract);
    const from = today < term.startsOn ? term.startsOn : today;
    const open = (await this.planning.openOf(tx, [contract.subscriptionId])).get(term.id) ?? [];
    const termBalance = (await this.balances.balances(tx, new Map([[term.id, today]]))).get(term.id)!;
    const { expiringMinutes } = forecastOfPlans({
      ...leftOf(remainingMinutes(termBalance.balance)),
      expiredMinutes: termBalance.balance.expiredMinutes,
      sessions: open,
      on: from,
      endsOn: term.endsOn,
    });
    const { country, locale } = await this.planning.customerOf(tx, actor, contract);
    const { sessions, violations } = proposeSessions({
      minutes: expiringMinutes,
      from,
      endsOn: term.endsOn,
      everyWeeks,
      pairs: plannablePairs(presentSet, termBalance, open),
      enrolments: contract.enrolments,
      isWorkingDay: (day) => isBusinessDay(day, country),
    });
    if (violations.length > 0) throw refuseByRules(violations);
    return { expiringMinutes, sessions, locale };
  }
}

/** The pairs of the present set, those of the primary consultant first, with what is left of each allocation beside its open sessions. */
function plannablePairs(
  presentSet: DatedAllocationSet | undefined,
  { pairs }: TermBalanceRecord,
  open: readonly OpenSession[],
): PlannablePair[] {
  const planned = new Map<string, number>();
  for (const session of open) {
    const key = pairKey(session);
    planned.set(key, (planned.get(key) ?? 0) + session.minutes);
  }
  const allocations = presentSet?.allocations ?? [];
  return [...allocations.filter(({ primary }) => primary), ...allocations.filter(({ primary }) => !primary)].map(
    ({ consultantId, productLineId, minutes }) => {
      const key = pairKey({ consultantId, productLineId });
      const taken = (pairs.get(key)?.workedMinutes ?? 0) + (planned.get(key) ?? 0);
      return { consultantId, productLineId, leftMinutes: Math.max(0, minutes - taken) };
    },
  );
}
