import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { BalancesModule } from '../balances/balances.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { OutlookModule } from '../outlook/outlook.module.js';
import { PackagesModule } from '../packages/packages.module.js';
import { PeopleModule } from '../people/people.module.js';
import { DueWorkModule } from '../due-work/due-work.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { ComingMailsService } from './coming-mails.service.js';
import { ContactFailures } from './contact-failures.js';
import { ForecastController } from './forecast.controller.js';
import { ForecastService } from './forecast.service.js';
import { ForecastStore } from './forecast.store.js';
import { NoticeMails } from './notice-mails.js';
import { ReminderService } from './reminder.service.js';
import { RenewalChangeMails } from './renewal-change-mails.js';
import { RenewalLockService } from './renewal-lock.service.js';
import { RenewalMailWriter } from './letters/renewal-mail.writer.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalBoardStore } from './renewal-board.store.js';
import { RenewalStore } from './renewal.store.js';
import { RenewalController } from './renewal.controller.js';
import { RenewalService } from './renewal.service.js';
import { RollOverMails } from './roll-over-mails.js';
import { UndeliveredReminders } from './undelivered-reminders.js';
import { YearAheadService } from './year-ahead.service.js';
import { YearAheadStore } from './year-ahead.store.js';

@Module({
  imports: [
    PackagesModule,
    PeopleModule,
    CustomersModule,
    LedgerModule,
    DueWorkModule,
    SubscriptionsModule,
    BalancesModule,
    OutlookModule,
    NoticesModule,
    MailModule,
  ],
  controllers: [RenewalController, ForecastController],
  providers: [
    ComingMailsService,
    ContactFailures,
    ForecastService,
    ForecastStore,
    NoticeMails,
    ReminderService,
    RenewalBoardStore,
    RenewalChangeMails,
    RenewalLockService,
    RenewalMailWriter,
    RenewalMails,
    RenewalService,
    RenewalStore,
    RollOverMails,
    UndeliveredReminders,
    YearAheadService,
    YearAheadStore,
  ],
  exports: [ComingMailsService, ReminderService, RenewalLockService, RenewalService, YearAheadService],
})
export class RenewalsModule {}
