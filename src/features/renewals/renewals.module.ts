import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { PackagesModule } from '../packages/packages.module.js';
import { PeopleModule } from '../people/people.module.js';
import { DueWorkModule } from '../due-work/due-work.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { HoursModule } from '../hours/hours.module.js';
import { OnsiteModule } from '../onsite/onsite.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { ContactFailures } from './contact-failures.js';
import { AnnulmentController } from './annulment.controller.js';
import { AnnulmentService } from './annulment.service.js';
import { DeclineController } from './decline.controller.js';
import { DeclineLinks } from './decline-link.js';
import { DeclineService } from './decline.service.js';
import { ForecastController } from './forecast.controller.js';
import { ForecastService } from './forecast.service.js';
import { ForecastStore } from './forecast.store.js';
import { NoticeController } from './notice.controller.js';
import { NoticeService } from './notice.service.js';
import { NoticeStore } from './notice.store.js';
import { ReminderService } from './reminder.service.js';
import { RenewalChangeMails } from './renewal-change-mails.js';
import { RenewalLockService } from './renewal-lock.service.js';
import { RenewalMailWriter } from './letters/renewal-mail.writer.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalStore } from './renewal.store.js';
import { RenewalController } from './renewal.controller.js';
import { RenewalService } from './renewal.service.js';
import { RollOverMails } from './roll-over-mails.js';
import { UndeliveredReminders } from './undelivered-reminders.js';

@Module({
  imports: [
    PackagesModule,
    PeopleModule,
    CustomersModule,
    PeriodsModule,
    LedgerModule,
    DueWorkModule,
    SubscriptionsModule,
    OnsiteModule,
    HoursModule,
    MailModule,
  ],
  controllers: [AnnulmentController, DeclineController, NoticeController, RenewalController, ForecastController],
  providers: [
    ContactFailures,
    AnnulmentService,
    DeclineLinks,
    DeclineService,
    ForecastService,
    ForecastStore,
    NoticeService,
    NoticeStore,
    ReminderService,
    RenewalChangeMails,
    RenewalLockService,
    RenewalMailWriter,
    RenewalMails,
    RenewalService,
    RenewalStore,
    RollOverMails,
    UndeliveredReminders,
  ],
  exports: [ReminderService, RenewalLockService, NoticeService],
})
export class RenewalsModule {}
