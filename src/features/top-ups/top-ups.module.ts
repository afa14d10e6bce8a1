import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { TopUpController } from './top-up.controller.js';
import { TopUpService } from './top-up.service.js';
import { TopUpSteps } from './top-up-steps.js';
import { TopUpStore } from './top-up.store.js';

@Module({
  imports: [LedgerModule, SubscriptionsModule],
  controllers: [TopUpController],
  providers: [TopUpService, TopUpStore, TopUpSteps],
  exports: [TopUpService, TopUpSteps],
})
export class TopUpsModule {}
