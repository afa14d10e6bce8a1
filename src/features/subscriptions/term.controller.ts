import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { BalanceAnswer, BalanceQuery } from './balance.dto.js';
import { BalanceService } from './balance.service.js';
import { SubscriptionService } from './subscription.service.js';
import { BurnDownAnswer, BurnDownQuery, TermList, TermsQuery } from './term.dto.js';

@Controller('v1/subscriptions/:id')
export class TermController {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly balances: BalanceService,
  ) {}

  @Get('terms')
  @Allow('terms.read')
  terms(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: TermsQuery,
  ): Promise<TermList> {
    return this.subscriptions.listTerms(tx, actor, id, query);
  }

  /** What is left of the term of a day, with everything effective up to the end of that day. */
  @Get('balance')
  @Allow('balances.read')
  balance(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: BalanceQuery,
  ): Promise<BalanceAnswer> {
    return this.balances.balance(tx, actor, id, query.on);
  }

  /** Plan and use of a term by service months. */
  @Get('burn-down')
  @Allow('balances.read')
  burnDown(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: BurnDownQuery,
  ): Promise<BurnDownAnswer> {
    return this.balances.burnDown(tx, actor, id, query.termId);
  }
}
