import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { AllocationsAnswer, AllocationsAsked, AllocationsQuery } from './allocation.dto.js';
import { AllocationService } from './allocation.service.js';

@Controller('v1/subscriptions/:id/allocations')
export class AllocationController {
  constructor(private readonly allocations: AllocationService) {}

  /** The present set of the current term, or the one of another day. */
  @Get()
  @Allow('allocations.read')
  read(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: AllocationsQuery,
  ): Promise<AllocationsAnswer> {
    return this.allocations.read(tx, actor, subscriptionId, query);
  }

  /** Replaces the whole set. */
  @Put()
  @Allow('allocations.write')
  replace(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @IfMatch() version: number,
    @Body() body: AllocationsAsked,
  ): Promise<AllocationsAnswer> {
    return this.allocations.replace(tx, actor, subscriptionId, version, body);
  }
}
