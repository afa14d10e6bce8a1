import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { DueWorkModule } from '../due-work/due-work.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { PackagesModule } from '../packages/packages.module.js';
import { PeopleModule } from '../people/people.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { ConsoleLinks } from './console-links.service.js';
import { ContractService } from './contract.service.js';
import { ContractStore } from './contract.store.js';
import { CsmPortfolio } from './csm-portfolio.js';
import { EnrolmentService } from './enrolment.service.js';
import { EnrolmentStore } from './enrolment.store.js';
import { HandOverController } from './hand-over.controller.js';
import { HandOverMailWriter } from './hand-over-mail.writer.js';
import { HandOverService } from './hand-over.service.js';
import { HandOverStore } from './hand-over.store.js';
import { LastWorkDays } from './last-work-day.js';
import { PurchaseOrderController } from './purchase-order.controller.js';
import { PurchaseOrderService } from './purchase-order.service.js';
import { RenewalChanges } from './renewal-changes.js';
import { RenewalChangeSteps } from './renewal-change.js';
import { RenewalStateService } from './renewal-state.service.js';
import { RollOverSteps } from './roll-over-steps.js';
import { RollOverService } from './roll-over.service.js';
import { RollOverStore } from './roll-over.store.js';
import { SubscriptionAnswers } from './subscription-answers.service.js';
import { SubscriptionController } from './subscription.controller.js';
import { SubscriptionService } from './subscription.service.js';
import { SubscriptionStore } from './subscription.store.js';
import { TermController } from './term.controller.js';
import { TermPlanService } from './term-plan.service.js';
import { TermPlanStore } from './term-plan.store.js';
import { TermService } from './term.service.js';
import { TermStore } from './term.store.js';
import { TermsByMonth } from './terms-by-month.js';
import { TimeZoneService } from './time-zone.service.js';
import { UpgradeService } from './upgrade.service.js';
import { ZoneRulesService } from './zone-rules.service.js';

@Module({
  imports: [PackagesModule, PeopleModule, CustomersModule, PeriodsModule, LedgerModule, DueWorkModule, MailModule],
  controllers: [SubscriptionController, PurchaseOrderController, TermController, HandOverController],
  providers: [
    ConsoleLinks,
    ContractService,
    ContractStore,
    CsmPortfolio,
    EnrolmentService,
    EnrolmentStore,
    HandOverMailWriter,
    HandOverService,
    HandOverStore,
    LastWorkDays,
    PurchaseOrderService,
    RenewalChanges,
    RenewalChangeSteps,
    RenewalStateService,
    RollOverService,
    RollOverSteps,
    RollOverStore,
    SubscriptionAnswers,
    SubscriptionService,
    SubscriptionStore,
    TermPlanService,
    TermPlanStore,
    TermService,
    TermStore,
    TermsByMonth,
    TimeZoneService,
    UpgradeService,
    ZoneRulesService,
  ],
  exports: [
    ConsoleLinks,
    ContractService,
    EnrolmentService,
    HandOverService,
    LastWorkDays,
    PurchaseOrderService,
    RenewalChanges,
    RenewalChangeSteps,
    RenewalStateService,
    RollOverService,
    RollOverSteps,
    SubscriptionService,
    TermPlanService,
    TimeZoneService,
    UpgradeService,
    ZoneRulesService,
  ],
})
export class SubscriptionsModule {}
