import { Module } from '@nestjs/common';
import { AllocationsModule } from '../allocations/allocations.module.js';
import { OnsiteModule } from '../onsite/onsite.module.js';
import { PlanningModule } from '../planning/planning.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { AdjustmentListService } from './adjustment-list.service.js';
import { AdjustmentListStore } from './adjustment-list.store.js';
import { BookingFacts } from './booking-facts.js';
import { BulkBookingService } from './bulk-booking.service.js';
import { BulkWriteStore } from './bulk-write.store.js';
import { BookingQueue } from './booking-queue.js';
import { BookingTransaction } from './booking-transaction.js';
import { BookingStore } from './booking.store.js';
import { HoursByMonth } from './hours-by-month.js';
import { HoursService } from './hours.service.js';
import { ImportLocks } from './import-locks.js';
import { LoggedWork } from './logged-work.js';
import { NamedEntriesReader } from './named-entries.js';
import { TimeEntryController } from './time-entry.controller.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { TimeEntryStore } from './time-entry.store.js';

@Module({
  imports: [
    LedgerModule,
    CustomersModule,
    PeriodsModule,
    SubscriptionsModule,
    AllocationsModule,
    OnsiteModule,
    PlanningModule,
  ],
  controllers: [TimeEntryController],
  providers: [
    AdjustmentListService,
    AdjustmentListStore,
    BookingFacts,
    BulkBookingService,
    BulkWriteStore,
    BookingQueue,
    BookingStore,
    BookingTransaction,
    HoursByMonth,
    HoursService,
    ImportLocks,
    LoggedWork,
    NamedEntriesReader,
    TimeEntryStore,
  ],
  exports: [AdjustmentListService, HoursService, BulkBookingService, ImportLocks],
})
export class HoursModule {}
