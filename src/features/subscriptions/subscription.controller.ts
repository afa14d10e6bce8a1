import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
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
  UpgradeQuery,
} from './subscription.dto.js';
import { SubscriptionService } from './subscription.service.js';
import { UpgradeService } from './upgrade.service.js';

@Controller('v1/subscriptions')
export class SubscriptionController {
  constructor(
    private readonly subscriptions: SubscriptionService,
    private readonly enrolments: EnrolmentService,
    private readonly upgrades: UpgradeService,
  ) {}

  /** Enters a purchase; of a contract that began in the past, the terms that are over are rolled at once. */
  @Post()
  @Allow('subscriptions.write')
  enter(@Tx() tx: Transaction, @Who() actor: Actor, @Body() body: NewSubscription): Promise<SubscriptionAnswer> {
    return this.subscriptions.enter(tx, actor, body);
  }

  @Get()
  @Allow('subscriptions.read')
  list(@Tx() tx: Transaction, @Who() actor: Actor, @Query() query: SubscriptionsQuery): Promise<SubscriptionList> {
    return this.subscriptions.list(tx, actor, query);
  }

  @Get(':id')
  @Allow('subscriptions.read')
  read(@Tx() tx: Transaction, @Who() actor: Actor, @Param('id') id: string): Promise<SubscriptionAnswer> {
    return this.subscriptions.read(tx, actor, id);
  }

  @Patch(':id')
  @Allow('subscriptions.write')
  change(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: SubscriptionChange,
  ): Promise<SubscriptionAnswer> {
    return this.subscriptions.change(tx, actor, id, version, body);
  }

  /** Enrols exactly these product lines from a day of the current term on. */
  @Put(':id/product-lines')
  @Allow('subscriptions.write')
  changeProductLines(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: ProductLinesChange,
  ): Promise<SubscriptionAnswer> {
    return this.enrolments.change(tx, actor, id, version, body);
  }

  /** Puts the current term under a better package. */
  @Post(':id/upgrade')
  @HttpCode(200)
  @Allow('upgrades.write')
  upgrade(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: Upgrade,
    @Query() query: UpgradeQuery,
  ): Promise<UpgradeAnswer> {
    return this.upgrades.upgrade(tx, actor, id, body, query.dryRun ?? false);
  }

  /** Sets the package of the next renewal; it can be changed or dropped until then. */
  @Put(':id/next-package')
  @Allow('upgrades.write')
  setNextPackage(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
    @Body() body: NextPackage,
  ): Promise<SubscriptionAnswer> {
    return this.subscriptions.setNextPackage(tx, actor, id, version, body.package);
  }

  /** Drops the change of package at the next renewal. */
  @Delete(':id/next-package')
  @Allow('upgrades.write')
  dropNextPackage(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @IfMatch() version: number,
  ): Promise<SubscriptionAnswer> {
    return this.subscriptions.setNextPackage(tx, actor, id, version, null);
  }
}
