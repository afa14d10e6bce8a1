import { Controller, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import { Who } from '../../platform/http/access.decorators.js';
import { ReportRoute } from './report-route.js';
import { RecordedReportQuery, ReportQuery } from './report.dto.js';
import { ReportService } from './report.service.js';
import { reports } from './reports.js';

@ApiTags('Reports')
@Controller('v1/reports')
export class ReportController {
  constructor(private readonly reports: ReportService) {}

  @ReportRoute(reports['usage-lines'])
  exportUsageLines(@Who() actor: Actor, @Query() query: RecordedReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports['usage-lines'], query);
  }

  @ReportRoute(reports['usage-summary'])
  exportUsageSummary(@Who() actor: Actor, @Query() query: RecordedReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports['usage-summary'], query);
  }

  @ReportRoute(reports.entitlements)
  exportEntitlements(@Who() actor: Actor, @Query() query: ReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports.entitlements, query);
  }

  @ReportRoute(reports['expired-hours'])
  exportExpiredHours(@Who() actor: Actor, @Query() query: ReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports['expired-hours'], query);
  }

  @ReportRoute(reports.renewals)
  exportRenewals(@Who() actor: Actor, @Query() query: ReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports.renewals, query);
  }

  @ReportRoute(reports.utilisation)
  exportUtilisation(@Who() actor: Actor, @Query() query: RecordedReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports.utilisation, query);
  }

  @ReportRoute(reports['travel-expenses'])
  exportTravelExpenses(@Who() actor: Actor, @Query() query: RecordedReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports['travel-expenses'], query);
  }
}
