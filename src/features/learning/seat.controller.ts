import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NewSeat, SeatAnswer, SeatList, SeatsQuery } from './seat.dto.js';
import { SeatService } from './seat.service.js';

@ApiTags('Learning seats')
@Controller('v1')
export class SeatController {
  constructor(private readonly seats: SeatService) {}

  /**
   * Assign a learning seat
   * @remarks A learner holds at most one seat of a subscription. All seats expire with the term; at a renewal the
   * learners keep their seats as far as the new term has seats.
   */
  @Post('subscriptions/:id/seats')
  @Allow('seats.assign')
  @Refuses('seats-exhausted', 'seat-already-held', 'subscription-ended', 'subscription-annulled', 'rules-violated')
  assignSeat(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Body() body: NewSeat,
  ): Promise<SeatAnswer> {
    return this.seats.assign(tx, actor, subscriptionId, body);
  }

  /** List the seats of a subscription */
  @Get('subscriptions/:id/seats')
  @Allow('seats.read')
  listSeats(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: SeatsQuery,
  ): Promise<SeatList> {
    return this.seats.list(tx, actor, subscriptionId, query);
  }

  /**
   * Release a seat
   * @remarks The seat can be assigned again at once. A seat cannot be edited, so no `If-Match` is needed.
   */
  @Delete('seats/:id')
  @HttpCode(204)
  @Allow('seats.assign')
  @Refuses('already-released', 'term-closed', 'subscription-annulled')
  releaseSeat(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<void> {
    return this.seats.release(tx, actor, id);
  }
}
