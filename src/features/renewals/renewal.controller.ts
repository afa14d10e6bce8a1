import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ReminderService } from './reminder.service.js';
import { ReminderAnswer, ReminderList, RenewalList, RenewalsQuery } from './renewal.dto.js';
import { RenewalService } from './renewal.service.js';

@ApiTags('Renewals and notices')
@Controller('v1')
export class RenewalController {
  constructor(
    private readonly renewals: RenewalService,
    private readonly reminders: ReminderService,
  ) {}

  /**
   * List the terms that come up for renewal
   * @remarks Every term that is not over, ordered by `noticeDeadline`, with the minutes and seats that are about to
   * expire. Locked and declined terms are listed too.
   */
  @Get('renewals')
  @Allow('renewals.read')
  listRenewals(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: RenewalsQuery): Promise<RenewalList> {
    return this.renewals.list(tx, actor, query);
  }

  /**
   * List the mails of a subscription
   * @remarks Planned, waiting, sent and failed mails.
   */
  @Get('subscriptions/:id/reminders')
  @Allow('reminders.read')
  listReminders(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: PageQuery,
  ): Promise<ReminderList> {
    return this.reminders.list(tx, actor, subscriptionId, query);
  }

  /**
   * Send a failed mail again
   * @remarks The service sends the same message, with all its retries.
   */
  @Post('reminders/:id/resend')
  @HttpCode(200)
  @Allow('reminders.resend')
  @Refuses('mail-not-failed', 'mail-no-longer-true')
  resendReminder(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<ReminderAnswer> {
    return this.reminders.resend(tx, actor, id);
  }
}
