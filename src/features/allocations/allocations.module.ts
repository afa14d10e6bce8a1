import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { AllocationController } from './allocation.controller.js';
import { AllocationRollOver } from './allocation.roll-over.js';
import { AllocationService } from './allocation.service.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { AllocationStore } from './allocation.store.js';
import { AssignedNames } from './assigned-names.js';

@Module({
  imports: [LedgerModule, CustomersModule, SubscriptionsModule],
  controllers: [AllocationController],
  providers: [AllocationService, AllocationStore, AllocationRollOver, AssignedNames],
  exports: [AllocationService, AssignedNames],
})
export class AllocationsModule {}
