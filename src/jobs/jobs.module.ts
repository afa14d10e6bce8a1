import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AttentionModule } from '../features/attention/attention.module.js';
import { BalancesModule } from '../features/balances/balances.module.js';
import { MailsModule } from '../features/mails/mails.module.js';
import { NudgesModule } from '../features/nudges/nudges.module.js';
import { RenewalsModule } from '../features/renewals/renewals.module.js';
import { SchedulesModule } from '../features/schedules/schedules.module.js';
import { SignInModule } from '../features/sign-in/sign-in.module.js';
import { SubscriptionsModule } from '../features/subscriptions/subscriptions.module.js';
import { UsageModule } from '../features/usage/usage.module.js';
import { MailModule } from '../platform/mail/mail.module.js';
import { ClockController } from './clock.controller.js';
import { Housekeeping } from './housekeeping.js';
import { JobController } from './job.controller.js';
import { JobService } from './job.service.js';
import { JobStore } from './job.store.js';
import { JobRunner } from './runner.js';
import { Schedule } from './schedule.js';
import { Ticker } from './ticker.js';
import { DueWorkModule } from '../features/due-work/due-work.module.js';
import { TimeTravel } from './time-travel.js';

@Module({
  imports: [
    DueWorkModule,
    ScheduleModule.forRoot(),
    MailModule,
    BalancesModule,
    SubscriptionsModule,
    RenewalsModule,
    UsageModule,
    SchedulesModule,
    MailsModule,
    AttentionModule,
    SignInModule,
    NudgesModule,
  ],
  controllers: [JobController, ClockController],
  providers: [JobStore, Housekeeping, Schedule, JobRunner, Ticker, TimeTravel, JobService],
  exports: [JobService, TimeTravel],
})
export class JobsModule {}
