import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { AllocationsModule } from './features/allocations/allocations.module.js';
import { AttentionModule } from './features/attention/attention.module.js';
import { BalancesModule } from './features/balances/balances.module.js';
import { CustomersModule } from './features/customers/customers.module.js';
import { DueWorkModule } from './features/due-work/due-work.module.js';
import { EvidenceModule } from './features/evidence/evidence.module.js';
import { HoursModule } from './features/hours/hours.module.js';
import { ImportsModule } from './features/imports/imports.module.js';
import { LearningModule } from './features/learning/learning.module.js';
import { LedgerModule } from './features/ledger/ledger.module.js';
import { MailsModule } from './features/mails/mails.module.js';
import { OnsiteModule } from './features/onsite/onsite.module.js';
import { OutlookModule } from './features/outlook/outlook.module.js';
import { PlanningModule } from './features/planning/planning.module.js';
import { PackagesModule } from './features/packages/packages.module.js';
import { PortfolioModule } from './features/portfolio/portfolio.module.js';
import { PeopleModule } from './features/people/people.module.js';
import { PeriodsModule } from './features/periods/periods.module.js';
import { NudgesModule } from './features/nudges/nudges.module.js';
import { NoticesModule } from './features/notices/notices.module.js';
import { RenewalsModule } from './features/renewals/renewals.module.js';
import { QuickEntryModule } from './features/quick-entry/quick-entry.module.js';
import { ReportsModule } from './features/reports/reports.module.js';
import { SchedulesModule } from './features/schedules/schedules.module.js';
import { SignInModule } from './features/sign-in/sign-in.module.js';
import { StatementsModule } from './features/statements/statements.module.js';
import { SubscriptionsModule } from './features/subscriptions/subscriptions.module.js';
import { TopUpsModule } from './features/top-ups/top-ups.module.js';
import { UsageModule } from './features/usage/usage.module.js';
import { WhatIfModule } from './features/what-if/what-if.module.js';
import { TodayModule } from './features/today/today.module.js';
import { ConsoleModule } from './console/console.module.js';
import { FindModule } from './features/find/find.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { PlatformModule, type Foundation } from './platform/platform.module.js';

/** The rooms of the service, each using only those above it. */
const rooms: Type[] = [
  PackagesModule,
  PeopleModule,
  SignInModule,
  CustomersModule,
  PeriodsModule,
  LedgerModule,
  DueWorkModule,
  SubscriptionsModule,
  TopUpsModule,
  AllocationsModule,
  OnsiteModule,
  LearningModule,
  PlanningModule,
  HoursModule,
  BalancesModule,
  OutlookModule,
  ImportsModule,
  NoticesModule,
  RenewalsModule,
  EvidenceModule,
  UsageModule,
  ReportsModule,
  StatementsModule,
  SchedulesModule,
  MailsModule,
  AttentionModule,
  NudgesModule,
  WhatIfModule,
  TodayModule,
  PortfolioModule,
  QuickEntryModule,
  FindModule,
  JobsModule,
  ConsoleModule,
];

@Module({})
export class AppModule {
  static on(foundation: Foundation): DynamicModule {
    return { module: AppModule, imports: [PlatformModule.on(foundation), ...rooms] };
  }
}
