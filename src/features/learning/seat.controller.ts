import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NewSeat, SeatAnswer, SeatList, SeatsQuery } from './seat.dto.js';
import { SeatService } from './seat.service.js';

@Controller('v1')
export class SeatController {
  constructor(private readonly seats: SeatService) {}

  @Post('subscriptions/:id/seats')
  @Allow('seats.assign')
  assign(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Body() body: NewSeat,
  ): Promise<SeatAnswer> {
    return this.seats.assign(tx, actor, subscriptionId, body);
  }

  @Get('subscriptions/:id/seats')
  @Allow('seats.read')
  list(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: SeatsQuery,
  ): Promise<SeatList> {
    return this.seats.list(tx, actor, subscriptionId, query);
  }

  /** Releases the seat. It has nothing that could be edited, and so no ETag: `If-Match` is not asked for. */
  @Delete('seats/:id')
  @HttpCode(204)
  @Allow('seats.assign')
  release(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.seats.release(tx, actor, id);
  }
}
