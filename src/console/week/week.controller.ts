import { Get, Post, Query } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import { statusOf, type Refusal } from '../../domain/refusal.js';
import { mondayOf } from '../../domain/nudge.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { BodyLimit } from '../../platform/http/body.js';
import { IsDay, IsId, IsName, IsText } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ConsoleController, ConsolePage, FormKey, Reader } from '../page/console.decorators.js';
import type { FormSteps, Fragment, PageReader, Redirect, ShownPage } from '../page/console-page.js';
import type { KeyOfForm } from '../page/form-key.js';
import { AsksForPart, TypedSheet, placePath, type SheetForm, type SheetVerb } from './week-form.js';
import { WeekPageService, type ShownSheet } from './week-page.service.js';
import { weekPage, weekSheetPart } from './week.page.js';
import { weekWords } from './week.words.js';

/** Room for a calendar file of two million characters, as a form encodes it. */
const mostBytes = 8 * 1024 * 1024;

/** Which week and rows to show. */
class WeekPageQuery {
  /** A day of the week. Default: today. */
  @IsOptional()
  @IsDay()
  week?: string;

  @IsOptional()
  @IsId()
  consultant?: string;

  @IsOptional()
  @IsName({ max: 200 })
  customer?: string;

  @IsOptional()
  @IsIn(['true'])
  all?: 'true';

  @IsOptional()
  @IsText({ max: 2_000 })
  cursor?: string;
}

/** The week sheet: hours of a portfolio by row and day. */
@ConsoleController('week')
export class WeekController {
  constructor(private readonly pages: WeekPageService) {}

  @Get()
  @ConsolePage('time-entries.log')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Query() query: WeekPageQuery): Promise<ShownPage> {
    const { week = reader.today, consultant, customer, all, cursor } = query;
    const place = { monday: mondayOf(week), consultantId: consultant, customer, all: all === 'true', cursor };
    return weekPage(await this.pages.open(tx, reader, place), reader);
  }

  /** A browser comes here when somebody opens the address of the form. */
  @Get('sheet')
  @ConsolePage('time-entries.log', 'own-transaction')
  leadOn(): Redirect {
    return { to: '/console/week' };
  }

  /** The buttons of the sheet. All but `save` only prepare what is saved later, so their answer is a page. */
  @Post('sheet')
  @ConsolePage('time-entries.log', 'own-transaction')
  @BodyLimit(mostBytes)
  take(
    @Reader() reader: PageReader,
    @TypedSheet() { verb, form }: { verb: SheetVerb; form: SheetForm },
    @FormKey() key: KeyOfForm | undefined,
    @AsksForPart() isPart: boolean,
  ): FormSteps {
    const shown = (sheet: ShownSheet, refusal?: Refusal): ShownPage | Fragment => {
      // A script reads the refusals in the sheet. A status would be reported as an error of the page.
      if (isPart) return { fragment: weekSheetPart(sheet, reader, refusal), status: 200 };
      const status = refusal ? statusOf(refusal.code) : sheet.isRefused && verb === 'save' ? 422 : 200;
      return { ...weekPage(sheet, reader, refusal), status };
    };
    return {
      act: async () => {
        const sheet = await this.pages.take(reader, verb, form, key);
        return sheet.isSaved && !isPart ? { to: placePath(form.place), said: sheet.said } : shown(sheet);
      },
      // The sheet as it was typed, with what is booked now.
      again: async (_tx, refusal) => {
        const sheet = await this.pages.take(reader, 'live', form, undefined);
        // A page of the browser's history that was saved, changed and sent again.
        if (refusal.code !== 'idempotency-key-reused') return shown(sheet, refusal);
        return shown({ ...sheet, said: weekWords[reader.language].saidBefore, isRefused: true });
      },
    };
  }
}
