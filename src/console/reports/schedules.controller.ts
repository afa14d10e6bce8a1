import { Get, Param, Post, Query } from '@nestjs/common';
import { IsOptional } from 'class-validator';
import { Refusal } from '../../domain/refusal.js';
import { IsText } from '../../platform/http/fields.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import { reports } from '../../features/reports/reports.js';
import { ReportDeliveryService } from '../../features/schedules/report-delivery.service.js';
import { ReportScheduleService } from '../../features/schedules/report-schedule.service.js';
import { dayAt } from '../../domain/calendar.js';
import { dayText } from '../words/formats.js';
import { addressOf } from '../page/address.js';
import type { FormSteps, PageReader, Redirect, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { RefusalPage } from '../parts/refusal.js';
import { choiceOf, ReportAddress } from './report-choice.js';
import { words } from './reports.words.js';
import { ScheduleForm, scheduleOf } from './schedule.form.js';
import { newSchedulePage, schedulePage } from './schedule.page.js';
import { SchedulesService } from './schedules.service.js';
import { schedulesPage } from './schedules.page.js';

class SchedulesQuery {
  @IsOptional()
  @IsText({ max: 1_000 })
  cursor?: string;
}

const all = '/console/reports/schedules';

/** The reports that go out by mail every month. */
@ConsoleController('reports/schedules')
export class SchedulesController {
  constructor(
    private readonly pages: SchedulesService,
    private readonly schedules: ReportScheduleService,
    private readonly deliveries: ReportDeliveryService,
  ) {}

  @Get()
  @ConsolePage('reports.schedule')
  async list(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { cursor }: SchedulesQuery,
  ): Promise<ShownPage> {
    return schedulesPage(await this.schedules.list(tx, reader.actor, { cursor }), reader);
  }

  /** The choice of the report is in the address, as on its page. */
  @Get('new')
  @ConsolePage('reports.schedule', 'own-transaction')
  async choose(@Reader() reader: PageReader, @Query() query: ReportAddress): Promise<ShownPage | Redirect> {
    const form = choiceOf(query);
    const fresh = await this.pages.fresh(form, reader);
    return fresh ? newSchedulePage(fresh, reader, {}) : { to: addressOf('/console/reports', form.typed) };
  }

  @Post()
  @ConsolePage('reports.schedule')
  create(@Reader() reader: PageReader, @Typed(ScheduleForm) { typed, checked }: Form<ScheduleForm>): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        if ('errors' in checked) throw new Refusal('malformed-body', {}, checked);
        const { id, report, nextAt, timeZone } = await this.schedules.enter(tx, actor, scheduleOf(checked.value));
        const said = say(words[language].created, language, {
          report: reports[report].title[language],
          day: dayText(dayAt(nextAt, timeZone), language),
        });
        return { to: `${all}/${id}`, said };
      },
      again: async (tx, refusal) =>
        newSchedulePage(await this.pages.typed(tx, actor, typed), reader, { typed, refusal }),
    };
  }

  @Get(':id')
  @ConsolePage('reports.schedule')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return schedulePage(await this.pages.one(tx, reader.actor, id), reader);
  }

  @Post(':id/run')
  @ConsolePage('reports.schedule')
  run(@Reader() reader: PageReader, @Param('id') id: string): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { mails } = await this.schedules.run(tx, actor, id);
        return { to: `${all}/${id}`, said: say(words[language].ran, language, { count: mails }) };
      },
      again: async (tx, refusal) => schedulePage(await this.pages.one(tx, actor, id), reader, refusal),
    };
  }

  @Post(':id/delete')
  @ConsolePage('reports.schedule')
  delete(@Reader() reader: PageReader, @Param('id') id: string): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { version, report } = await this.schedules.read(tx, actor, id);
        await this.schedules.delete(tx, actor, id, version);
        return { to: all, said: say(words[language].stopped, language, { report: reports[report].title[language] }) };
      },
      again: (_tx, refusal) => Promise.resolve(RefusalPage({ refusal, reader })),
    };
  }

  @Post(':id/deliveries/:mailId/resend')
  @ConsolePage('reports.schedule')
  resend(@Reader() reader: PageReader, @Param('id') id: string, @Param('mailId') mailId: string): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { recipient } = await this.deliveries.resend(tx, actor, id, mailId);
        return { to: `${all}/${id}`, said: say(words[language].resent, language, { name: recipient.name }) };
      },
      again: async (tx, refusal) => schedulePage(await this.pages.one(tx, actor, id), reader, refusal),
    };
  }
}
