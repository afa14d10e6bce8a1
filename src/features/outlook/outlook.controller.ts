import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { PageQuery } from '../../platform/http/paging.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { NewOutlook, OutlookHistory, PresentOutlookAnswer } from './outlook.dto.js';
import { OutlookService } from './outlook.service.js';

@ApiTags('Renewals and notices')
@Controller('v1/subscriptions/:id/outlook')
export class OutlookController {
  constructor(private readonly outlooks: OutlookService) {}

  /**
   * Get the outlook of the renewal and its history
   * @remarks The outlook belongs to a term. After a roll-over, the new term has none until one is stated; the history
   * keeps those of earlier terms.
   */
  @Get()
  @Allow('outlook.read')
  getOutlook(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: PageQuery,
  ): Promise<OutlookHistory> {
    return this.outlooks.read(tx, actor, id, query);
  }

  /**
   * State the outlook of the renewal
   * @remarks What the CSM expects of the current term’s renewal. It changes nothing of the contract: only a notice
   * ends it. An outlook equal to the present one adds nothing to the history.
   */
  @Put()
  @Allow('outlook.write')
  @Refuses('next-step-missing', 'subscription-ended', 'subscription-annulled')
  stateOutlook(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: NewOutlook,
  ): Promise<PresentOutlookAnswer> {
    return this.outlooks.state(tx, actor, id, version, body);
  }
}
