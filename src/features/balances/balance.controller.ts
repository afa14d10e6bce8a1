import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { BalanceAnswer, BalanceQuery } from '../ledger/balance.dto.js';
import { TermQuery } from '../subscriptions/term.dto.js';
import { BalanceService } from './balance.service.js';
import { BurnDownAnswer } from './burn-down.dto.js';

@ApiTags('Terms and balances')
@Controller('v1/subscriptions/:id')
export class BalanceController {
  constructor(private readonly balances: BalanceService) {}

  /**
   * Get the balance of a term
   * @remarks The balance of the term of the day `on`, at the end of that day. The default is today. Everything that
   * took effect up to then is counted.
   */
  @Get('balance')
  @Allow('balances.read')
  @Refuses('term-not-found')
  getBalance(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: BalanceQuery,
  ): Promise<BalanceAnswer> {
    return this.balances.balance(tx, actor, id, query.on);
  }

  /**
   * Get planned and used minutes by service month
   * @remarks The plan spreads the granted minutes evenly over the term.
   */
  @Get('burn-down')
  @Allow('balances.read')
  getBurnDown(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: TermQuery,
  ): Promise<BurnDownAnswer> {
    return this.balances.burnDown(tx, actor, id, query.termId);
  }
}
