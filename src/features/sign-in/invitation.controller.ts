import { Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Language } from '../../domain/language.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { CallerLanguage } from '../../platform/http/language.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { InvitationAnswer } from './invitation.dto.js';
import { InvitationService } from './invitation.service.js';

@ApiTags('Users and tokens')
@Controller('v1/users/:id/invitations')
export class InvitationController {
  constructor(private readonly invitations: InvitationService) {}

  /**
   * Invite a user to the console
   * @remarks The user gets a mail with a link that signs in once, within seven days. An earlier invitation that was not
   * used works no more. The mail is in the user's language, or else in that of `Accept-Language`.
   */
  @Post()
  @Allow('users.manage')
  @Refuses('user-inactive')
  inviteUser(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @CallerLanguage() language: Language,
  ): Promise<InvitationAnswer> {
    return this.invitations.invite(tx, actor, id, language);
  }
}
