import { Module } from '@nestjs/common';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { OutlookController } from './outlook.controller.js';
import { OutlookService } from './outlook.service.js';
import { OutlookStore } from './outlook.store.js';

@Module({
  imports: [SubscriptionsModule],
  controllers: [OutlookController],
  providers: [OutlookService, OutlookStore],
  exports: [OutlookService],
})
export class OutlookModule {}
