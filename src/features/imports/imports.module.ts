import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { HoursModule } from '../hours/hours.module.js';
import { OnsiteModule } from '../onsite/onsite.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { LookupRows } from './import-directory.js';
import { ImportRecordsController } from './import-records.controller.js';
import { ImportController } from './import.controller.js';
import { ImportService } from './import.service.js';

@Module({
  imports: [CustomersModule, SubscriptionsModule, OnsiteModule, HoursModule],
  controllers: [ImportController, ImportRecordsController],
  providers: [ImportService, LookupRows],
})
export class ImportsModule {}
