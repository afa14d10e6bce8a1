import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { PeopleModule } from '../people/people.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { ReportLinkController } from './report-link.controller.js';
import { ReportLinkService } from './report-link.service.js';
import { ReportLinks } from './report-link.js';
import { ReportScheduleController } from './report-schedule.controller.js';
import { ReportScheduleService } from './report-schedule.service.js';
import { ReportScheduleStore } from './report-schedule.store.js';
import { ReportController } from './report.controller.js';
import { ReportService } from './report.service.js';
import { ScheduledReportWriter } from './scheduled-report.writer.js';
import { ScheduledReportsService } from './scheduled-reports.service.js';
import { TermStatementController } from './term-statement.controller.js';
import { TermStatementService } from './term-statement.service.js';

@Module({
  imports: [PeriodsModule, CustomersModule, PeopleModule, SubscriptionsModule, MailModule],
  controllers: [ReportController, ReportScheduleController, ReportLinkController, TermStatementController],
  providers: [
    ReportService,
    ReportLinks,
    ReportLinkService,
    ReportScheduleService,
    ReportScheduleStore,
    ScheduledReportsService,
    ScheduledReportWriter,
    TermStatementService,
  ],
  exports: [ScheduledReportsService],
})
export class ReportsModule {}
