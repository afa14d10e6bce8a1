import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { TokenService } from './token.service.js';

@Controller('v1/tokens')
export class TokenController {
  constructor(private readonly tokens: TokenService) {}

  /** Revokes a token at once. It cannot be changed, so no `If-Match` is needed. */
  @Delete(':id')
  @HttpCode(204)
  @Allow('tokens.own')
  revoke(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.tokens.revoke(tx, actor, id);
  }
}
