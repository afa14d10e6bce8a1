import { Module } from '@nestjs/common';
import { MailsModule } from '../../features/mails/mails.module.js';
import { OutlookModule } from '../../features/outlook/outlook.module.js';
import { PackagesModule } from '../../features/packages/packages.module.js';
import { RenewalsModule } from '../../features/renewals/renewals.module.js';
import { SubscriptionsModule } from '../../features/subscriptions/subscriptions.module.js';
import { RenewalsController } from './renewals.controller.js';
import { RenewalPagesService } from './renewals.service.js';

/** The page of renewals for staff. */
@Module({
  imports: [PackagesModule, SubscriptionsModule, OutlookModule, RenewalsModule, MailsModule],
  controllers: [RenewalsController],
  providers: [RenewalPagesService],
})
export class RenewalPagesModule {}
