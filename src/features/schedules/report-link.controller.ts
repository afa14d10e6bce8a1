import { Controller, Get, Param, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Transaction } from '../../platform/database/transaction.js';
import { Public, Refuses } from '../../platform/http/access.decorators.js';
import type { Language } from '../../domain/language.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { PageAnswer } from '../../platform/pages/page.js';
import { AskedLanguage, PublicPage } from '../../platform/pages/page.decorators.js';
import { ReportLinkService } from './report-link.service.js';

/** The page behind the link to a report that was too large for a mail. */
@ApiTags('Pages for customers')
@Controller('reports')
export class ReportLinkController {
  constructor(private readonly links: ReportLinkService) {}

  /**
   * Show the download page of a report
   * @remarks The page behind the link in a mail, for a report that was too large to attach. Opening it creates no
   * file.
   */
  @Get(':token')
  @PublicPage()
  @Refuses('report-link-not-valid')
  showReportPage(
    @Tx() tx: Transaction,
    @Param('token') token: string,
    @AskedLanguage() language: Language | undefined,
  ): Promise<PageAnswer> {
    return this.links.show(tx, token, language);
  }

  /**
   * Download a report by its link
   * @remarks The service creates the file now.
   */
  @Get(':token/file')
  @Public()
  @Refuses('report-link-not-valid', 'control-totals-differ', 'too-many-reports', 'reports-busy')
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  downloadReport(@Param('token') token: string): Promise<StreamableFile> {
    return this.links.download(token);
  }
}
