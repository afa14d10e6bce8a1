import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NewVisit, VisitAnswer, VisitList } from './visit.dto.js';
import { VisitService } from './visit.service.js';

@Controller('v1')
export class VisitController {
  constructor(private readonly visits: VisitService) {}

  @Post('subscriptions/:id/visits')
  @Allow('visits.write')
  plan(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Body() body: NewVisit,
  ): Promise<VisitAnswer> {
    return this.visits.plan(tx, actor, subscriptionId, body);
  }

  @Get('subscriptions/:id/visits')
  @Allow('visits.read')
  list(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: PageQuery,
  ): Promise<VisitList> {
    return this.visits.list(tx, actor, subscriptionId, query);
  }

  /** Frees the visit, as long as no time is logged on it. */
  @Post('visits/:id/cancel')
  @HttpCode(200)
  @Allow('visits.write')
  cancel(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<VisitAnswer> {
    return this.visits.move(tx, actor, id, 'cancel');
  }

  /** Says that a planned visit has taken place. */
  @Post('visits/:id/complete')
  @HttpCode(200)
  @Allow('visits.write')
  complete(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<VisitAnswer> {
    return this.visits.move(tx, actor, id, 'complete');
  }
}
