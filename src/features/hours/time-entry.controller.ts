import { Body, Controller, createParamDecorator, Get, Param, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../../domain/access.js';
import { rulesOfFulfilment } from '../../domain/planned-session.js';
import { rulesOfEntries } from '../../domain/time-entry.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, CountsRowsOf, Refuses, Who } from '../../platform/http/access.decorators.js';
import { BodyLimit } from '../../platform/http/body.js';
import { DryRunAnswers, DryRunQuery } from '../../platform/http/dry-run.dto.js';
import { idempotencyKeyOf, normalPathOf } from '../../platform/http/idempotency-key.js';
import { languageOf } from '../../platform/http/language.js';
import { pathOf, requestOf } from '../../platform/http/request.js';
import type { Turn } from '../../platform/http/turn.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { bodyHash, idempotencyScope } from '../../platform/idempotency.js';
import type { BookingResult } from './booking.js';
import { HoursService, type BookingRequest } from './hours.service.js';
import {
  BatchAnswer,
  CorrectedEntryAnswer,
  LoggedEntryAnswer,
  NewAdjustment,
  NewBatch,
  NewCorrection,
  NewReversal,
  NewTimeEntry,
  ReversedEntryAnswer,
  TimeEntryList,
  TimeEntriesQuery,
  TimeEntryAnswer,
} from './time-entry.dto.js';

/** Room for a batch of 1,000 entries with long summaries. */
const mostBatchBytes = 2 * 1024 * 1024;

/** What every booking takes from its HTTP request. */
const ReadBookingRequest = createParamDecorator((_: unknown, context): BookingRequest => {
  const request = requestOf(context);
  const actor = request.actor!;
  const instance = pathOf(request);
  const key = idempotencyKeyOf(request);
  return {
    actor,
    language: languageOf(request.headers['accept-language']),
    instance,
    dryRun: (request.query as DryRunQuery).dryRun === true,
    idempotency:
      key === undefined
        ? undefined
        : {
            scope: idempotencyScope(actor.userId, request.method, normalPathOf(request), key),
            bodyHash: bodyHash(request.body),
          },
  };
});

/** Pipelined bookings reach the queue in the order in which they were sent. */
const TurnOfRequest = createParamDecorator((_: unknown, context): Turn => requestOf(context).turn!);

@ApiTags('Time entries')
@Controller('v1')
export class TimeEntryController {
  constructor(private readonly hours: HoursService) {}

  /**
   * Log a time entry
   * @remarks The service checks all rules. A refusal lists every broken rule in `violations`, and the largest amount
   * that all rules would accept in `maxAcceptableMinutes`. An entry that equals an earlier one is accepted with the
   * warning `possible-duplicate`. An entry with `plannedSessionId` fulfils that planned session.
   */
  @Post('subscriptions/:id/time-entries')
  @Allow('time-entries.log', 'own-transaction')
  @Refuses(...rulesOfEntries, ...rulesOfFulfilment, 'subscription-busy')
  @ApiCreatedResponse({ type: LoggedEntryAnswer })
  @DryRunAnswers(LoggedEntryAnswer)
  async logTimeEntry(
    @ReadBookingRequest() request: BookingRequest,
    @TurnOfRequest() turn: Turn,
    @Param('id') id: string,
    @Query() _query: DryRunQuery,
    @Body() body: NewTimeEntry,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return send(await turn.take(() => this.hours.log(request, id, body)), reply);
  }

  /**
   * Log up to 1,000 time entries
   * @remarks With `atomic: true`, the service books all entries or none. Otherwise it books each entry that the rules
   * accept. The answer has one result for each entry, in the order of the request, with the status and problem that
   * the single request would have had.
   */
  @Post('time-entries/batch')
  @Allow('time-entries.log', 'own-transaction')
  @Refuses('rules-violated', 'subscription-busy')
  @BodyLimit(mostBatchBytes)
  @CountsRowsOf('entries')
  @ApiOkResponse({ type: BatchAnswer })
  async logTimeEntries(
    @ReadBookingRequest() request: BookingRequest,
    @TurnOfRequest() turn: Turn,
    @Query() _query: DryRunQuery,
    @Body() body: NewBatch,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return send(await turn.take(() => this.hours.logBatch(request, body)), reply);
  }

  /**
   * Record forgotten work of a closed month
   * @remarks The entry counts in the first open month, as an adjustment of the closed one. All other rules of a time
   * entry apply. In an open month, log a time entry instead.
   */
  @Post('periods/:month/adjustments')
  @Allow('adjustments.write', 'own-transaction')
  @Refuses(...rulesOfEntries, ...rulesOfFulfilment, 'period-not-closed', 'malformed-month', 'subscription-busy')
  @ApiCreatedResponse({ type: LoggedEntryAnswer })
  @DryRunAnswers(LoggedEntryAnswer)
  async recordAdjustment(
    @ReadBookingRequest() request: BookingRequest,
    @TurnOfRequest() turn: Turn,
    @Param('month') month: string,
    @Query() _query: DryRunQuery,
    @Body() body: NewAdjustment,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return send(await turn.take(() => this.hours.adjust(request, month, body)), reply);
  }

  /**
   * Reverse a time entry
   * @remarks The minutes go back to the term. Each entry can be reversed once. An entry of a closed month counts as
   * reversed in the first open month.
   */
  @Post('time-entries/:id/reversal')
  @Allow('time-entries.log', 'own-transaction')
  @Refuses('already-reversed', 'subscription-annulled', 'subscription-busy')
  @ApiCreatedResponse({ type: ReversedEntryAnswer })
  @DryRunAnswers(ReversedEntryAnswer)
  async reverseTimeEntry(
    @ReadBookingRequest() request: BookingRequest,
    @TurnOfRequest() turn: Turn,
    @Param('id') id: string,
    @Query() _query: DryRunQuery,
    @Body() body: NewReversal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return send(await turn.take(() => this.hours.reverse(request, id, body)), reply);
  }

  /**
   * Replace a time entry
   * @remarks The service reverses the entry and logs the new one in one step. Rules apply to the new entry. A
   * correction that only lowers the minutes is not held to limits that are already exceeded.
   */
  @Post('time-entries/:id/correction')
  @Allow('time-entries.log', 'own-transaction')
  @Refuses('already-reversed', ...rulesOfEntries, ...rulesOfFulfilment, 'subscription-busy')
  @ApiCreatedResponse({ type: CorrectedEntryAnswer })
  @DryRunAnswers(CorrectedEntryAnswer)
  async correctTimeEntry(
    @ReadBookingRequest() request: BookingRequest,
    @TurnOfRequest() turn: Turn,
    @Param('id') id: string,
    @Query() _query: DryRunQuery,
    @Body() body: NewCorrection,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    return send(await turn.take(() => this.hours.correct(request, id, body)), reply);
  }

  /**
   * List the time entries of a subscription
   * @remarks Reversed entries are listed too, with their reversal. `from` and `to` apply to the work day.
   */
  @Get('subscriptions/:id/time-entries')
  @Allow('time-entries.read')
  @ApiOkResponse({ type: TimeEntryList })
  listTimeEntriesOfSubscription(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: TimeEntriesQuery,
  ): Promise<TimeEntryList> {
    return this.hours.list(tx, actor, query, id);
  }

  /**
   * List time entries
   * @remarks Reversed entries are listed too, with their reversal. `from` and `to` apply to the work day.
   */
  @Get('time-entries')
  @Allow('time-entries.read')
  @ApiOkResponse({ type: TimeEntryList })
  listTimeEntries(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Query() query: TimeEntriesQuery,
  ): Promise<TimeEntryList> {
    return this.hours.list(tx, actor, query);
  }

  /** Get a time entry */
  @Get('time-entries/:id')
  @Allow('time-entries.read')
  @ApiOkResponse({ type: TimeEntryAnswer })
  getTimeEntry(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<TimeEntryAnswer> {
    return this.hours.read(tx, actor, id);
  }
}

/** Puts the answer to a booking into the reply. */
function send({ answer, replayed }: BookingResult, reply: FastifyReply): unknown {
  if (replayed) reply.header('idempotency-replayed', 'true');
  if ('refusal' in answer) throw answer.refusal;
  reply.status(answer.status);
  if (answer.status >= 400) reply.type('application/problem+json');
  return answer.body;
}
