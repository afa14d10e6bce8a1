import { Module } from '@nestjs/common';
import { QuickEntryService } from './quick-entry.service.js';
import { QuickEntryStore } from './quick-entry.store.js';

@Module({
  providers: [QuickEntryService, QuickEntryStore],
  exports: [QuickEntryService],
})
export class QuickEntryModule {}
