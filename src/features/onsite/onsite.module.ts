import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { VisitController } from './visit.controller.js';
import { VisitService } from './visit.service.js';
import { VisitStore } from './visit.store.js';

@Module({
  imports: [CustomersModule, SubscriptionsModule],
  controllers: [VisitController],
  providers: [VisitService, VisitStore],
  exports: [VisitService],
})
export class OnsiteModule {}
