import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { DryRunAnswers, DryRunQuery } from '../../platform/http/dry-run.dto.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NewTopUp, NewTopUpCancellation, TopUpList, TopUpWithBalance } from './top-up.dto.js';
import { TopUpService } from './top-up.service.js';

@ApiTags('Top-ups')
@Controller('v1')
export class TopUpController {
  constructor(private readonly topUps: TopUpService) {}

  /**
   * Add minutes to the current term
   * @remarks A supplement was bought and names the customer's order. A goodwill is given and has a reason; only an
   * administrator may enter it. The minutes count from `effectiveOn` on and expire with the term. A supplement raises the
   * onsite cap. With `dryRun=true`, the answer shows the result and nothing is saved.
   */
  @Post('subscriptions/:id/top-ups')
  @Allow('top-ups.enter')
  @Refuses(
    'top-up-too-large',
    'too-many-top-ups',
    'effective-on-out-of-range',
    'order-number-required',
    'reason-required',
    'field-of-other-top-up',
    'term-not-open',
    'subscription-ended',
    'subscription-annulled',
    'rules-violated',
  )
  @ApiCreatedResponse({ type: TopUpWithBalance })
  @DryRunAnswers(TopUpWithBalance)
  enterTopUp(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewTopUp,
    @Query() query: DryRunQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TopUpWithBalance> {
    // A dry run creates nothing.
    if (query.dryRun) void reply.status(200);
    return this.topUps.enter(tx, actor, id, body, query.dryRun ?? false);
  }

  /** List the top-ups of all terms, oldest first */
  @Get('subscriptions/:id/top-ups')
  @Allow('top-ups.read')
  listTopUps(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<TopUpList> {
    return this.topUps.list(tx, actor, id, query);
  }

  /**
   * Cancel a top-up that was entered by mistake
   * @remarks Takes back the minutes that are neither worked nor allocated, and that no onsite work needs.
   * `cancellation.minutes` of the answer says how many. If there are none, the service refuses the cancellation. A top-up
   * is cancelled once. With `dryRun=true`, the answer shows the result and nothing is saved.
   */
  @Post('top-ups/:id/cancellation')
  @HttpCode(200)
  @Allow('top-ups.cancel')
  @Refuses('top-up-used', 'already-cancelled', 'term-closed', 'subscription-annulled')
  cancelTopUp(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewTopUpCancellation,
    @Query() query: DryRunQuery,
  ): Promise<TopUpWithBalance> {
    return this.topUps.cancel(tx, actor, id, body.reason, query.dryRun ?? false);
  }
}
