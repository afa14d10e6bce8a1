import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { PackagesModule } from '../packages/packages.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { PlanningModule } from '../planning/planning.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { AttentionController } from './attention.controller.js';
import { AttentionService } from './attention.service.js';
import { AttentionStore } from './attention.store.js';
import { SubscriptionAttentions } from './subscription-attentions.js';

@Module({
  imports: [PackagesModule, PeriodsModule, LedgerModule, SubscriptionsModule, PlanningModule],
  controllers: [AttentionController],
  providers: [AttentionService, AttentionStore, SubscriptionAttentions],
  exports: [AttentionService],
})
export class AttentionModule {}
