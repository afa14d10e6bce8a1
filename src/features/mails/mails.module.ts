import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { RenewalsModule } from '../renewals/renewals.module.js';
import { SchedulesModule } from '../schedules/schedules.module.js';
import { MailListController } from './mail-list.controller.js';
import { MailListService } from './mail-list.service.js';
import { MailListStore } from './mail-list.store.js';
import { MailMornings } from './mail-mornings.service.js';

@Module({
  imports: [MailModule, RenewalsModule, SchedulesModule],
  controllers: [MailListController],
  providers: [MailListService, MailListStore, MailMornings],
  exports: [MailListService, MailMornings],
})
export class MailsModule {}
