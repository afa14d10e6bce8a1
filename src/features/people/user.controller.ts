import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { SecretInAnswer, Tx } from '../../platform/http/transaction.decorators.js';
import { NewToken, NewUser, TokenGiven, TokenList, UserChange, UserAnswer, UserList } from './people.dto.js';
import { TokenService } from './token.service.js';
import { UserService } from './user.service.js';

@Controller('v1/users')
export class UserController {
  constructor(
    private readonly users: UserService,
    private readonly tokens: TokenService,
  ) {}

  @Post()
  @Allow('users.manage')
  enter(@Tx() tx: Transaction, @Body() body: NewUser): Promise<UserAnswer> {
    return this.users.enter(tx, body);
  }

  @Get()
  @Allow('users.manage')
  list(@Tx() tx: Transaction, @Query() query: PageQuery): Promise<UserList> {
    return this.users.list(tx, query);
  }

  @Get(':id')
  @Allow('users.manage')
  read(@Tx() tx: Transaction, @Param('id') id: string): Promise<UserAnswer> {
    return this.users.read(tx, id);
  }

  @Patch(':id')
  @Allow('users.manage')
  change(
    @Tx() tx: Transaction,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: UserChange,
  ): Promise<UserAnswer> {
    return this.users.change(tx, id, version, body);
  }

  /** A new token for a user. It is shown in this answer only. */
  @Post(':id/tokens')
  @Allow('tokens.own')
  @SecretInAnswer('token')
  giveToken(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewToken,
  ): Promise<TokenGiven> {
    return this.tokens.give(tx, actor, id, body);
  }

  @Get(':id/tokens')
  @Allow('tokens.own')
  listTokens(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<TokenList> {
    return this.tokens.list(tx, actor, id, query);
  }
}
