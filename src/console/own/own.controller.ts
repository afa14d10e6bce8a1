import { Get, Query, type StreamableFile, Param } from '@nestjs/common';
import { IsIn, IsOptional } from 'class-validator';
import type { Month } from '../../domain/calendar.js';
import { languages, type Language } from '../../domain/language.js';
import { deliveries, type Delivery } from '../../domain/time-entry.js';
import { MailListService } from '../../features/mails/mail-list.service.js';
import { ReportService } from '../../features/reports/report.service.js';
import { reports } from '../../features/reports/reports.js';
import { TermStatementService } from '../../features/statements/term-statement.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { IsDay, IsId, IsMonth, IsNotBefore } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { withoutSubscription } from './own-parts.js';
import { ownEntriesPage } from './own-entries.page.js';
import { ownMailsPage } from './own-mails.page.js';
import { ownStatementsPage } from './own-statements.page.js';
import { ownChoicePage, ownHomePage } from './own.page.js';
import { OwnService } from './own.service.js';
import { ownWords } from './own.words.js';

/** Which of the customer's subscriptions a page is about. */
export class OwnQuery {
  @IsOptional()
  @IsId()
  subscriptionId?: string;
}

export class OwnEntriesQuery extends OwnQuery {
  @IsOptional()
  @IsId()
  termId?: string;

  @IsOptional()
  @IsMonth()
  month?: Month;

  @IsOptional()
  @IsId()
  productLineId?: string;

  @IsOptional()
  @IsIn(deliveries)
  delivery?: Delivery;
}

export class StatementFileQuery {
  @IsOptional()
  @IsIn(languages)
  language?: Language;
}

export class OwnReportQuery {
  @IsDay()
  from!: string;

  @IsDay()
  @IsNotBefore('from')
  to!: string;

  @IsIn(['xlsx', 'csv'])
  format!: 'xlsx' | 'csv';
}

/** The pages that a customer reads. */
@ConsoleController('own')
export class OwnController {
  constructor(
    private readonly own: OwnService,
    private readonly mails: MailListService,
    private readonly statements: TermStatementService,
    private readonly reports: ReportService,
  ) {}

  @Get()
  @ConsolePage('own-pages.use')
  async home(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { subscriptionId }: OwnQuery,
  ): Promise<ShownPage> {
    const { actor, language } = reader;
    const own = await this.own.choose(tx, actor, language, subscriptionId);
    if (!own) return withoutSubscription(ownWords[language].title, reader);
    if (own.choices.length > 1 && subscriptionId === undefined) return ownChoicePage(own, reader);
    return ownHomePage(own, await this.own.state(tx, actor, own), reader);
  }

  @Get('entries')
  @ConsolePage('own-pages.use')
  async entries(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { subscriptionId, ...asked }: OwnEntriesQuery,
  ): Promise<ShownPage> {
    const { actor, language } = reader;
    const own = await this.own.choose(tx, actor, language, subscriptionId);
    if (!own) return withoutSubscription(ownWords[language].title, reader);
    return ownEntriesPage({ own, work: await this.own.entries(tx, actor, own.chosen, asked), asked, reader });
  }

  @Get('statements')
  @ConsolePage('own-pages.use')
  async statementList(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { subscriptionId }: OwnQuery,
  ): Promise<ShownPage> {
    const { actor, language } = reader;
    const own = await this.own.choose(tx, actor, language, subscriptionId);
    if (!own) return withoutSubscription(ownWords[language].title, reader);
    return ownStatementsPage(own, await this.own.terms(tx, actor, own.chosen.id), reader);
  }

  @Get('statements/:termId/file')
  @ConsolePage('own-pages.use', 'own-transaction')
  statementFile(
    @Reader() { actor, language: ofReader }: PageReader,
    @Param('termId') termId: string,
    @Query() { language = ofReader }: StatementFileQuery,
  ): Promise<StreamableFile> {
    return this.statements.file(actor, termId, language);
  }

  @Get('statements/usage')
  @ConsolePage('own-pages.use', 'own-transaction')
  usageReport(
    @Reader() { actor, language }: PageReader,
    @Query() { from, to, format }: OwnReportQuery,
  ): Promise<StreamableFile> {
    // Excel takes a CSV file for UTF-8 only with a byte order mark.
    const bom = format === 'csv' ? true : undefined;
    return this.reports.file(actor, reports['usage-lines'], { from, to, format, headings: language, bom });
  }

  @Get('mails')
  @ConsolePage('own-pages.use')
  async mailList(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() { limit, cursor }: PageQuery,
  ): Promise<ShownPage> {
    return ownMailsPage(await this.mails.list(tx, reader.actor, { limit, cursor }), reader);
  }
}
