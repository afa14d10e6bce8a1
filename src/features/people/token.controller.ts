import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { TokenService } from './token.service.js';

@ApiTags('Users and tokens')
@Controller('v1/tokens')
export class TokenController {
  constructor(private readonly tokens: TokenService) {}

  /**
   * Revoke a token
   * @remarks The token stops working at once. A token cannot be edited, so no `If-Match` is needed.
   */
  @Delete(':id')
  @HttpCode(204)
  @Allow('tokens.own')
  revokeToken(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.tokens.revoke(tx, actor, id);
  }
}
