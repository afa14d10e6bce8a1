import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { PeopleModule } from '../people/people.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { TopUpsModule } from '../top-ups/top-ups.module.js';
import { EvidenceController } from './evidence.controller.js';
import { EvidenceService } from './evidence.service.js';
import { EvidenceStore } from './evidence.store.js';

@Module({
  imports: [PeopleModule, CustomersModule, LedgerModule, SubscriptionsModule, TopUpsModule, NoticesModule, MailModule],
  controllers: [EvidenceController],
  providers: [EvidenceService, EvidenceStore],
  exports: [EvidenceService],
})
export class EvidenceModule {}
