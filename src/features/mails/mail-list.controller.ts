import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { MailHoldAnswer } from '../../platform/mail/mail-hold.dto.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { MailAnswer, MailList, MailsQuery } from './mail-list.dto.js';
import { MailListService } from './mail-list.service.js';

@ApiTags('Mails')
@Controller('v1/mails')
export class MailListController {
  constructor(private readonly mails: MailListService) {}

  /**
   * List mails with their delivery attempts
   * @remarks Newest first. `from` and `to` apply to the day on which a mail was queued, in the vendor's time zone. A customer sees the mails to its own contacts.
   */
  @Get()
  @Allow('reminders.read')
  listMails(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: MailsQuery): Promise<MailList> {
    return this.mails.list(tx, actor, query);
  }

  /**
   * Hold all mails
   * @remarks Mails are queued and wait until an administrator releases them.
   */
  @Post('hold')
  @HttpCode(200)
  @Allow('mails.release')
  holdMails(@Tx() tx: Transaction): Promise<MailHoldAnswer> {
    return this.mails.holdAll(tx);
  }

  /**
   * Release held mails
   * @remarks Mails are held with `MAIL_HOLD=on`, by an administrator, and when the database looks like a copy. Released mails go out;
   * those whose time has passed are not sent.
   */
  @Post('release')
  @HttpCode(200)
  @Allow('mails.release')
  @Refuses('mails-held-by-setting')
  releaseMails(@Tx() tx: Transaction, @Who() actor: Actor): Promise<MailHoldAnswer> {
    return this.mails.release(tx, actor);
  }

  /**
   * Send a failed mail again
   * @remarks For a mail that failed, or whose outcome is `uncertain`. The service sends the same message, with all
   * its retries.
   */
  @Post(':id/resend')
  @HttpCode(200)
  @Allow('reminders.resend')
  @Refuses('mail-not-failed', 'mail-no-longer-true')
  resendMail(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<MailAnswer> {
    return this.mails.resend(tx, actor, id);
  }
}
