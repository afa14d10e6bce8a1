import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { DueWorkService } from './due-work.service.js';
import { QuarantineStore } from './quarantine.store.js';

@Module({
  imports: [LedgerModule],
  providers: [DueWorkService, QuarantineStore],
  exports: [DueWorkService],
})
export class DueWorkModule {}
