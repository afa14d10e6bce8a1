import { Module } from '@nestjs/common';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { SeatController } from './seat.controller.js';
import { SeatRollOver } from './seat.roll-over.js';
import { SeatService } from './seat.service.js';
import { SeatStore } from './seat.store.js';

@Module({
  imports: [SubscriptionsModule],
  controllers: [SeatController],
  providers: [SeatService, SeatStore, SeatRollOver],
  exports: [SeatService],
})
export class LearningModule {}
