import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { SubscriptionService } from './subscription.service.js';
import { TermList } from './term.dto.js';

@ApiTags('Terms and balances')
@Controller('v1/subscriptions/:id')
export class TermController {
  constructor(private readonly subscriptions: SubscriptionService) {}

  /**
   * List the terms of a subscription
   * @remarks Oldest first.
   */
  @Get('terms')
  @Allow('terms.read')
  listTerms(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<TermList> {
    return this.subscriptions.listTerms(tx, actor, id, query);
  }
}
