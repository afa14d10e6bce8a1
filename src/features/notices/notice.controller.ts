import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NewNotice, NewWaiver, NewWithdrawal, NoticeList, NoticeAnswer } from './notice.dto.js';
import { NoticeService } from './notice.service.js';

@ApiTags('Renewals and notices')
@Controller('v1')
export class NoticeController {
  constructor(private readonly notices: NoticeService) {}

  /**
   * Record a notice of non-renewal
   * @remarks A notice that was received on or before `noticeDeadline` ends the subscription with its term. A later
   * notice is kept with `effective: false`, and the term renews. Staff state when a notice was received; a notice
   * that the customer records itself is received at that moment.
   */
  @Post('subscriptions/:id/non-renewal-notices')
  @Allow('notices.give')
  @Refuses(
    'notice-not-own',
    'field-for-staff-only',
    'receipt-in-future',
    'sent-after-receipt',
    'notice-before-contract',
    'notice-already-given',
    'subscription-ended',
    'subscription-annulled',
  )
  recordNotice(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Body() body: NewNotice,
  ): Promise<NoticeAnswer> {
    return this.notices.give(tx, actor, subscriptionId, body);
  }

  /** List the notices of a subscription */
  @Get('subscriptions/:id/non-renewal-notices')
  @Allow('notices.read')
  listNotices(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: PageQuery,
  ): Promise<NoticeList> {
    return this.notices.list(tx, actor, subscriptionId, query);
  }

  /**
   * Withdraw a notice
   * @remarks Up to `noticeDeadline`, the party that gave the notice can withdraw it alone. After that, staff record
   * the withdrawal with the agreement of the other party in `otherPartySignedBy`.
   */
  @Post('non-renewal-notices/:id/withdrawal')
  @HttpCode(200)
  @Allow('notices.withdraw')
  @Refuses(
    'notice-not-own',
    'field-for-staff-only',
    'already-withdrawn',
    'agreement-required',
    'term-ended',
    'subscription-annulled',
  )
  withdrawNotice(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewWithdrawal,
  ): Promise<NoticeAnswer> {
    return this.notices.withdraw(tx, actor, id, body);
  }

  /**
   * Accept a late notice
   * @remarks Both parties agree that a notice counts although it was late. The subscription then ends with the term.
   */
  @Post('non-renewal-notices/:id/waiver')
  @HttpCode(200)
  @Allow('notices.waive')
  @Refuses(
    'already-withdrawn',
    'already-waived',
    'notice-not-late',
    'notice-already-given',
    'term-ended',
    'subscription-annulled',
  )
  acceptLateNotice(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewWaiver,
  ): Promise<NoticeAnswer> {
    return this.notices.waive(tx, actor, id, body);
  }
}
