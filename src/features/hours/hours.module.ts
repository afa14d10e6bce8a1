import { Module } from '@nestjs/common';
import { AllocationsModule } from '../allocations/allocations.module.js';
import { OnsiteModule } from '../onsite/onsite.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { AssignedNames } from './assigned-names.js';
import { Bookkeeping } from './bookkeeping.js';
import { BulkWriteStore } from './bulk-write.store.js';
import { Desk } from './desk.js';
import { DeskStore } from './desk.store.js';
import { HoursByMonth } from './hours-by-month.js';
import { HoursService } from './hours.service.js';
import { ImportDesk } from './import-desk.js';
import { ImportHolds } from './import-holds.js';
import { ImportRecords } from './import-records.js';
import { ImportStore } from './import.store.js';
import { TimeEntryController } from './time-entry.controller.js';
import { TimeEntryStore } from './time-entry.store.js';

@Module({
  imports: [CustomersModule, PeriodsModule, SubscriptionsModule, AllocationsModule, OnsiteModule],
  controllers: [TimeEntryController],
  providers: [
    AssignedNames,
    Bookkeeping,
    BulkWriteStore,
    Desk,
    DeskStore,
    HoursByMonth,
    HoursService,
    ImportDesk,
    ImportHolds,
    ImportRecords,
    ImportStore,
    TimeEntryStore,
  ],
  exports: [HoursService, ImportDesk, ImportRecords],
})
export class HoursModule {}
