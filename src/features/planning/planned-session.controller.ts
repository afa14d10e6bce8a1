import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../../domain/access.js';
import type { Language } from '../../domain/language.js';
import { rulesOfPlannedWork } from '../../domain/planned-session.js';
import { rulesOfProposals } from '../../domain/session-proposal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { DryRunAnswers, DryRunQuery } from '../../platform/http/dry-run.dto.js';
import { IfMatch } from '../../platform/http/etag.js';
import { CallerLanguage } from '../../platform/http/language.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import {
  NewPlannedSession,
  NewProposal,
  PlannedSessionAnswer,
  PlannedSessionCancellation,
  PlannedSessionChange,
  PlannedSessionList,
  PlannedSessionsAnswer,
  PlannedSessionsQuery,
  ProposalAnswer,
} from './planned-session.dto.js';
import { PlanningService } from './planning.service.js';
import { ProposalService } from './proposal.service.js';

@ApiTags('Planned sessions')
@Controller('v1')
export class PlannedSessionController {
  constructor(
    private readonly planning: PlanningService,
    private readonly proposals: ProposalService,
  ) {}

  /**
   * Plan a session or a series
   * @remarks A planned session uses no minutes and limits nothing. A time entry that names it fulfils it. With `series`, the session
   * repeats every few weeks on the same weekday; public holidays of the customer's country are skipped. The answer is the first
   * session, with all sessions in `sessions`.
   */
  @Post('subscriptions/:id/planned-sessions')
  @Allow('planned-sessions.write')
  @Refuses(
    ...rulesOfPlannedWork,
    'dates-out-of-order',
    'series-outside-term',
    'series-without-days',
    'too-many-planned-sessions',
    'subscription-ended',
    'subscription-annulled',
  )
  @ApiCreatedResponse({ type: PlannedSessionsAnswer })
  @DryRunAnswers(PlannedSessionsAnswer)
  planSession(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @CallerLanguage() language: Language,
    @Param('id') subscriptionId: string,
    @Query() query: DryRunQuery,
    @Body() body: NewPlannedSession,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PlannedSessionsAnswer> {
    const dryRun = query.dryRun ?? false;
    reply.status(dryRun ? 200 : 201);
    return this.planning.plan(tx, actor, subscriptionId, body, { dryRun, language });
  }

  /**
   * Plan the minutes that would expire
   * @remarks Spreads the minutes that are neither used nor planned evenly over the rest of the current term: on working days of the
   * customer's country, in whole quarter hours, and for the consultants by their allocations. The last session has the rest, so the
   * sessions add up to `expiringMinutes`. Use `dryRun=true` to see the proposal first.
   */
  @Post('subscriptions/:id/planned-sessions/proposal')
  @Allow('planned-sessions.write')
  @Refuses(...rulesOfProposals, 'too-many-planned-sessions', 'subscription-ended', 'subscription-annulled')
  @ApiCreatedResponse({ type: ProposalAnswer })
  @DryRunAnswers(ProposalAnswer)
  proposeSessions(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: DryRunQuery,
    @Body() body: NewProposal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ProposalAnswer> {
    const dryRun = query.dryRun ?? false;
    reply.status(dryRun ? 200 : 201);
    return this.proposals.propose(tx, actor, subscriptionId, body, dryRun);
  }

  /**
   * List the planned sessions of a subscription
   * @remarks By day. `from` and `to` apply to the planned day. Without `status`, fulfilled and cancelled sessions are listed too.
   */
  @Get('subscriptions/:id/planned-sessions')
  @Allow('planned-sessions.read')
  listPlannedSessionsOfSubscription(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: PlannedSessionsQuery,
  ): Promise<PlannedSessionList> {
    return this.planning.list(tx, actor, query, subscriptionId);
  }

  /**
   * List planned sessions
   * @remarks By day. `from` and `to` apply to the planned day. Without `status`, fulfilled and cancelled sessions are listed too.
   */
  @Get('planned-sessions')
  @Allow('planned-sessions.read')
  listPlannedSessions(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Query() query: PlannedSessionsQuery,
  ): Promise<PlannedSessionList> {
    return this.planning.list(tx, actor, query);
  }

  /** Get a planned session */
  @Get('planned-sessions/:id')
  @Allow('planned-sessions.read')
  getPlannedSession(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
  ): Promise<PlannedSessionAnswer> {
    return this.planning.read(tx, actor, id);
  }

  /**
   * Move or change a planned session
   * @remarks Only open sessions can change. An overdue session can be moved to today or a later day.
   */
  @Patch('planned-sessions/:id')
  @Allow('planned-sessions.write')
  @Refuses(
    ...rulesOfPlannedWork,
    'planned-session-fulfilled',
    'planned-session-cancelled',
    'subscription-ended',
    'subscription-annulled',
  )
  updatePlannedSession(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: PlannedSessionChange,
  ): Promise<PlannedSessionAnswer> {
    return this.planning.change(tx, actor, id, version, body);
  }

  /**
   * Cancel a planned session
   * @remarks Only open sessions can be cancelled. With `series=following`, the open sessions of the same series on later days are
   * cancelled too.
   */
  @Delete('planned-sessions/:id')
  @HttpCode(204)
  @Allow('planned-sessions.write')
  @Refuses('planned-session-fulfilled', 'planned-session-cancelled', 'subscription-annulled')
  cancelPlannedSession(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Query() query: PlannedSessionCancellation,
  ): Promise<void> {
    return this.planning.cancel(tx, actor, id, version, { following: query.series === 'following' });
  }
}
