import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { HoursModule } from '../hours/hours.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { FindService } from './find.service.js';

@Module({
  imports: [CustomersModule, SubscriptionsModule, HoursModule],
  providers: [FindService],
  exports: [FindService],
})
export class FindModule {}
