import { Controller, Query, type StreamableFile } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { Who } from '../../platform/http/access.decorators.js';
import { ReportRoute } from './report-route.js';
import { RecordedReportQuery, ReportQuery } from './report.dto.js';
import { ReportService } from './report.service.js';
import { reports } from './reports.js';

@Controller('v1/reports')
export class ReportController {
  constructor(private readonly reports: ReportService) {}

  @ReportRoute(reports['usage-lines'])
  usageLines(@Who() actor: Actor, @Query() query: RecordedReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports['usage-lines'], query);
  }

  @ReportRoute(reports['usage-summary'])
  usageSummary(@Who() actor: Actor, @Query() query: RecordedReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports['usage-summary'], query);
  }

  @ReportRoute(reports.entitlements)
  entitlements(@Who() actor: Actor, @Query() query: ReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports.entitlements, query);
  }

  @ReportRoute(reports['expired-hours'])
  expiredHours(@Who() actor: Actor, @Query() query: ReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports['expired-hours'], query);
  }

  @ReportRoute(reports.renewals)
  renewals(@Who() actor: Actor, @Query() query: ReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports.renewals, query);
  }

  @ReportRoute(reports.utilisation)
  utilisation(@Who() actor: Actor, @Query() query: RecordedReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports.utilisation, query);
  }

  @ReportRoute(reports['travel-expenses'])
  travelExpenses(@Who() actor: Actor, @Query() query: RecordedReportQuery): Promise<StreamableFile> {
    return this.reports.file(actor, reports['travel-expenses'], query);
  }
}
