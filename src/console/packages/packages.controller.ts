import { Get } from '@nestjs/common';
import { scopeOf } from '../../domain/access.js';
import { PackageService } from '../../features/packages/package.service.js';
import { SubscriptionService } from '../../features/subscriptions/subscription.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ConsoleController, ConsolePage, Reader } from '../page/console.decorators.js';
import { packagesPage } from './packages.page.js';

/** The published table of the packages, with the terms that each version has. */
@ConsoleController('packages')
export class PackagesController {
  constructor(
    private readonly packages: PackageService,
    private readonly subscriptions: SubscriptionService,
  ) {}

  @Get()
  @ConsolePage('packages.read')
  async show(@Tx() tx: Transaction, @Reader() reader: PageReader): Promise<ShownPage> {
    const seesAll = scopeOf('terms.read', reader.actor.role) === 'all';
    const inUse = seesAll ? await this.subscriptions.versionsInUse(tx) : undefined;
    return packagesPage(reader, this.packages.table, inUse);
  }
}
