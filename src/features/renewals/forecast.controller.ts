import { Controller, Get, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ForecastAnswer, ForecastQuery } from './forecast.dto.js';
import { ForecastService } from './forecast.service.js';

@Controller('v1/forecast')
export class ForecastController {
  constructor(private readonly forecast: ForecastService) {}

  /** Every reminder, lock and roll-over that is to come until then, in the order of time, as things stand. */
  @Get()
  @Allow('forecast.read')
  list(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: ForecastQuery): Promise<ForecastAnswer> {
    return this.forecast.list(tx, actor, query);
  }
}
