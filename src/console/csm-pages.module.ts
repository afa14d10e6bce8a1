import { Module } from '@nestjs/common';
import { AttentionModule } from '../features/attention/attention.module.js';
import { CustomersModule } from '../features/customers/customers.module.js';
import { HoursModule } from '../features/hours/hours.module.js';
import { MailsModule } from '../features/mails/mails.module.js';
import { NoticesModule } from '../features/notices/notices.module.js';
import { OnsiteModule } from '../features/onsite/onsite.module.js';
import { PackagesModule } from '../features/packages/packages.module.js';
import { PeopleModule } from '../features/people/people.module.js';
import { PlanningModule } from '../features/planning/planning.module.js';
import { PortfolioModule } from '../features/portfolio/portfolio.module.js';
import { SubscriptionsModule } from '../features/subscriptions/subscriptions.module.js';
import { TodayModule } from '../features/today/today.module.js';
import { CustomerPageService } from './customers/customer-pages.service.js';
import { CustomersPageController } from './customers/customers.controller.js';
import { NoticesController } from './notices/notices.controller.js';
import { PlannedController } from './planned/planned.controller.js';
import { PlannedPageService } from './planned/planned.service.js';
import { PortfolioController } from './portfolio/portfolio.controller.js';
import { TodayPageController } from './today/today.controller.js';
import { TodayPageService } from './today/today.service.js';

/** The pages with which CSMs begin: today, portfolio, customers, planned sessions, notices. */
@Module({
  imports: [
    PackagesModule,
    PeopleModule,
    CustomersModule,
    SubscriptionsModule,
    OnsiteModule,
    PlanningModule,
    HoursModule,
    NoticesModule,
    MailsModule,
    AttentionModule,
    TodayModule,
    PortfolioModule,
  ],
  controllers: [
    TodayPageController,
    PortfolioController,
    PlannedController,
    NoticesController,
    CustomersPageController,
  ],
  providers: [TodayPageService, PlannedPageService, CustomerPageService],
})
export class CsmPagesModule {}
