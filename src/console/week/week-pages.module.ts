import { Module } from '@nestjs/common';
import { WeekModule } from '../../features/week/week.module.js';
import { WeekController } from './week.controller.js';
import { WeekPageService } from './week-page.service.js';

@Module({
  imports: [WeekModule],
  controllers: [WeekController],
  providers: [WeekPageService],
})
export class WeekPagesModule {}
