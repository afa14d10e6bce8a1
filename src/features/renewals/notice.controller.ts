import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NewNotice, NewWaiver, NewWithdrawal, NoticeList, NoticeAnswer } from './notice.dto.js';
import { NoticeService } from './notice.service.js';

@Controller('v1')
export class NoticeController {
  constructor(private readonly notices: NoticeService) {}

  /** Records a notice of non-renewal. One that comes too late is kept too, and answered with `effective: false`. */
  @Post('subscriptions/:id/non-renewal-notices')
  @Allow('notices.give')
  give(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Body() body: NewNotice,
  ): Promise<NoticeAnswer> {
    return this.notices.give(tx, actor, subscriptionId, body);
  }

  @Get('subscriptions/:id/non-renewal-notices')
  @Allow('notices.read')
  list(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: PageQuery,
  ): Promise<NoticeList> {
    return this.notices.list(tx, actor, subscriptionId, query);
  }

  /** Takes a notice back: alone until the last day for a notice, from then on with the other party's agreement. */
  @Post('non-renewal-notices/:id/withdrawal')
  @HttpCode(200)
  @Allow('notices.withdraw')
  withdraw(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewWithdrawal,
  ): Promise<NoticeAnswer> {
    return this.notices.withdraw(tx, actor, id, body);
  }

  /** Accepts a late notice by mutual agreement. */
  @Post('non-renewal-notices/:id/waiver')
  @HttpCode(200)
  @Allow('notices.waive')
  waive(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewWaiver,
  ): Promise<NoticeAnswer> {
    return this.notices.waive(tx, actor, id, body);
  }
}
