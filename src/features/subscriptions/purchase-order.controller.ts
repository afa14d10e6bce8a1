import { Body, Controller, Get, Param, Patch } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { PurchaseOrderService } from './purchase-order.service.js';
import { TermAnswer, TermChange } from './term.dto.js';

@Controller('v1/terms')
export class PurchaseOrderController {
  constructor(private readonly purchaseOrders: PurchaseOrderService) {}

  @Get(':id')
  @Allow('terms.read')
  read(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<TermAnswer> {
    return this.purchaseOrders.read(tx, actor, id);
  }

  /** Sets the purchase order of a term, also of a closed one. */
  @Patch(':id')
  @Allow('subscriptions.write')
  change(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: TermChange,
  ): Promise<TermAnswer> {
    return this.purchaseOrders.change(tx, actor, id, version, body);
  }
}
