import { Module } from '@nestjs/common';
import { PeopleModule } from '../features/people/people.module.js';
import { AdministrationModule } from './administration.module.js';
import { FinancePagesModule } from './finance-pages.module.js';
import { CsmPagesModule } from './csm-pages.module.js';
import { AccessibilityController } from './accessibility/accessibility.controller.js';
import { HomeController } from './home/home.controller.js';
import { RootController } from './home/root.controller.js';
import { OwnPagesModule } from './own/own-pages.module.js';
import { PeoplePagesModule } from './people/people-pages.module.js';
import { QuickEntryPagesModule } from './quick-entry/quick-entry-pages.module.js';
import { RenewalPagesModule } from './renewals/renewal-pages.module.js';
import { SubscriptionPagesModule } from './subscription/subscription-pages.module.js';
import { WeekPagesModule } from './week/week-pages.module.js';

/** The pages of the console. They call the services of the rooms. */
@Module({
  imports: [
    OwnPagesModule,
    RenewalPagesModule,
    QuickEntryPagesModule,
    SubscriptionPagesModule,
    WeekPagesModule,
    PeopleModule,
    AdministrationModule,
    FinancePagesModule,
    PeoplePagesModule,
    CsmPagesModule,
  ],
  controllers: [AccessibilityController, RootController, HomeController],
})
export class ConsoleModule {}
