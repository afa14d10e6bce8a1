import { Module } from '@nestjs/common';
import { AllocationsModule } from '../../features/allocations/allocations.module.js';
import { AttentionModule } from '../../features/attention/attention.module.js';
import { BalancesModule } from '../../features/balances/balances.module.js';
import { CustomersModule } from '../../features/customers/customers.module.js';
import { EvidenceModule } from '../../features/evidence/evidence.module.js';
import { HoursModule } from '../../features/hours/hours.module.js';
import { LearningModule } from '../../features/learning/learning.module.js';
import { LedgerModule } from '../../features/ledger/ledger.module.js';
import { NoticesModule } from '../../features/notices/notices.module.js';
import { OnsiteModule } from '../../features/onsite/onsite.module.js';
import { OutlookModule } from '../../features/outlook/outlook.module.js';
import { PackagesModule } from '../../features/packages/packages.module.js';
import { PeopleModule } from '../../features/people/people.module.js';
import { PlanningModule } from '../../features/planning/planning.module.js';
import { RenewalsModule } from '../../features/renewals/renewals.module.js';
import { StatementsModule } from '../../features/statements/statements.module.js';
import { SubscriptionsModule } from '../../features/subscriptions/subscriptions.module.js';
import { TopUpsModule } from '../../features/top-ups/top-ups.module.js';
import { WhatIfModule } from '../../features/what-if/what-if.module.js';
import { AllocationsController } from './allocations.controller.js';
import { AllocationsPageService } from './allocations.service.js';
import { EntriesController } from './entries.controller.js';
import { EntriesService } from './entries.service.js';
import { LedgerPageController } from './ledger.controller.js';
import { LinesController } from './lines.controller.js';
import { OverviewController } from './overview.controller.js';
import { OverviewService } from './overview.service.js';
import { SubscriptionRenewalController } from './renewal.controller.js';
import { RenewalPageService } from './renewal.service.js';
import { SeatsController } from './seats.controller.js';
import { SettingsController } from './settings.controller.js';
import { SubscriptionHeads } from './subscription.head.js';
import { TermsController } from './terms.controller.js';
import { TopUpsController } from './top-ups.controller.js';
import { VisitsController } from './visits.controller.js';
import { WhatIfPageController } from './what-if.controller.js';

/** The pages of one subscription, a controller for each section. */
@Module({
  imports: [
    PackagesModule,
    PeopleModule,
    CustomersModule,
    LedgerModule,
    SubscriptionsModule,
    TopUpsModule,
    AllocationsModule,
    OnsiteModule,
    LearningModule,
    PlanningModule,
    HoursModule,
    BalancesModule,
    OutlookModule,
    NoticesModule,
    RenewalsModule,
    EvidenceModule,
    StatementsModule,
    AttentionModule,
    WhatIfModule,
  ],
  controllers: [
    OverviewController,
    EntriesController,
    SubscriptionRenewalController,
    AllocationsController,
    LedgerPageController,
    VisitsController,
    SeatsController,
    TermsController,
    LinesController,
    WhatIfPageController,
    TopUpsController,
    SettingsController,
  ],
  providers: [AllocationsPageService, EntriesService, OverviewService, RenewalPageService, SubscriptionHeads],
})
export class SubscriptionPagesModule {}
