import { Module } from '@nestjs/common';
import { AllocationsModule } from '../allocations/allocations.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { HoursModule } from '../hours/hours.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { OnsiteModule } from '../onsite/onsite.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { WeekBookingService } from './week-booking.service.js';
import { WeekService } from './week.service.js';
import { WeekStore } from './week.store.js';

/** The hours of a portfolio as a sheet of one week. It has no table. */
@Module({
  imports: [
    CustomersModule,
    PeriodsModule,
    LedgerModule,
    SubscriptionsModule,
    AllocationsModule,
    OnsiteModule,
    HoursModule,
  ],
  providers: [WeekService, WeekBookingService, WeekStore],
  exports: [WeekService, WeekBookingService],
})
export class WeekModule {}
