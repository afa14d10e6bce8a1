import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { PackagesModule } from '../packages/packages.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { NoticeController } from './notice.controller.js';
import { NoticeService } from './notice.service.js';
import { NoticeStore } from './notice.store.js';
import { ReminderService } from './reminder.service.js';
import { RenewalLockService } from './renewal-lock.service.js';
import { RenewalMailWriter } from './renewal-mail.writer.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalStore } from './renewal.store.js';
import { RenewalController } from './renewal.controller.js';
import { RenewalService } from './renewal.service.js';
import { RollOverMails } from './roll-over-mails.js';

@Module({
  imports: [PackagesModule, CustomersModule, SubscriptionsModule, MailModule],
  controllers: [NoticeController, RenewalController],
  providers: [
    NoticeService,
    NoticeStore,
    ReminderService,
    RenewalLockService,
    RenewalMailWriter,
    RenewalMails,
    RenewalService,
    RenewalStore,
    RollOverMails,
  ],
  exports: [ReminderService, RenewalLockService],
})
export class RenewalsModule {}
