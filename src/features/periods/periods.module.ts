import { Module } from '@nestjs/common';
import { ClosingService } from './closing.service.js';
import { PeriodController } from './period.controller.js';
import { PeriodService } from './period.service.js';
import { PeriodStore } from './period.store.js';

@Module({
  controllers: [PeriodController],
  providers: [PeriodService, ClosingService, PeriodStore],
  exports: [PeriodService],
})
export class PeriodsModule {}
