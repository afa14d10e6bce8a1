import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { AllocationsController } from './allocations.controller.js';
import { AllocationRollOver } from './allocations.roll-over.js';
import { AllocationService } from './allocations.service.js';
import { AllocationStore } from './allocations.store.js';

@Module({
  imports: [CustomersModule, SubscriptionsModule],
  controllers: [AllocationsController],
  providers: [AllocationService, AllocationStore, AllocationRollOver],
  exports: [AllocationService],
})
export class AllocationsModule {}
