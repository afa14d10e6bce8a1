import { Module } from '@nestjs/common';
import { BalancesModule } from '../balances/balances.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { TermStatementController } from './term-statement.controller.js';
import { TermStatementService } from './term-statement.service.js';

@Module({
  imports: [CustomersModule, SubscriptionsModule, BalancesModule],
  controllers: [TermStatementController],
  providers: [TermStatementService],
  exports: [TermStatementService],
})
export class StatementsModule {}
