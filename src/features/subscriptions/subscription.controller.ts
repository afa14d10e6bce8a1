import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { DryRunQuery } from '../../platform/http/dry-run.dto.js';
import { IfMatch } from '../../platform/http/etag.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { EnrolmentService } from './enrolment.service.js';
import {
  NewSubscription,
  NextPackage,
  ProductLinesChange,
  SubscriptionAnswer,
  SubscriptionChange,
  SubscriptionList,
  SubscriptionsQuery,
  Upgrade,
  UpgradeAnswer,
} from './subscription.dto.js';
import { SubscriptionService } from './subscription.service.js';
import { UpgradeService } from './upgrade.service.js';

@ApiTags('Subscriptions')
@Controller('v1/subscriptions')
export class SubscriptionController {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly enrolments: EnrolmentService,
    private readonly upgrades: UpgradeService,
  ) {}

  /**
   * Create a subscription and its first term
   * @remarks With a `startsOn` in the past, the service also creates the terms that have passed since then. Each term
   * that is over is closed, and its unused minutes expire.
   */
  @Post()
  @Allow('subscriptions.write')
  @Refuses(
    'customer-unknown',
    'reference-unknown',
    'csm-required',
    'not-a-csm',
    'user-inactive',
    'starts-on-out-of-range',
    'purchased-at-out-of-range',
    'package-not-offered',
    'too-many-product-lines',
    'contract-number-already-used',
    'rules-violated',
  )
  createSubscription(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Body() body: NewSubscription,
  ): Promise<SubscriptionAnswer> {
    return this.subscriptions.enter(tx, actor, body);
  }

  /** List subscriptions */
  @Get()
  @Allow('subscriptions.read')
  listSubscriptions(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Query() query: SubscriptionsQuery,
  ): Promise<SubscriptionList> {
    return this.subscriptions.list(tx, actor, query);
  }

  /**
   * Get a subscription with its current term and balance
   * @remarks An annulled subscription can still be read here.
   */
  @Get(':id')
  @Allow('subscriptions.read')
  getSubscription(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<SubscriptionAnswer> {
    return this.subscriptions.read(tx, actor, id);
  }

  /** Change the CSM, the pace policy or the contract number */
  @Patch(':id')
  @Allow('subscriptions.write')
  @Refuses('not-a-csm', 'user-inactive', 'contract-number-already-used', 'subscription-ended', 'subscription-annulled')
  updateSubscription(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: SubscriptionChange,
  ): Promise<SubscriptionAnswer> {
    return this.subscriptions.change(tx, actor, id, version, body);
  }

  /**
   * Set the enrolled product lines
   * @remarks From `effectiveOn` on, exactly these lines are enrolled. The package limits how many are enrolled on one
   * day. A line cannot leave while it has allocated minutes that are not used.
   */
  @Put(':id/product-lines')
  @Allow('subscriptions.write')
  @Refuses(
    'reference-unknown',
    'effective-on-out-of-range',
    'too-many-product-lines',
    'product-line-in-use',
    'subscription-ended',
    'subscription-annulled',
    'rules-violated',
  )
  setProductLines(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: ProductLinesChange,
  ): Promise<SubscriptionAnswer> {
    return this.enrolments.change(tx, actor, id, version, body);
  }

  /**
   * Upgrade the current term to a better package
   * @remarks The term keeps its dates. Its minutes are prorated by days: those before `effectiveOn` under the old
   * package, the others under the new one. A change that lowers any limit is not an upgrade; set it as the next
   * package. With `dryRun=true`, the answer shows the result and nothing is saved.
   */
  @Post(':id/upgrade')
  @HttpCode(200)
  @Allow('upgrades.write')
  @Refuses(
    'not-an-upgrade',
    'upgrade-in-future',
    'effective-on-out-of-range',
    'package-not-offered',
    'term-not-open',
    'subscription-ended',
    'subscription-annulled',
    'rules-violated',
  )
  upgradeSubscription(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: Upgrade,
    @Query() query: DryRunQuery,
  ): Promise<UpgradeAnswer> {
    return this.upgrades.upgrade(tx, actor, id, body, query.dryRun ?? false);
  }

  /**
   * Choose the package of the next term
   * @remarks The change takes effect at the next renewal. Until then it can be changed or dropped.
   */
  @Put(':id/next-package')
  @Allow('upgrades.write')
  @Refuses('package-not-offered', 'subscription-ended', 'subscription-annulled')
  setNextPackage(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: NextPackage,
  ): Promise<SubscriptionAnswer> {
    return this.subscriptions.setNextPackage(tx, actor, id, version, body.package);
  }

  /** Keep the present package at the next renewal */
  @Delete(':id/next-package')
  @Allow('upgrades.write')
  @Refuses('no-next-package', 'subscription-ended', 'subscription-annulled')
  dropNextPackage(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
  ): Promise<SubscriptionAnswer> {
    return this.subscriptions.setNextPackage(tx, actor, id, version, null);
  }
}
