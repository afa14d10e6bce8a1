import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { ReportQuery } from './report.dto.js';
import { ReportService } from './report.service.js';
import { usageLines } from './usage-lines.report.js';

@Controller('v1/reports')
export class ReportController {
  constructor(private readonly reports: ReportService) {}

  /** An entry a line, reversals as lines of their own; the last record of a CSV file is a trailer with the totals. */
  @Get('usage-lines')
  @Allow(usageLines.permission, 'own-transaction')
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  usageLines(@Who() actor: Actor, @Query() query: ReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, usageLines, query);
  }
}
