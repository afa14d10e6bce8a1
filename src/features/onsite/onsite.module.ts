import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { VisitsController } from './visits.controller.js';
import { VisitService } from './visits.service.js';
import { VisitStore } from './visits.store.js';

@Module({
  imports: [CustomersModule, SubscriptionsModule],
  controllers: [VisitsController],
  providers: [VisitService, VisitStore],
  exports: [VisitService],
})
export class OnsiteModule {}
