import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { IfMatch } from '../../platform/http/etag.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { AllocationsAnswer, NewAllocations, AllocationsQuery } from './allocation.dto.js';
import { AllocationService } from './allocation.service.js';

@ApiTags('Allocations')
@Controller('v1/subscriptions/:id/allocations')
export class AllocationController {
  constructor(private readonly allocations: AllocationService) {}

  /**
   * Get the allocations of the current term
   * @remarks With `on`, the set that was in force on that day.
   */
  @Get()
  @Allow('allocations.read')
  @Refuses('term-not-found')
  getAllocations(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @Query() query: AllocationsQuery,
  ): Promise<AllocationsAnswer> {
    return this.allocations.read(tx, actor, subscriptionId, query);
  }

  /**
   * Replace the allocations of the current term
   * @remarks The body is the whole set. A pair that is left out is closed: its unused minutes are free again. The
   * first set of a term holds from the first day of the term, a later one from today.
   */
  @Put()
  @Allow('allocations.write')
  @Refuses(
    'too-many-consultants',
    'allocations-exceed-grant',
    'allocation-below-used',
    'several-primaries',
    'duplicate-allocation',
    'product-line-not-enrolled',
    'product-line-leaving',
    'reference-unknown',
    'subscription-ended',
    'subscription-annulled',
    'rules-violated',
  )
  setAllocations(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') subscriptionId: string,
    @IfMatch() version: number,
    @Body() body: NewAllocations,
  ): Promise<AllocationsAnswer> {
    return this.allocations.replace(tx, actor, subscriptionId, version, body);
  }
}
