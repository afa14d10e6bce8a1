import { Get, Param, Post, Query } from '@nestjs/common';
import { addDays } from '../../domain/calendar.js';
import { CustomerService } from '../../features/customers/customer.service.js';
import { MailsQuery, type MailAnswer } from '../../features/mails/mail-list.dto.js';
import { MailListService } from '../../features/mails/mail-list.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { RefusalPage } from '../parts/refusal.js';
import { mailPage, mailsPage } from './mails.page.js';
import { mailsWords } from './mails.words.js';

const troubleDays = 30;
const mostTrouble = 20;

/** The mails with their attempts: sent again, held and released. */
@ConsoleController('mails')
export class MailsController {
  constructor(
    private readonly mails: MailListService,
    private readonly customers: CustomerService,
  ) {}

  @Get()
  @ConsolePage('reminders.read')
  async list(@Tx() tx: Transaction, @Reader() reader: PageReader, @Query() query: MailsQuery): Promise<ShownPage> {
    const { actor } = reader;
    const { cursor, limit: _limit, ...filters } = query;
    const { data, nextCursor, mailHold } = await this.mails.list(tx, actor, query);
    const { customerId } = filters;
    const isFirst = cursor === undefined && Object.values(filters).every((value) => value === undefined);
    return mailsPage(reader, {
      filters,
      customer: customerId === undefined ? undefined : (await this.customers.read(tx, actor, customerId)).name,
      mails: data,
      nextCursor,
      trouble: isFirst ? await this.#trouble(tx, reader) : [],
      hold: mailHold,
    });
  }

  @Get(':id')
  @ConsolePage('reminders.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return mailPage(reader, await this.mails.read(tx, reader.actor, id));
  }

  @Post('release')
  @ConsolePage('mails.release')
  release(@Reader() reader: PageReader): FormSteps {
    return {
      act: async (tx) => {
        await this.mails.release(tx, reader.actor);
        return { to: '/console/mails', said: mailsWords[reader.language].released };
      },
      again: async (_tx, refusal) => RefusalPage({ refusal, reader }),
    };
  }

  @Post('hold')
  @ConsolePage('mails.release')
  hold(@Reader() reader: PageReader): FormSteps {
    return {
      act: async (tx) => {
        await this.mails.holdAll(tx);
        return { to: '/console/mails', said: mailsWords[reader.language].heldNow };
      },
      again: async (_tx, refusal) => RefusalPage({ refusal, reader }),
    };
  }

  @Post(':id/resend')
  @ConsolePage('reminders.resend')
  resend(@Reader() reader: PageReader, @Param('id') id: string): FormSteps {
    return {
      act: async (tx) => {
        const { recipient } = await this.mails.resend(tx, reader.actor, id);
        const { language } = reader;
        return {
          to: `/console/mails/${id}`,
          said: say(mailsWords[language].resent, language, { name: recipient.name }),
        };
      },
      again: async (_tx, refusal) => RefusalPage({ refusal, reader }),
    };
  }

  /** Failed mails before uncertain ones. */
  async #trouble(tx: Transaction, { actor, today }: PageReader): Promise<MailAnswer[]> {
    const wanted = { from: addDays(today, -troubleDays), limit: mostTrouble };
    const failed = await this.mails.list(tx, actor, { ...wanted, outcome: 'failed' });
    const uncertain = await this.mails.list(tx, actor, { ...wanted, outcome: 'uncertain' });
    return [...failed.data, ...uncertain.data];
  }
}
