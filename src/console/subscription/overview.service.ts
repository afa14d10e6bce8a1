import { Injectable } from '@nestjs/common';
import { scopeOf } from '../../domain/access.js';
import { burnDown, plannedMinutes, type BurnDownMonth } from '../../domain/pace.js';
import type { SubscriptionAttentionAnswer } from '../../features/attention/attention.dto.js';
import { AttentionService } from '../../features/attention/attention.service.js';
import { BalanceService } from '../../features/balances/balance.service.js';
import type { BalanceAnswer } from '../../features/ledger/balance.dto.js';
import { TermBalanceService } from '../../features/ledger/term-balance.service.js';
import type { OutlookHistory } from '../../features/outlook/outlook.dto.js';
import { OutlookService } from '../../features/outlook/outlook.service.js';
import type { PlannedSessionAnswer } from '../../features/planning/planned-session.dto.js';
import { PlanningService } from '../../features/planning/planning.service.js';
import type { SubscriptionTerm } from '../../features/subscriptions/contract.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { PageReader } from '../page/console-page.js';
import { burnDownPoints, type BurnDownFigures, type BurnDownPoints, type StepKind } from './burn-down.points.js';
import { SubscriptionHeads, type SubscriptionHead, type WorkNames } from './subscription.head.js';

/** What the overview of a subscription shows. */
export interface Overview {
  head: SubscriptionHead;
  balance: BalanceAnswer;
  /** Null for customers. */
  attention: SubscriptionAttentionAnswer | null;
  /** Null for customers. */
  outlook: OutlookHistory | null;
  /** The next ones that are open, by day. */
  sessions: PlannedSessionAnswer[];
  names: WorkNames;
  points: BurnDownPoints;
  months: BurnDownMonth[];
  planLeftMinutes: number;
}

/** The list of the overview. All others are on the page of planned sessions. */
const mostSessionsShown = 5;
/** The longest page of a list: more sessions could not be distinguished in the chart. */
const mostSessionsDrawn = 200;
const mostOutlooks = 5;

/** Puts the overview of a subscription together from the answers of several rooms. */
@Injectable()
export class OverviewService {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly balances: BalanceService,
    private readonly termBalances: TermBalanceService,
    private readonly attentions: AttentionService,
    private readonly outlooks: OutlookService,
    private readonly planning: PlanningService,
  ) {}

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, reader: PageReader, id: string): Promise<Overview> {
    const { actor, language } = reader;
    const head = await this.heads.read(tx, reader, id);
    const { term, today } = head;
    const mayRead = (permission: 'attention.read' | 'outlook.read'): boolean =>
      scopeOf(permission, actor.role) !== 'never';
    const balance = await this.balances.balance(tx, actor, id, undefined);
    const attention = mayRead('attention.read') ? await this.attentions.read(tx, actor, id, language) : null;
    const outlook = mayRead('outlook.read') ? await this.outlooks.read(tx, actor, id, { limit: mostOutlooks }) : null;
    const ahead = { status: 'open', from: today, limit: mostSessionsDrawn } as const;
    const { data: sessions } = await this.planning.list(tx, actor, ahead, id);
    const names = await this.heads.names(tx, head, { consultantIds: sessions.map(({ consultantId }) => consultantId) });
    const used = await this.termBalances.usedByDay(tx, term.id);
    const figures: BurnDownFigures = {
      plan: term.plan,
      steps: stepsOf(term),
      used,
      expiredMinutes: balance.expiredMinutes,
      sessions,
      forecast: balance.forecast,
      today,
    };
    return {
      head,
      balance,
      attention,
      outlook,
      sessions: sessions.slice(0, mostSessionsShown),
      names,
      points: burnDownPoints(figures),
      months: burnDown(term.plan, used),
      planLeftMinutes: Math.max(0, balance.grantedMinutes - plannedMinutes(term.plan, today)),
    };
  }
}

/** What was added to a term: the plan lists upgrades first, and then top-ups. */
function stepsOf({ plan, periods, topUps }: SubscriptionTerm): { on: string; minutes: number; kind: StepKind }[] {
  const kinds: StepKind[] = [...periods.slice(1).map(() => 'upgrade' as const), ...topUps.map(({ kind }) => kind)];
  return plan.additions.map(({ effectiveOn, extraMinutes }, at) => ({
    on: effectiveOn,
    minutes: extraMinutes,
    kind: kinds[at]!,
  }));
}
