import { Get, Param, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { Refusal } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsText } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import { ClosingService } from '../../features/periods/closing.service.js';
import { HoursService } from '../../features/hours/hours.service.js';
import { minutesText, monthText } from '../words/formats.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, FormKey, Reader } from '../page/console.decorators.js';
import type { KeyOfForm } from '../page/form-key.js';
import { AdjustmentForm, AdjustmentQuery, adjustmentOf, atFieldsOfForm } from './adjustment.form.js';
import { adjustmentPage } from './adjustment.page.js';
import { monthPage } from './month.page.js';
import { monthsPage } from './months.page.js';
import { MonthsService } from './months.service.js';
import { words } from './months.words.js';

class CloseForm {
  /** Closes a month that is not over. */
  @IsOptional()
  @IsIn(['true'])
  early?: 'true';
}

class ReopenForm {
  @IsText({ max: 2_000 })
  reason!: string;
}

const pathOf = (month: string): string => `/console/months/${month}`;

/** Accounting months: their totals on both bases, closing and reopening, and forgotten work. */
@ConsoleController('months')
export class MonthsController {
  constructor(
    private readonly months: MonthsService,
    private readonly closing: ClosingService,
    private readonly hours: HoursService,
  ) {}

  @Get()
  @ConsolePage('periods.read')
  async list(@Tx() tx: Transaction, @Reader() reader: PageReader): Promise<ShownPage> {
    return monthsPage(await this.months.all(tx, reader), reader);
  }

  @Get(':month')
  @ConsolePage('periods.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('month') month: string): Promise<ShownPage> {
    return monthPage(await this.months.one(tx, reader, month), reader);
  }

  @Post(':month/close')
  @ConsolePage('periods.close')
  close(
    @Reader() reader: PageReader,
    @Param('month') month: string,
    @Typed(CloseForm) { typed, checked }: Form<CloseForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const isEarly = valueOf(checked).early === 'true';
        const { changedMonths } = await this.closing.close(tx, actor, month, isEarly);
        const closed = await Promise.all(changedMonths.map((one) => this.closing.read(tx, one)));
        const sum = (amount: 'rows' | 'minutes'): number =>
          closed.reduce((total, { controlTotals }) => total + controlTotals![amount], 0);
        const said = say(words[language].closedSaid, language, {
          month: monthText(month, language),
          months: changedMonths.length,
          rows: sum('rows'),
          minutes: minutesText(sum('minutes'), language),
        });
        return { to: pathOf(month), said };
      },
      again: async (tx, refusal) =>
        monthPage(await this.months.one(tx, reader, month), reader, { form: 'close', typed, refusal }),
    };
  }

  @Post(':month/reopen')
  @ConsolePage('periods.reopen')
  reopen(
    @Reader() reader: PageReader,
    @Param('month') month: string,
    @Typed(ReopenForm) { typed, checked }: Form<ReopenForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { changedMonths } = await this.closing.reopen(tx, actor, month, valueOf(checked));
        const said = say(words[language].reopenSaid, language, {
          count: changedMonths.length,
          month: monthText(month, language),
        });
        return { to: pathOf(month), said };
      },
      again: async (tx, refusal) =>
        monthPage(await this.months.one(tx, reader, month), reader, { form: 'reopen', typed, refusal }),
    };
  }

  @Get(':month/adjustment')
  @ConsolePage('adjustments.write')
  async showAdjustment(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('month') month: string,
    @Query() query: AdjustmentQuery,
  ): Promise<ShownPage> {
    return adjustmentPage(await this.months.adjusting(tx, reader.actor, month, query), reader, {});
  }

  @Post(':month/adjustment')
  @ConsolePage('adjustments.write', 'own-transaction')
  recordAdjustment(
    @Reader() reader: PageReader,
    @Param('month') month: string,
    @FormKey() idempotency: KeyOfForm | undefined,
    @Typed(AdjustmentForm) { typed, checked }: Form<AdjustmentForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async () => {
        const wanted = adjustmentOf(valueOf(checked));
        const request = { actor, language, instance: pathOf(month), dryRun: false, idempotency };
        const { answer } = await this.hours.adjust(request, month, wanted);
        if ('refusal' in answer) throw atFieldsOfForm(answer.refusal);
        return { to: pathOf(month), said: await this.months.recordedSaid(answer.body, reader) };
      },
      again: async (tx, refusal) => {
        const { subscriptionId } = typed;
        const adjusting = await this.months.adjusting(tx, actor, month, { subscriptionId });
        return adjustmentPage(adjusting, reader, { typed, refusal });
      },
    };
  }
}

/** @throws Refusal `malformed-body` with the faults of the form */
function valueOf<Fields extends object>(checked: Form<Fields>['checked']): Fields {
  if ('errors' in checked) throw new Refusal('malformed-body', {}, checked);
  return checked.value;
}
