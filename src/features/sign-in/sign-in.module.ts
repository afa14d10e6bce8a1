import { Module } from '@nestjs/common';
import { MailModule } from '../../platform/mail/mail.module.js';
import { PeopleModule } from '../people/people.module.js';
import { InvitationController } from './invitation.controller.js';
import { InvitationService } from './invitation.service.js';
import { SessionService } from './session.service.js';
import { SessionStore } from './session.store.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { SignInMailWriter } from './sign-in-mail.writer.js';
import { LinkTokens } from './sign-in-secrets.js';
import { SignInService } from './sign-in.service.js';

@Module({
  imports: [PeopleModule, MailModule],
  controllers: [InvitationController],
  providers: [
    SignInService,
    SessionService,
    InvitationService,
    SessionStore,
    SignInLinkStore,
    LinkTokens,
    SignInMailWriter,
  ],
  exports: [SignInService, SessionService, InvitationService],
})
export class SignInModule {}
