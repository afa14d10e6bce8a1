import { Get } from '@nestjs/common';
import { ServiceRules } from '../../domain/service-rules.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { YearAheadService } from '../../features/renewals/year-ahead.service.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { yearAheadPage } from './year-ahead.page.js';

/** The renewals of the next twelve months. */
@ConsoleController('year-ahead')
export class YearAheadController {
  constructor(
    private readonly yearAhead: YearAheadService,
    private readonly rules: ServiceRules,
  ) {}

  @Get()
  @ConsolePage('forecast.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader): Promise<ShownPage> {
    const months = await this.yearAhead.months(tx, reader.actor);
    return yearAheadPage(months, this.rules.forecastDays, reader);
  }
}
