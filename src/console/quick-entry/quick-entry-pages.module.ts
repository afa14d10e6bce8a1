import { Module } from '@nestjs/common';
import { HoursModule } from '../../features/hours/hours.module.js';
import { QuickEntryModule } from '../../features/quick-entry/quick-entry.module.js';
import { QuickEntryController } from './quick-entry.controller.js';
import { QuickEntryPageService } from './quick-entry.service.js';

@Module({
  imports: [HoursModule, QuickEntryModule],
  controllers: [QuickEntryController],
  providers: [QuickEntryPageService],
})
export class QuickEntryPagesModule {}
