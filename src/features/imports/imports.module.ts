import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { HoursModule } from '../hours/hours.module.js';
import { OnsiteModule } from '../onsite/onsite.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { LookupRows } from './files/import-directory.js';
import { ImportRecordsController } from './import-records.controller.js';
import { ImportBooking } from './import-booking.js';
import { ImportRecords } from './import-records.js';
import { ImportStore } from './import.store.js';
import { ImportController } from './import.controller.js';
import { ImportService } from './import.service.js';

@Module({
  imports: [CustomersModule, SubscriptionsModule, OnsiteModule, HoursModule],
  controllers: [ImportController, ImportRecordsController],
  providers: [ImportService, ImportBooking, ImportRecords, ImportStore, LookupRows],
  exports: [ImportService, ImportRecords],
})
export class ImportsModule {}
