import { Get, Param, Post } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { MailListService } from '../../features/mails/mail-list.service.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { RefusalPage } from '../parts/refusal.js';
import { todayPage } from './today.page.js';
import { TodayPageService } from './today.service.js';
import { todayWords } from './today.words.js';

/** The page with which a CSM's day starts. */
@ConsoleController('today')
export class TodayPageController {
  constructor(
    private readonly pages: TodayPageService,
    private readonly mails: MailListService,
  ) {}

  @Get()
  @ConsolePage('today.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader): Promise<ShownPage> {
    return todayPage(await this.pages.read(tx, reader.actor, reader.language), reader);
  }

  @Post('mails/:id/resend')
  @ConsolePage('reminders.resend')
  resend(@Reader() reader: PageReader, @Param('id') id: string): FormSteps {
    return {
      act: async (tx) => {
        await this.mails.resend(tx, reader.actor, id);
        return { to: '/console/today', said: todayWords[reader.language].resent };
      },
      again: async (_tx, refusal) => RefusalPage({ refusal, reader }),
    };
  }
}
