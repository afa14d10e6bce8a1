import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { AttentionModule } from '../attention/attention.module.js';
import { PeriodsModule } from '../periods/periods.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { NudgeMailWriter } from './nudge-mail.writer.js';
import { NudgeService } from './nudge.service.js';
import { NudgeStore } from './nudge.store.js';

@Module({
  imports: [AttentionModule, PeriodsModule, SubscriptionsModule, MailModule],
  providers: [NudgeMailWriter, NudgeService, NudgeStore],
  exports: [NudgeService],
})
export class NudgesModule {}
