import { Module } from '@nestjs/common';
import { CustomersModule } from '../features/customers/customers.module.js';
import { FindModule } from '../features/find/find.module.js';
import { MailsModule } from '../features/mails/mails.module.js';
import { PackagesModule } from '../features/packages/packages.module.js';
import { SignInModule } from '../features/sign-in/sign-in.module.js';
import { SubscriptionsModule } from '../features/subscriptions/subscriptions.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { ConsoleClockController } from './clock/clock.controller.js';
import { FindController } from './find/find.controller.js';
import { JobsController } from './jobs/jobs.controller.js';
import { KeysController } from './keys/keys.controller.js';
import { MailsController } from './mails/mails.controller.js';
import { ConsultantsController } from './master-data/consultants.controller.js';
import { ProductLinesController } from './master-data/product-lines.controller.js';
import { PackagesController } from './packages/packages.controller.js';

/** The pages of administrators, and the finder and the keys, which all pages have. */
@Module({
  imports: [CustomersModule, FindModule, JobsModule, MailsModule, PackagesModule, SignInModule, SubscriptionsModule],
  controllers: [
    ConsoleClockController,
    ConsultantsController,
    FindController,
    JobsController,
    KeysController,
    MailsController,
    PackagesController,
    ProductLinesController,
  ],
})
export class AdministrationModule {}
