import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NewVisit, VisitAnswer, VisitChange, VisitList } from './visit.dto.js';
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

  @Get('visits/:id')
  @Allow('visits.read')
  read(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<VisitAnswer> {
    return this.visits.read(tx, actor, id);
  }

  /** Changes days, place, consultants or purpose, as far as the time logged on the visit allows. */
  @Patch('visits/:id')
  @Allow('visits.write')
  change(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: VisitChange,
  ): Promise<VisitAnswer> {
    return this.visits.change(tx, actor, id, version, body);
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
