import { Module } from '@nestjs/common';
import { ClosingService } from './closing.service.js';
import { PeopleModule } from '../people/people.module.js';
import { MonthOverviewService } from './month-overview.service.js';
import { MonthSources } from './month-totals.js';
import { PeriodController } from './period.controller.js';
import { PeriodService } from './period.service.js';
import { PeriodStore } from './period.store.js';

@Module({
  imports: [PeopleModule],
  controllers: [PeriodController],
  providers: [MonthSources, PeriodService, ClosingService, MonthOverviewService, PeriodStore],
  exports: [MonthSources, PeriodService, ClosingService, MonthOverviewService],
})
export class PeriodsModule {}
