import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { ForecastAnswer, ForecastQuery } from './forecast.dto.js';
import { ForecastService } from './forecast.service.js';

@ApiTags('Renewals and notices')
@Controller('v1/forecast')
export class ForecastController {
  constructor(private readonly forecast: ForecastService) {}

  /**
   * List the coming reminders, locks and roll-overs
   * @remarks In order of time, up to `until`. The forecast assumes that nobody gives notice and that no package
   * changes. The first page adds what the CSMs expect: terms and minutes by month and outlook, which change no event.
   */
  @Get()
  @Allow('forecast.read')
  @Refuses('forecast-too-far')
  listForecast(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: ForecastQuery): Promise<ForecastAnswer> {
    return this.forecast.list(tx, actor, query);
  }
}
