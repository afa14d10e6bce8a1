import { Get, Query } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { PortfolioService } from '../../features/portfolio/portfolio.service.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { portfolioPage } from './portfolio.page.js';
import { PortfolioPageQuery } from './portfolio.query.js';

/** The portfolio: which subscription needs a call. */
@ConsoleController('portfolio')
export class PortfolioController {
  constructor(private readonly portfolio: PortfolioService) {}

  @Get()
  @ConsolePage('attention.read')
  async show(
    @Tx() tx: Transaction,
    @Reader() reader: PageReader,
    @Query() query: PortfolioPageQuery,
  ): Promise<ShownPage> {
    const { columns: _columns, ...asked } = query;
    const page = await this.portfolio.list(tx, reader.actor, asked, reader.language);
    const csms = await this.portfolio.csms(tx, reader.actor);
    return portfolioPage({ reader, query, page, csms });
  }
}
