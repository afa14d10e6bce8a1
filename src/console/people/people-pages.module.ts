import { Module } from '@nestjs/common';
import { PeopleModule } from '../../features/people/people.module.js';
import { SignInModule } from '../../features/sign-in/sign-in.module.js';
import { SignInController } from '../sign-in/sign-in.controller.js';

/** The pages about users: signing in, the profile, people. */
@Module({
  imports: [PeopleModule, SignInModule],
  controllers: [SignInController],
})
export class PeoplePagesModule {}
