import { Body, Controller, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { DryRunQuery } from '../../platform/http/dry-run.dto.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { HandOver, HandOverAnswer } from './hand-over.dto.js';
import { HandOverService } from './hand-over.service.js';

@ApiTags('Users and tokens')
@Controller('v1/users/:id/hand-over')
export class HandOverController {
  constructor(private readonly handOvers: HandOverService) {}

  /**
   * Hand over a portfolio to another CSM
   * @remarks All active subscriptions of the user, or the named ones, get another CSM in one transaction. Months that are
   * closed keep the CSM whom they had at closing. Both CSMs get a mail. With `dryRun=true`, the answer shows what would move.
   */
  @Post()
  @HttpCode(200)
  @Allow('portfolios.hand-over')
  @Refuses(
    'hand-over-to-same',
    'not-a-csm',
    'user-inactive',
    'subscription-not-owned',
    'nothing-to-hand-over',
    'rules-violated',
  )
  handOver(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: HandOver,
    @Query() query: DryRunQuery,
  ): Promise<HandOverAnswer> {
    return this.handOvers.handOver(tx, actor, id, body, query.dryRun ?? false);
  }
}
