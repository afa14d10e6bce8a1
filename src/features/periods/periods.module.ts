import { Module } from '@nestjs/common';
import { ClosingService } from './closing.service.js';
import { MonthSources } from './month-totals.js';
import { PeriodController } from './period.controller.js';
import { PeriodService } from './period.service.js';
import { PeriodStore } from './period.store.js';

@Module({
  controllers: [PeriodController],
  providers: [MonthSources, PeriodService, ClosingService, PeriodStore],
  exports: [MonthSources, PeriodService],
})
export class PeriodsModule {}
