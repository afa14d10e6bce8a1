import { Module } from '@nestjs/common';
import { AllocationsModule } from '../allocations/allocations.module.js';
import { HoursModule } from '../hours/hours.module.js';
import { LearningModule } from '../learning/learning.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { OnsiteModule } from '../onsite/onsite.module.js';
import { PlanningModule } from '../planning/planning.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { TopUpsModule } from '../top-ups/top-ups.module.js';
import { BalanceController } from './balance.controller.js';
import { BalanceService } from './balance.service.js';
import { BurnDownService } from './burn-down.service.js';
import { LedgerListService } from './ledger-list.service.js';
import { LedgerController } from './ledger.controller.js';
import { VerificationService } from './verification.service.js';
import { VerificationStore } from './verification.store.js';

@Module({
  imports: [
    LedgerModule,
    SubscriptionsModule,
    TopUpsModule,
    AllocationsModule,
    OnsiteModule,
    LearningModule,
    PlanningModule,
    HoursModule,
  ],
  controllers: [BalanceController, LedgerController],
  providers: [BalanceService, BurnDownService, LedgerListService, VerificationService, VerificationStore],
  exports: [BalanceService, BurnDownService, LedgerListService, VerificationService],
})
export class BalancesModule {}
