import { Module } from '@nestjs/common';
import { AllocationsModule } from '../allocations/allocations.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { FulfilmentService } from './fulfilment.service.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { PlannedSessionController } from './planned-session.controller.js';
import { PlannedSessionStore } from './planned-session.store.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { ProposalService } from './proposal.service.js';
import { PlanningService } from './planning.service.js';
import { SessionsByMonth } from './sessions-by-month.js';

@Module({
  imports: [LedgerModule, CustomersModule, PeriodsModule, SubscriptionsModule, AllocationsModule],
  controllers: [PlannedSessionController],
  providers: [PlannedSessionStore, PlanningService, FulfilmentService, ProposalService, SessionsByMonth],
  exports: [PlanningService, FulfilmentService, ProposalService],
})
export class PlanningModule {}
