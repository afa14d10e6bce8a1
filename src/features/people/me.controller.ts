import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { MeAnswer, OwnChange } from './people.dto.js';
import { UserService } from './user.service.js';

@ApiTags('Users and tokens')
@Controller('v1/me')
export class MeController {
  constructor(private readonly users: UserService) {}

  /**
   * Get your own profile
   * @remarks Use this request to check a token: it answers with the user and the role behind the token. It also lists
   * your deputies and the CSMs whose deputy you are, today and on coming days.
   */
  @Get()
  @Allow('me.read')
  getMe(@Tx() tx: Transaction, @Who() { userId }: Actor): Promise<MeAnswer> {
    return this.users.profile(tx, userId);
  }

  /**
   * Change your own settings
   * @remarks The language and the time zone of mails to you, whether you get nudge mails (the Monday digest and the
   * requests to log time), and whether single keys are shortcuts in the console.
   */
  @Patch()
  @Allow('me.write')
  async updateMe(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @IfMatch() version: number,
    @Body() body: OwnChange,
  ): Promise<MeAnswer> {
    await this.users.change(tx, actor, actor.userId, version, body);
    return this.users.profile(tx, actor.userId);
  }
}
