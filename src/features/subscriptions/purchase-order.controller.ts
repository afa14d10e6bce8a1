import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { PurchaseOrderService } from './purchase-order.service.js';
import { TermAnswer, TermChange } from './term.dto.js';

@ApiTags('Terms and balances')
@Controller('v1/terms')
export class PurchaseOrderController {
  constructor(private readonly purchaseOrders: PurchaseOrderService) {}

  /** Get a term */
  @Get(':id')
  @Allow('terms.read')
  getTerm(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<TermAnswer> {
    return this.purchaseOrders.read(tx, actor, id);
  }

  /**
   * Set the purchase order of a term
   * @remarks Closed terms can be changed too.
   */
  @Patch(':id')
  @Allow('subscriptions.write')
  @Refuses('subscription-annulled')
  updateTerm(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: TermChange,
  ): Promise<TermAnswer> {
    return this.purchaseOrders.change(tx, actor, id, version, body);
  }
}
