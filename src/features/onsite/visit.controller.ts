import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NewVisit, VisitAnswer, VisitChange, VisitList } from './visit.dto.js';
import { VisitService } from './visit.service.js';

@ApiTags('Visits and expenses')
@Controller('v1')
export class VisitController {
  constructor(private readonly visits: VisitService) {}

  /**
   * Plan an onsite visit
   * @remarks All days of the visit lie within one term. Planned and completed visits count towards the limit of the
   * package.
   */
  @Post('subscriptions/:id/visits')
  @Allow('visits.write')
  @Refuses(
    'visit-outside-term',
    'visits-exhausted',
    'onsite-not-included',
    'dates-out-of-order',
    'reference-unknown',
    'term-closed',
    'subscription-annulled',
    'rules-violated',
  )
  planVisit(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Body() body: NewVisit,
  ): Promise<VisitAnswer> {
    return this.visits.plan(tx, actor, subscriptionId, body);
  }

  /** List the visits of a subscription */
  @Get('subscriptions/:id/visits')
  @Allow('visits.read')
  listVisits(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: PageQuery,
  ): Promise<VisitList> {
    return this.visits.list(tx, actor, subscriptionId, query);
  }

  /** Get a visit */
  @Get('visits/:id')
  @Allow('visits.read')
  getVisit(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<VisitAnswer> {
    return this.visits.read(tx, actor, id);
  }

  /**
   * Change a visit
   * @remarks Time entries of the visit must still fit its days and consultants. Recorded expenses tie its first day
   * to their month.
   */
  @Patch('visits/:id')
  @Allow('visits.write')
  @Refuses(
    'visit-outside-term',
    'visits-exhausted',
    'onsite-not-included',
    'dates-out-of-order',
    'reference-unknown',
    'visit-leaves-entries',
    'visit-has-expenses',
    'already-cancelled',
    'term-closed',
    'subscription-annulled',
    'rules-violated',
  )
  updateVisit(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: VisitChange,
  ): Promise<VisitAnswer> {
    return this.visits.change(tx, actor, id, version, body);
  }

  /**
   * Cancel a visit
   * @remarks A cancelled visit no longer counts towards the limit of the package. A visit with time entries cannot be
   * cancelled.
   */
  @Post('visits/:id/cancel')
  @HttpCode(200)
  @Allow('visits.write')
  @Refuses('already-cancelled', 'already-completed', 'visit-has-entries', 'term-closed', 'subscription-annulled')
  cancelVisit(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<VisitAnswer> {
    return this.visits.move(tx, actor, id, 'cancel');
  }

  /** Mark a visit as done */
  @Post('visits/:id/complete')
  @HttpCode(200)
  @Allow('visits.write')
  @Refuses('already-cancelled', 'already-completed', 'term-closed', 'subscription-annulled')
  completeVisit(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<VisitAnswer> {
    return this.visits.move(tx, actor, id, 'complete');
  }
}
