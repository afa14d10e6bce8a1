import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { MailHoldAnswer } from '../../platform/mail-hold.dto.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { MailAnswer, MailList, MailsQuery } from './mail-list.dto.js';
import { MailListService } from './mail-list.service.js';

@Controller('v1/mails')
export class MailListController {
  constructor(private readonly mails: MailListService) {}

  /** All mails in sight with their attempts, newest first. Customers see the mails to their own contacts. */
  @Get()
  @Allow('reminders.read')
  list(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: MailsQuery): Promise<MailList> {
    return this.mails.list(tx, actor, query);
  }

  /** Lets mails go out again that are held. Mails whose time has passed meanwhile are not sent. */
  @Post('release')
  @HttpCode(200)
  @Allow('mails.release')
  release(@Tx() tx: Transaction, @Who() actor: Actor): Promise<MailHoldAnswer> {
    return this.mails.release(tx, actor);
  }

  /** Sends a mail that failed, or whose outcome is uncertain, again: the same message, with all its retries. */
  @Post(':id/resend')
  @HttpCode(200)
  @Allow('reminders.resend')
  resend(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<MailAnswer> {
    return this.mails.resend(tx, actor, id);
  }
}
