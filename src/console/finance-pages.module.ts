import { Module } from '@nestjs/common';
import { AllocationsModule } from '../features/allocations/allocations.module.js';
import { CustomersModule } from '../features/customers/customers.module.js';
import { HoursModule } from '../features/hours/hours.module.js';
import { OnsiteModule } from '../features/onsite/onsite.module.js';
import { PeopleModule } from '../features/people/people.module.js';
import { PeriodsModule } from '../features/periods/periods.module.js';
import { RenewalsModule } from '../features/renewals/renewals.module.js';
import { SubscriptionsModule } from '../features/subscriptions/subscriptions.module.js';
import { MonthsController } from './months/months.controller.js';
import { MonthsService } from './months/months.service.js';
import { YearAheadController } from './year-ahead/year-ahead.controller.js';

/** The pages that finance works with: months, reports, the year ahead and imports. */
@Module({
  imports: [
    AllocationsModule,
    CustomersModule,
    HoursModule,
    OnsiteModule,
    PeopleModule,
    PeriodsModule,
    RenewalsModule,
    SubscriptionsModule,
  ],
  controllers: [MonthsController, YearAheadController],
  providers: [MonthsService],
})
export class FinancePagesModule {}
