import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { LedgerListService } from './ledger-list.service.js';
import { LedgerList, LedgerQuery, VerificationAnswer } from './ledger.dto.js';
import { VerificationService } from './verification.service.js';

@ApiTags('Terms and balances')
@Controller('v1/subscriptions/:id')
export class LedgerController {
  constructor(
    private readonly statement: LedgerListService,
    private readonly verifications: VerificationService,
  ) {}

  /**
   * List the ledger of a term
   * @remarks Every minute that was granted, used, reversed or expired, oldest first. Each entry shows the balance
   * after it.
   */
  @Get('ledger')
  @Allow('ledger.read')
  listLedgerEntries(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: LedgerQuery,
  ): Promise<LedgerList> {
    return this.statement.list(tx, actor, id, query);
  }

  /**
   * Check the stored balances against the ledger
   * @remarks The service computes all balances of the subscription again and lists every difference. It changes
   * nothing.
   */
  @Post('verify')
  @HttpCode(200)
  @Allow('ledger.verify')
  verifyLedger(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<VerificationAnswer> {
    return this.verifications.verify(tx, actor, id);
  }
}
