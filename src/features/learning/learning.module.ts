import { Module } from '@nestjs/common';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { SeatsController } from './seats.controller.js';
import { SeatRollOver } from './seats.roll-over.js';
import { SeatService } from './seats.service.js';
import { SeatStore } from './seats.store.js';

@Module({
  imports: [SubscriptionsModule],
  controllers: [SeatsController],
  providers: [SeatService, SeatStore, SeatRollOver],
  exports: [SeatService],
})
export class LearningModule {}
