import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, getSchemaPath } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
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
   * @remarks A month can be closed once it is over in the time zone of the house; the running month only with `early`. A reversal or
   * a correction of a closed month counts in the first open month, as an adjustment. Waits for the bookings in flight.
   * `dryRun` previews the months, rows and minutes, and lists the subscriptions without an entry.
   */
  @Post(':month/close')
  @HttpCode(200)
  @Allow('periods.close')
  @ApiBody({ type: Closing, required: false })
  @ChangeOr(ClosingPreview)
  @DryRunReads()
  close(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('month') month: string,
    @Query() { dryRun }: DryRunQuery,
    @Body() { early }: Closing,
  ): Promise<PeriodChangeAnswer | ClosingPreview> {
    return dryRun ? this.closing.previewClosing(tx, month, early) : this.closing.close(tx, actor, month, early);
  }

  /**
   * Reopens a month and all after it. The answer names all months that were reopened.
   * @remarks Adjustments that were booked meanwhile stay where they were counted. `dryRun` previews the months.
   */
  @Post(':month/reopen')
  @HttpCode(200)
  @Allow('periods.reopen')
  @ChangeOr(ReopeningPreview)
  @DryRunReads()
  reopen(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('month') month: string,
    @Query() { dryRun }: DryRunQuery,
    @Body() body: Reopening,
  ): Promise<PeriodChangeAnswer | ReopeningPreview> {
    return dryRun ? this.closing.previewReopening(tx, month) : this.closing.reopen(tx, actor, month, body);
  }
}
