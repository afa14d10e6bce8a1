import { Module } from '@nestjs/common';
import { PeriodService } from './period.service.js';

@Module({ providers: [PeriodService], exports: [PeriodService] })
export class PeriodsModule {}
