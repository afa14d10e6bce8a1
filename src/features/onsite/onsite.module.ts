import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { ExpenseController } from './expense.controller.js';
import { ExpenseService } from './expense.service.js';
import { ExpenseStore } from './expense.store.js';
import { ExpensesByMonth } from './expenses-by-month.js';
import { VisitController } from './visit.controller.js';
import { VisitEntrySources } from './visit-entries.js';
import { VisitService } from './visit.service.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { VisitStore } from './visit.store.js';

@Module({
  imports: [LedgerModule, CustomersModule, PeriodsModule, SubscriptionsModule],
  controllers: [VisitController, ExpenseController],
  providers: [VisitService, VisitStore, ExpenseService, ExpenseStore, ExpensesByMonth, VisitEntrySources],
  exports: [ExpenseService, VisitService, VisitEntrySources],
})
export class OnsiteModule {}
