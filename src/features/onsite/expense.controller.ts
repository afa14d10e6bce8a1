import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ExpenseAnswer, ExpenseList, NewExpense, NewExpenseReversal } from './expense.dto.js';
import { ExpenseService } from './expense.service.js';

@Controller('v1')
export class ExpenseController {
  constructor(private readonly expenses: ExpenseService) {}

  /** Records what a visit has cost. It is included in the package: finance sees it, and nobody is charged. */
  @Post('visits/:id/expenses')
  @Allow('expenses.write')
  record(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') visitId: string,
    @Body() body: NewExpense,
  ): Promise<ExpenseAnswer> {
    return this.expenses.record(tx, actor, visitId, body);
  }

  @Get('visits/:id/expenses')
  @Allow('expenses.read')
  list(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') visitId: string,
    @Query() query: PageQuery,
  ): Promise<ExpenseList> {
    return this.expenses.list(tx, actor, visitId, query);
  }

  /** Takes an expense back, once: it is never edited. */
  @Post('expenses/:id/reversal')
  @Allow('expenses.write')
  reverse(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewExpenseReversal,
  ): Promise<ExpenseAnswer> {
    return this.expenses.reverse(tx, actor, id, body);
  }
}
