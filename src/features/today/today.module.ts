import { Module } from '@nestjs/common';
import { AttentionModule } from '../attention/attention.module.js';
import { MailsModule } from '../mails/mails.module.js';
import { PeopleModule } from '../people/people.module.js';
import { PlanningModule } from '../planning/planning.module.js';
import { TodayController } from './today.controller.js';
import { TodayService } from './today.service.js';
import { TodayStore } from './today.store.js';

@Module({
  imports: [PeopleModule, PlanningModule, MailsModule, AttentionModule],
  controllers: [TodayController],
  providers: [TodayService, TodayStore],
  exports: [TodayService],
})
export class TodayModule {}
