import { Module } from '@nestjs/common';
import { AttentionModule } from '../attention/attention.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { PortfolioService } from './portfolio.service.js';
import { PortfolioStore } from './portfolio.store.js';

@Module({
  imports: [LedgerModule, SubscriptionsModule, AttentionModule],
  providers: [PortfolioService, PortfolioStore],
  exports: [PortfolioService],
})
export class PortfolioModule {}
