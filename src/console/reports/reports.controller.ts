import { Get, Query, type StreamableFile } from '@nestjs/common';
import { ReportService } from '../../features/reports/report.service.js';
import { reports } from '../../features/reports/reports.js';
import { addressOf } from '../page/address.js';
import type { PageReader, Redirect, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { choiceOf, ReportAddress } from './report-choice.js';
import { reportsPage } from './reports.page.js';
import { ReportsService } from './reports.service.js';

/** The choice of a report with its preview, and the file. */
@ConsoleController('reports')
export class ReportsController {
  constructor(
    private readonly pages: ReportsService,
    private readonly reports: ReportService,
  ) {}

  @Get()
  @ConsolePage('reports.read', 'own-transaction')
  async show(@Reader() reader: PageReader, @Query() query: ReportAddress): Promise<ShownPage> {
    return reportsPage(await this.pages.show(choiceOf(query), reader), reader);
  }

  /** Customers may download the reports that they may read over REST. */
  @Get('file')
  @ConsolePage('reports.usage', 'own-transaction')
  async download(@Reader() reader: PageReader, @Query() query: ReportAddress): Promise<StreamableFile | Redirect> {
    const form = choiceOf(query);
    const chosen = await this.pages.ofFile(form, reader);
    if (chosen === undefined) return { to: addressOf('/console/reports', form.typed) };
    return this.reports.file(reader.actor, reports[chosen.report], chosen.request);
  }
}
