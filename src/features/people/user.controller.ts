import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { SecretInAnswer, Tx } from '../../platform/http/transaction.decorators.js';
import { NewToken, NewUser, CreatedToken, TokenList, UserChange, UserAnswer, UserList } from './people.dto.js';
import { TokenService } from './token.service.js';
import { UserService } from './user.service.js';

@ApiTags('Users and tokens')
@Controller('v1/users')
export class UserController {
  constructor(
    private readonly users: UserService,
    private readonly tokens: TokenService,
  ) {}

  /**
   * Create a user
   * @remarks A user with the role `customer` needs a `customerId`. Users with other roles have none.
   */
  @Post()
  @Allow('users.manage')
  @Refuses('customer-required', 'customer-not-allowed', 'customer-unknown', 'email-already-used')
  createUser(@Tx() tx: Transaction, @Body() body: NewUser): Promise<UserAnswer> {
    return this.users.enter(tx, body);
  }

  /** List all users */
  @Get()
  @Allow('users.manage')
  listUsers(@Tx() tx: Transaction, @Query() query: PageQuery): Promise<UserList> {
    return this.users.list(tx, query);
  }

  /** Get a user */
  @Get(':id')
  @Allow('users.manage')
  getUser(@Tx() tx: Transaction, @Param('id') id: string): Promise<UserAnswer> {
    return this.users.read(tx, id);
  }

  /**
   * Change a user
   * @remarks The role of a CSM with active subscriptions cannot change, and this CSM cannot be deactivated. The service
   * always keeps one active administrator. With `active: false`, all tokens of the user end at once. A user who becomes
   * active again needs new tokens.
   */
  @Patch(':id')
  @Allow('users.manage')
  @Refuses(
    'customer-required',
    'customer-not-allowed',
    'customer-unknown',
    'email-already-used',
    'user-owns-subscriptions',
    'own-deactivation',
    'last-admin',
  )
  updateUser(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: UserChange,
  ): Promise<UserAnswer> {
    return this.users.change(tx, actor, id, version, body);
  }

  /**
   * Create an API token
   * @remarks The token is in this answer only; the service stores its hash. Every user creates tokens for themselves,
   * and an administrator also for others.
   */
  @Post(':id/tokens')
  @Allow('tokens.own')
  @Refuses('expires-on-in-past', 'user-inactive')
  @SecretInAnswer('token')
  createToken(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewToken,
  ): Promise<CreatedToken> {
    return this.tokens.give(tx, actor, id, body);
  }

  /**
   * List the tokens of a user
   * @remarks Revoked tokens are not listed. The list never shows the tokens themselves.
   */
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
