import { Readable } from 'node:stream';
import { Get, Param, Post, Query } from '@nestjs/common';
import { IsOptional } from 'class-validator';
import { Refusal, statusOf } from '../../domain/refusal.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Csv, TakesCsv, type CsvBody } from '../../platform/http/csv-body.js';
import { IsText } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import { ImportRecords } from '../../features/imports/import-records.js';
import { minutesText } from '../words/formats.js';
import type { FormSteps, Fragment, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { ImportOptions, PastedRows, UndoForm } from './import.form.js';
import { importPage } from './import.page.js';
import { ImportResult, importsPage, Progress } from './imports.page.js';
import { ImportsService, type ImportTry } from './imports.service.js';
import { words } from './imports.words.js';

class ImportsQuery {
  @IsOptional()
  @IsText({ max: 1_000 })
  cursor?: string;
}

const all = '/console/imports';

/** Imports of hours: a file or pasted rows are checked first, then booked. */
@ConsoleController('imports')
export class ImportsController {
  constructor(
    private readonly pages: ImportsService,
    private readonly records: ImportRecords,
  ) {}

  @Get()
  @ConsolePage('time-entries.log')
  async list(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { cursor }: ImportsQuery,
  ): Promise<ShownPage> {
    return importsPage(await this.records.list(tx, reader.actor, { cursor }), reader);
  }

  /** The progress of the reader's running imports, which a script asks for while a file is booked. */
  @Get('running')
  @ConsolePage('time-entries.log')
  async running(@Tx() tx: Transaction, @Reader() reader: PageReader): Promise<Fragment> {
    return { fragment: Progress({ running: await this.pages.running(tx, reader.actor), reader }) };
  }

  /** Pasted rows. Without refused rows, the import leads to its own page. */
  @Post('rows')
  @ConsolePage('time-entries.log', 'own-transaction')
  takeRows(@Reader() reader: PageReader, @Typed(PastedRows) { typed, checked }: Form<PastedRows>): FormSteps {
    const shown = async (tried: ImportTry): Promise<ShownPage> => {
      const list = await this.pages.list(reader.actor);
      return { ...importsPage(list, reader, { typed, tried }), status: statusOfTry(tried) };
    };
    return {
      act: async () => {
        if ('errors' in checked) return shown({ refusal: new Refusal('malformed-body', {}, checked), options: typed });
        const { text, ...options } = checked.value;
        const body = { stream: Readable.from([Buffer.from(text)]) };
        // Pasted text has no encoding of its own.
        const fileName = words[reader.language].rows;
        const tried = await this.pages.run(reader, { ...options, fileName, encoding: undefined }, body);
        const { outcome } = tried;
        if (outcome?.importId === undefined || outcome.refused > 0) return shown(tried);
        const { accepted, minutes } = outcome;
        const said = say(words[reader.language].takenSaid, reader.language, {
          accepted,
          minutes: minutesText(minutes, reader.language),
        });
        return { to: `${all}/${outcome.importId}`, said };
      },
      again: (_tx, refusal) => shown({ refusal, options: typed }),
    };
  }

  /** A file that a script sends as it is. It is never in memory as a whole. */
  @Post('file')
  @ConsolePage('time-entries.log', 'own-transaction')
  @TakesCsv()
  takeFile(@Reader() reader: PageReader, @Query() options: ImportOptions, @Csv() body: CsvBody): FormSteps {
    const shown = (tried: ImportTry): Fragment => ({
      fragment: ImportResult({ tried, reader }),
      status: statusOfTry(tried),
    });
    return {
      act: async () => shown(await this.pages.run(reader, options, body)),
      again: (_tx, refusal) => Promise.resolve(shown({ refusal, options: {} })),
    };
  }

  @Get(':id')
  @ConsolePage('time-entries.log')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader, @Param('id') id: string): Promise<ShownPage> {
    return importPage(await this.pages.one(tx, reader.actor, id), reader, {});
  }

  @Post(':id/undo')
  @ConsolePage('time-entries.log', 'own-transaction')
  undo(
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Typed(UndoForm) { typed, checked }: Form<UndoForm>,
  ): FormSteps {
    const { actor, language } = reader;
    return {
      act: async () => {
        if ('errors' in checked) throw new Refusal('malformed-body', {}, checked);
        const { undo } = await this.records.undo(actor, id, checked.value.reason);
        const said = say(words[language].undoneSaid, language, { reversed: undo?.reversed ?? 0 });
        return { to: `${all}/${id}`, said };
      },
      again: async (tx, refusal) => importPage(await this.pages.one(tx, actor, id), reader, { typed, refusal }),
    };
  }
}

const statusOfTry = ({ refusal }: ImportTry): number | undefined => refusal && statusOf(refusal.code);
