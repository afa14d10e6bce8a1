import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { HoursModule } from '../hours/hours.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { OnsiteModule } from '../onsite/onsite.module.js';
import { PackagesModule } from '../packages/packages.module.js';
import { PeopleModule } from '../people/people.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { PlanningModule } from '../planning/planning.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { AnnulmentController } from './annulment.controller.js';
import { AnnulmentService } from './annulment.service.js';
import { DeclineController } from './decline.controller.js';
import { DeclineLinks } from './decline-link.js';
import { DeclineService } from './decline.service.js';
import { NoticeSteps } from './notice-change.js';
import { NoticeController } from './notice.controller.js';
import { NoticeService } from './notice.service.js';
import { NoticeStore } from './notice.store.js';

@Module({
  imports: [
    PackagesModule,
    PeopleModule,
    CustomersModule,
    PeriodsModule,
    LedgerModule,
    SubscriptionsModule,
    OnsiteModule,
    PlanningModule,
    HoursModule,
    MailModule,
  ],
  controllers: [NoticeController, DeclineController, AnnulmentController],
  providers: [AnnulmentService, DeclineLinks, DeclineService, NoticeService, NoticeSteps, NoticeStore],
  exports: [AnnulmentService, DeclineLinks, DeclineService, NoticeService, NoticeSteps],
})
export class NoticesModule {}
