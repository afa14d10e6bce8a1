import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ClosingService } from './closing.service.js';
import { PeriodAnswer, PeriodChangeAnswer, PeriodList, Reopening } from './period.dto.js';

@Controller('v1/periods')
export class PeriodController {
  constructor(private readonly closing: ClosingService) {}

  /** The accounting months, newest first. */
  @Get()
  @Allow('periods.read')
  list(@Tx() tx: Transaction, @Query() query: PageQuery): Promise<PeriodList> {
    return this.closing.list(tx, query);
  }

  @Get(':month')
  @Allow('periods.read')
  read(@Tx() tx: Transaction, @Param('month') month: string): Promise<PeriodAnswer> {
    return this.closing.read(tx, month);
  }

  /**
   * Closes a month, as `YYYY-MM`, and all before it: they take no new entries.
   * @remarks What is taken back or corrected of them from then on counts in the first open month, as an adjustment. Waits for the
   * bookings in flight.
   */
  @Post(':month/close')
  @HttpCode(200)
  @Allow('periods.close')
  close(@Tx() tx: Transaction, @Who() actor: Actor, @Param('month') month: string): Promise<PeriodChangeAnswer> {
    return this.closing.close(tx, actor, month);
  }

  /**
   * Reopens a month and all after it.
   * @remarks Adjustments that were booked meanwhile stay where they were counted.
   */
  @Post(':month/reopen')
  @HttpCode(200)
  @Allow('periods.reopen')
  reopen(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('month') month: string,
    @Body() body: Reopening,
  ): Promise<PeriodChangeAnswer> {
    return this.closing.reopen(tx, actor, month, body);
  }
}
