import { Module } from '@nestjs/common';
import { BalancesModule } from '../balances/balances.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { NoticesModule } from '../notices/notices.module.js';
import { PackagesModule } from '../packages/packages.module.js';
import { RenewalsModule } from '../renewals/renewals.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { TopUpsModule } from '../top-ups/top-ups.module.js';
import { WhatIfController } from './what-if.controller.js';
import { WhatIfService } from './what-if.service.js';

@Module({
  imports: [
    PackagesModule,
    LedgerModule,
    SubscriptionsModule,
    TopUpsModule,
    BalancesModule,
    NoticesModule,
    RenewalsModule,
  ],
  controllers: [WhatIfController],
  providers: [WhatIfService],
  exports: [WhatIfService],
})
export class WhatIfModule {}
