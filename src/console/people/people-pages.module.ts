import { Module } from '@nestjs/common';
import { CustomersModule } from '../../features/customers/customers.module.js';
import { PeopleModule } from '../../features/people/people.module.js';
import { SignInModule } from '../../features/sign-in/sign-in.module.js';
import { SubscriptionsModule } from '../../features/subscriptions/subscriptions.module.js';
import { ProfileController } from '../profile/profile.controller.js';
import { ProfileService } from '../profile/profile.service.js';
import { SignInController } from '../sign-in/sign-in.controller.js';
import { PeopleController } from './people.controller.js';
import { PeopleService } from './people.service.js';

/** The pages about users: signing in, the profile, people. */
@Module({
  imports: [PeopleModule, SignInModule, CustomersModule, SubscriptionsModule],
  controllers: [SignInController, ProfileController, PeopleController],
  providers: [ProfileService, PeopleService],
})
export class PeoplePagesModule {}
