import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { LedgerStatement } from './ledger-statement.service.js';
import { LedgerList, LedgerQuery, VerificationAnswer } from './ledger.dto.js';
import { VerificationService } from './verification.service.js';

@Controller('v1/subscriptions/:id')
export class LedgerController {
  constructor(
    private readonly statement: LedgerStatement,
    private readonly verifications: VerificationService,
  ) {}

  /** Every minute granted, used, reversed and expired in a term, oldest first. */
  @Get('ledger')
  @Allow('ledger.read')
  ledger(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: LedgerQuery,
  ): Promise<LedgerList> {
    return this.statement.list(tx, actor, id, query);
  }

  /** Rebuilds all balances of the subscription, and tells where they are not what was kept. */
  @Post('verify')
  @HttpCode(200)
  @Allow('ledger.verify')
  verify(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<VerificationAnswer> {
    return this.verifications.verify(tx, actor, id);
  }
}
