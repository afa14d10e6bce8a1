import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { PeopleModule } from '../people/people.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { ReportsModule } from '../reports/reports.module.js';
import { ReportDeliveryService } from './report-delivery.service.js';
import { ReportLinkController } from './report-link.controller.js';
import { ReportLinkService } from './report-link.service.js';
import { ReportLinks } from './report-link.js';
import { ReportRecipients } from './report-recipients.js';
import { ReportScheduleController } from './report-schedule.controller.js';
import { ReportScheduleService } from './report-schedule.service.js';
import { ReportScheduleStore } from './report-schedule.store.js';
import { ScheduledReportWriter } from './scheduled-report.writer.js';
import { ScheduledReportsService } from './scheduled-reports.service.js';

@Module({
  imports: [PeopleModule, CustomersModule, PeriodsModule, ReportsModule, MailModule],
  controllers: [ReportScheduleController, ReportLinkController],
  providers: [
    ReportDeliveryService,
    ReportLinks,
    ReportLinkService,
    ReportRecipients,
    ReportScheduleService,
    ReportScheduleStore,
    ScheduledReportsService,
    ScheduledReportWriter,
  ],
  exports: [ReportDeliveryService, ReportScheduleService, ScheduledReportsService],
})
export class SchedulesModule {}
