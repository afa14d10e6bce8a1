import { Module } from '@nestjs/common';
import { BalancesModule } from '../../features/balances/balances.module.js';
import { CustomersModule } from '../../features/customers/customers.module.js';
import { HoursModule } from '../../features/hours/hours.module.js';
import { LearningModule } from '../../features/learning/learning.module.js';
import { MailsModule } from '../../features/mails/mails.module.js';
import { NoticesModule } from '../../features/notices/notices.module.js';
import { PackagesModule } from '../../features/packages/packages.module.js';
import { PlanningModule } from '../../features/planning/planning.module.js';
import { ReportsModule } from '../../features/reports/reports.module.js';
import { StatementsModule } from '../../features/statements/statements.module.js';
import { SubscriptionsModule } from '../../features/subscriptions/subscriptions.module.js';
import { OwnController } from './own.controller.js';
import { OwnFormsController } from './own-forms.controller.js';
import { OwnService } from './own.service.js';

/** The pages for customers. */
@Module({
  imports: [
    PackagesModule,
    CustomersModule,
    SubscriptionsModule,
    LearningModule,
    PlanningModule,
    HoursModule,
    BalancesModule,
    NoticesModule,
    ReportsModule,
    StatementsModule,
    MailsModule,
  ],
  controllers: [OwnController, OwnFormsController],
  providers: [OwnService],
})
export class OwnPagesModule {}
