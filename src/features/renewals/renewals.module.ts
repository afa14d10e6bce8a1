import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail.module.js';
import { PackagesModule } from '../packages/packages.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { NoticesController } from './notices.controller.js';
import { NoticeService } from './notices.service.js';
import { NoticeStore } from './notices.store.js';
import { ReminderService } from './reminder.service.js';
import { RenewalLockService } from './renewal-lock.service.js';
import { RenewalMails } from './renewal-mails.js';
import { RenewalStore } from './renewal.store.js';
import { RenewalsController } from './renewals.controller.js';
import { RenewalService } from './renewals.service.js';
import { RollOverMails } from './roll-over-mails.js';

@Module({
  imports: [PackagesModule, SubscriptionsModule, MailModule],
  controllers: [NoticesController, RenewalsController],
  providers: [
    NoticeService,
    NoticeStore,
    ReminderService,
    RenewalLockService,
    RenewalMails,
    RenewalService,
    RenewalStore,
    RollOverMails,
  ],
  exports: [ReminderService, RenewalLockService],
})
export class RenewalsModule {}
