import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, getSchemaPath, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { DryRunQuery } from '../../platform/http/dry-run.dto.js';
import { PageQuery } from '../../platform/http/paging.js';
import { DryRunReads, Tx } from '../../platform/http/transaction.decorators.js';
import { ClosingService } from './closing.service.js';
import {
  Closing,
  ClosingPreview,
  PeriodAnswer,
  PeriodChangeAnswer,
  PeriodList,
  Reopening,
  ReopeningPreview,
} from './period.dto.js';

/** The answer to a change, or with `dryRun` its preview. */
const ChangeOr = (preview: typeof ClosingPreview | typeof ReopeningPreview) =>
  ApiOkResponse({
    schema: { oneOf: [PeriodChangeAnswer, preview].map((answer) => ({ $ref: getSchemaPath(answer) })) },
  });

@ApiExtraModels(PeriodChangeAnswer, ClosingPreview, ReopeningPreview)
@ApiTags('Accounting months')
@Controller('v1/periods')
export class PeriodController {
  constructor(private readonly closing: ClosingService) {}

  /**
   * List accounting months
   * @remarks Newest first.
   */
  @Get()
  @Allow('periods.read')
  listPeriods(@Tx() tx: Transaction, @Query() query: PageQuery): Promise<PeriodList> {
    return this.closing.list(tx, query);
  }

  /** Get an accounting month */
  @Get(':month')
  @Allow('periods.read')
  @Refuses('malformed-month')
  getPeriod(@Tx() tx: Transaction, @Param('month') month: string): Promise<PeriodAnswer> {
    return this.closing.read(tx, month);
  }

  /**
   * Close a month
   * @remarks Closes the month and every open month before it. A closed month takes no new entries. A later reversal
   * or correction counts in the first open month, as an adjustment. A month can be closed when it is over; the
   * running month needs `early: true`. With `dryRun=true`, the answer shows what would be counted and which
   * subscriptions have no entry.
   */
  @Post(':month/close')
  @HttpCode(200)
  @Allow('periods.close')
  @Refuses('malformed-month', 'period-not-begun', 'period-not-over', 'period-already-closed')
  @ApiBody({ type: Closing, required: false })
  @ChangeOr(ClosingPreview)
  @DryRunReads()
  closePeriod(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('month') month: string,
    @Query() { dryRun }: DryRunQuery,
    @Body() { early }: Closing,
  ): Promise<PeriodChangeAnswer | ClosingPreview> {
    return dryRun ? this.closing.previewClosing(tx, month, early) : this.closing.close(tx, actor, month, early);
  }

  /**
   * Reopen a closed month
   * @remarks Reopens the month and every closed month after it. Adjustments that were booked meanwhile stay in the
   * month in which they were counted. With `dryRun=true`, the answer shows the months that would be reopened.
   */
  @Post(':month/reopen')
  @HttpCode(200)
  @Allow('periods.reopen')
  @Refuses('malformed-month', 'period-not-closed')
  @ChangeOr(ReopeningPreview)
  @DryRunReads()
  reopenPeriod(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('month') month: string,
    @Query() { dryRun }: DryRunQuery,
    @Body() body: Reopening,
  ): Promise<PeriodChangeAnswer | ReopeningPreview> {
    return dryRun ? this.closing.previewReopening(tx, month) : this.closing.reopen(tx, actor, month, body);
  }
}
