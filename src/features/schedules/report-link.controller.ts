import { Controller, Get, Param, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Transaction } from '../../platform/database.js';
import { Public } from '../../platform/http/access.decorators.js';
import type { Language } from '../../platform/http/language.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { PageAnswer } from '../../platform/pages/page.js';
import { AskedLanguage, PublicPage } from '../../platform/pages/page.decorators.js';
import { ReportLinkService } from './report-link.service.js';

/** The page behind the link to a report that was too large for a mail. */
@Controller('reports')
export class ReportLinkController {
  constructor(private readonly links: ReportLinkService) {}

  /** Says what the report is, and makes nothing yet; `?lang=` chooses `en` or `ja`. */
  @Get(':token')
  @PublicPage()
  show(
    @Tx() tx: Transaction,
    @Param('token') token: string,
    @AskedLanguage() language: Language | undefined,
  ): Promise<PageAnswer> {
    return this.links.show(tx, token, language);
  }

  /** The file, made now. */
  @Get(':token/file')
  @Public()
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  download(@Param('token') token: string): Promise<StreamableFile> {
    return this.links.download(token);
  }
}
