import { Module } from '@nestjs/common';
import { AllocationsModule } from '../features/allocations/allocations.module.js';
import { CustomersModule } from '../features/customers/customers.module.js';
import { HoursModule } from '../features/hours/hours.module.js';
import { ImportsModule } from '../features/imports/imports.module.js';
import { OnsiteModule } from '../features/onsite/onsite.module.js';
import { PeopleModule } from '../features/people/people.module.js';
import { PeriodsModule } from '../features/periods/periods.module.js';
import { RenewalsModule } from '../features/renewals/renewals.module.js';
import { ReportsModule } from '../features/reports/reports.module.js';
import { SchedulesModule } from '../features/schedules/schedules.module.js';
import { SubscriptionsModule } from '../features/subscriptions/subscriptions.module.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsService } from './imports/imports.service.js';
import { MonthsController } from './months/months.controller.js';
import { MonthsService } from './months/months.service.js';
import { ReportsController } from './reports/reports.controller.js';
import { ReportsService } from './reports/reports.service.js';
import { SchedulesController } from './reports/schedules.controller.js';
import { SchedulesService } from './reports/schedules.service.js';
import { YearAheadController } from './year-ahead/year-ahead.controller.js';

/** The pages that finance works with: months, reports, the year ahead and imports. */
@Module({
  imports: [
    AllocationsModule,
    CustomersModule,
    HoursModule,
    ImportsModule,
    OnsiteModule,
    PeopleModule,
    PeriodsModule,
    RenewalsModule,
    ReportsModule,
    SchedulesModule,
    SubscriptionsModule,
  ],
  controllers: [ImportsController, MonthsController, ReportsController, SchedulesController, YearAheadController],
  providers: [ImportsService, MonthsService, ReportsService, SchedulesService],
})
export class FinancePagesModule {}
