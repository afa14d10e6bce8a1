import { Body, Controller, createParamDecorator, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, CountsRowsOf, Who } from '../../platform/http/access.decorators.js';
import { BodyLimit } from '../../platform/http/body.js';
import { DryRunAnswers, DryRunQuery } from '../../platform/http/dry-run.dto.js';
import { idempotencyKeyOf, normalPathOf } from '../../platform/http/idempotency-key.js';
import { languageOf } from '../../platform/http/language.js';
import { pathOf, requestOf } from '../../platform/http/request.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { bodyHash, idempotencyScope } from '../../platform/idempotency.js';
import type { Served } from './booking-order.js';
import { HoursService, type Manner } from './hours.service.js';
import {
  BatchAnswer,
  CorrectedAnswer,
  LoggedAnswer,
  NewAdjustment,
  NewBatch,
  NewCorrection,
  NewReversal,
  NewTimeEntry,
  ReversedAnswer,
  TimeEntryList,
  TimeEntriesQuery,
  TimeEntryAnswer,
} from './time-entry.dto.js';

/** Room for a batch of 1,000 entries with long summaries. */
const mostBatchBytes = 2 * 1024 * 1024;

/** Who asks the desk, in which language, whether only to try, and with which key. */
const How = createParamDecorator((_: unknown, context): Manner => {
  const request = requestOf(context);
  const actor = request.actor!;
  const instance = pathOf(request);
  const key = idempotencyKeyOf(request);
  return {
    actor,
    language: languageOf(request.headers['accept-language']),
    instance,
    dryRun: (request.query as DryRunQuery).dryRun === true,
    once:
      key === undefined
        ? undefined
        : {
            scope: idempotencyScope(actor.userId, request.method, normalPathOf(request), key),
            bodyHash: bodyHash(request.body),
          },
  };
});

@Controller('v1')
export class TimeEntryController {
  constructor(private readonly hours: HoursService) {}

  /** Logs time. Every rule that is broken is reported, with the largest amount that would be accepted. */
  @Post('subscriptions/:id/time-entries')
  @Allow('time-entries.log', 'own-transaction')
  @ApiCreatedResponse({ type: LoggedAnswer })
  @DryRunAnswers(LoggedAnswer)
  async log(
    @How() how: Manner,
    @Param('id') id: string,
    @Query() _query: DryRunQuery,
    @Body() body: NewTimeEntry,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return give(await this.hours.log(how, id, body), reply);
  }

  /** Logs up to 1,000 entries at once. */
  @Post('time-entries/batch')
  @Allow('time-entries.log', 'own-transaction')
  @BodyLimit(mostBatchBytes)
  @CountsRowsOf('entries')
  @ApiOkResponse({ type: BatchAnswer })
  async logBatch(
    @How() how: Manner,
    @Query() _query: DryRunQuery,
    @Body() body: NewBatch,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return give(await this.hours.logBatch(how, body), reply);
  }

  /**
   * Logs forgotten work of a closed month, with a reason. It counts in the first open month as an adjustment of the closed one.
   * @remarks All other rules of an entry are judged. In a month that is not closed, time is logged as usual.
   */
  @Post('periods/:month/adjustments')
  @Allow('adjustments.write', 'own-transaction')
  @ApiCreatedResponse({ type: LoggedAnswer })
  @DryRunAnswers(LoggedAnswer)
  async adjust(
    @How() how: Manner,
    @Param('month') month: string,
    @Query() _query: DryRunQuery,
    @Body() body: NewAdjustment,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return give(await this.hours.adjust(how, month, body), reply);
  }

  /** Takes an entry back, once. */
  @Post('time-entries/:id/reversal')
  @Allow('time-entries.log', 'own-transaction')
  @ApiCreatedResponse({ type: ReversedAnswer })
  @DryRunAnswers(ReversedAnswer)
  async reverse(
    @How() how: Manner,
    @Param('id') id: string,
    @Query() _query: DryRunQuery,
    @Body() body: NewReversal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return give(await this.hours.reverse(how, id, body), reply);
  }

  /** Takes an entry back and logs another in its place. */
  @Post('time-entries/:id/correction')
  @Allow('time-entries.log', 'own-transaction')
  @ApiCreatedResponse({ type: CorrectedAnswer })
  @DryRunAnswers(CorrectedAnswer)
  async correct(
    @How() how: Manner,
    @Param('id') id: string,
    @Query() _query: DryRunQuery,
    @Body() body: NewCorrection,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return give(await this.hours.correct(how, id, body), reply);
  }

  @Get('subscriptions/:id/time-entries')
  @Allow('time-entries.read')
  @ApiOkResponse({ type: TimeEntryList })
  listOfSubscription(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: TimeEntriesQuery,
  ): Promise<TimeEntryList> {
    return this.hours.list(tx, actor, query, id);
  }

  @Get('time-entries')
  @Allow('time-entries.read')
  @ApiOkResponse({ type: TimeEntryList })
  list(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: TimeEntriesQuery): Promise<TimeEntryList> {
    return this.hours.list(tx, actor, query);
  }

  @Get('time-entries/:id')
  @Allow('time-entries.read')
  @ApiOkResponse({ type: TimeEntryAnswer })
  read(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<TimeEntryAnswer> {
    return this.hours.read(tx, actor, id);
  }
}

/** Puts what the desk has said into the reply. */
function give({ answer, replayed }: Served, reply: FastifyReply): unknown {
  if (replayed) reply.header('idempotency-replayed', 'true');
  if ('refusal' in answer) throw answer.refusal;
  reply.status(answer.status);
  if (answer.status >= 400) reply.type('application/problem+json');
  return answer.body;
}
