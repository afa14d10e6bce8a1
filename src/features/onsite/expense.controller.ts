import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ExpenseAnswer, ExpenseList, NewExpense, NewExpenseReversal } from './expense.dto.js';
import { ExpenseService } from './expense.service.js';

@ApiTags('Visits and expenses')
@Controller('v1')
export class ExpenseController {
  constructor(private readonly expenses: ExpenseService) {}

  /**
   * Record a travel expense of a visit
   * @remarks Travel expenses are included in the package. The service reports them to finance and charges nobody.
   */
  @Post('visits/:id/expenses')
  @Allow('expenses.write')
  @Refuses('subscription-annulled')
  recordExpense(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') visitId: string,
    @Body() body: NewExpense,
  ): Promise<ExpenseAnswer> {
    return this.expenses.record(tx, actor, visitId, body);
  }

  /** List the expenses of a visit */
  @Get('visits/:id/expenses')
  @Allow('expenses.read')
  listExpenses(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') visitId: string,
    @Query() query: PageQuery,
  ): Promise<ExpenseList> {
    return this.expenses.list(tx, actor, visitId, query);
  }

  /**
   * Reverse an expense
   * @remarks An expense is never edited. It can be reversed once.
   */
  @Post('expenses/:id/reversal')
  @Allow('expenses.write')
  @Refuses('already-reversed')
  reverseExpense(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewExpenseReversal,
  ): Promise<ExpenseAnswer> {
    return this.expenses.reverse(tx, actor, id, body);
  }
}
