import { Get, Param, Post, Query } from '@nestjs/common';
import { IsOptional } from 'class-validator';
import { entitlementOf } from '../../domain/entitlement.js';
import { NewSeat } from '../../features/learning/seat.dto.js';
import { SeatService } from '../../features/learning/seat.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { QueryBoolean } from '../../platform/http/fields.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { Form } from '../../platform/pages/form.js';
import { Typed } from '../../platform/pages/page.decorators.js';
import { say } from '../../platform/sentences.js';
import type { FormSteps, PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { seatsWords } from './people.words.js';
import { seatsPage, type Seats } from './seats.page.js';
import { sectionPath } from './subscription.frame.js';
import { SubscriptionHeads } from './subscription.head.js';
import { wellFormed } from '../page/well-formed.js';

const mostSeats = 200;

class SeatsPageQuery {
  /** Also released and expired seats. */
  @IsOptional()
  @QueryBoolean()
  ended?: boolean;
}

/** The learning seats of a subscription. */
@ConsoleController('subscriptions/:id/seats')
export class SeatsController {
  constructor(
    private readonly heads: SubscriptionHeads,
    private readonly seats: SeatService,
  ) {}

  @Get()
  @ConsolePage('seats.read')
  async show(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Param('id') id: string,
    @Query() { ended = false }: SeatsPageQuery,
  ): Promise<ShownPage> {
    return seatsPage(await this.#read(tx, reader, id, ended), reader);
  }

  @Post()
  @ConsolePage('seats.assign')
  assign(@Reader() reader: PageReader, @Param('id') id: string, @Typed(NewSeat) form: Form<NewSeat>): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { learnerName: name } = await this.seats.assign(tx, actor, id, wellFormed(form));
        return { to: sectionPath(id, 'seats'), said: say(seatsWords[language].assigned, language, { name }) };
      },
      again: async (tx, refusal) =>
        seatsPage(await this.#read(tx, reader, id, false), reader, { typed: form.typed, refusal }),
    };
  }

  @Post(':seatId/release')
  @ConsolePage('seats.assign')
  release(@Reader() reader: PageReader, @Param('id') id: string, @Param('seatId') seatId: string): FormSteps {
    const { actor, language } = reader;
    return {
      act: async (tx) => {
        const { data } = await this.seats.list(tx, actor, id, { limit: mostSeats });
        const name = data.find((seat) => seat.id === seatId)?.learnerName ?? '';
        await this.seats.release(tx, actor, seatId);
        return { to: sectionPath(id, 'seats'), said: say(seatsWords[language].released, language, { name }) };
      },
      again: async (tx, refusal) => seatsPage(await this.#read(tx, reader, id, false), reader, { typed: {}, refusal }),
    };
  }

  async #read(tx: Transaction, reader: PageReader, id: string, includesEnded: boolean): Promise<Seats> {
    const head = await this.heads.read(tx, reader, id);
    const { data } = await this.seats.list(tx, reader.actor, id, { limit: mostSeats, includeEnded: includesEnded });
    const { term } = head;
    const used = data.filter(({ status, termId }) => status === 'in-use' && termId === term.id).length;
    const max = entitlementOf(term.periods, term, term.topUps).learningSeats;
    // The newest come first.
    return { head, seats: data.toReversed(), used, max, includesEnded };
  }
}
