import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ReminderService } from './reminder.service.js';
import { ReminderAnswer, ReminderList, RenewalList, RenewalsQuery } from './renewal.dto.js';
import { RenewalService } from './renewal.service.js';

@Controller('v1')
export class RenewalController {
  constructor(
    private readonly renewals: RenewalService,
    private readonly reminders: ReminderService,
  ) {}

  /**
   * Terms that are not over yet, by their last day for a notice: what renews, and what is about to expire. Locked and
   * declined terms are listed too.
   */
  @Get('renewals')
  @Allow('renewals.read')
  list(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: RenewalsQuery): Promise<RenewalList> {
    return this.renewals.list(tx, actor, query);
  }

  /** Planned, waiting, sent and failed mails of a subscription. */
  @Get('subscriptions/:id/reminders')
  @Allow('reminders.read')
  reminderList(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: PageQuery,
  ): Promise<ReminderList> {
    return this.reminders.list(tx, actor, subscriptionId, query);
  }

  /** Sends a failed mail again: the same message, with all its retries. */
  @Post('reminders/:id/resend')
  @HttpCode(200)
  @Allow('reminders.resend')
  resend(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<ReminderAnswer> {
    return this.reminders.resend(tx, actor, id);
  }
}
