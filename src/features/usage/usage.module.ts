import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { BalancesModule } from '../balances/balances.module.js';
import { CustomersModule } from '../customers/customers.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { AlertController } from './alert.controller.js';
import { PaceAlertService } from './pace-alert.service.js';
import { PaceAlertStore } from './pace-alert.store.js';
import { TopUpsModule } from '../top-ups/top-ups.module.js';
import { TopUpMails } from './top-up-mails.js';
import { UsageAlertMails } from './usage-alert-mails.js';
import { UsageMailWriter } from './usage-mail.writer.js';
import { UsageStatementService } from './usage-statement.service.js';
import { UsageStatementStore } from './usage-statement.store.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { DueWorkModule } from '../due-work/due-work.module.js';
import { UsageStore } from './usage.store.js';

@Module({
  imports: [
    DueWorkModule,
    LedgerModule,
    CustomersModule,
    SubscriptionsModule,
    TopUpsModule,
    BalancesModule,
    MailModule,
  ],
  controllers: [AlertController],
  providers: [
    PaceAlertService,
    PaceAlertStore,
    TopUpMails,
    UsageAlertMails,
    UsageMailWriter,
    UsageStatementService,
    UsageStatementStore,
    UsageStore,
  ],
  exports: [PaceAlertService, UsageStatementService],
})
export class UsageModule {}
