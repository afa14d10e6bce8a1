import { Module } from '@nestjs/common';
import { LedgerService } from './ledger.service.js';
import { LedgerStore } from './ledger.store.js';
import { SubscriptionLockStore } from './subscription-lock.store.js';
import { TermBalanceService } from './term-balance.service.js';
import { TermBalanceStore } from './term-balance.store.js';

@Module({
  providers: [LedgerService, LedgerStore, SubscriptionLockStore, TermBalanceService, TermBalanceStore],
  exports: [LedgerService, SubscriptionLockStore, TermBalanceService],
})
export class LedgerModule {}
