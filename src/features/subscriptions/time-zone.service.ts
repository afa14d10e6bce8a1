import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ServiceRules } from '../../domain/service-rules.js';
import { termInstantsMoved } from '../../domain/term-instants.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database.js';
import { CustomerService } from '../customers/customer.service.js';
import { ContractStore } from './contract.store.js';
import { TermStore } from './term.store.js';

/** Follows a customer into another time zone with all that is still to come of its terms. */
@Injectable()
export class TimeZoneService implements OnModuleInit {
  constructor(
    private readonly clock: Clock,
    private readonly customers: CustomerService,
    private readonly contracts: ContractStore,
    private readonly terms: TermStore,
    private readonly rules: ServiceRules,
  ) {}

  onModuleInit(): void {
    this.customers.onTimeZoneChanged((tx, customerId, timeZone) => this.move(tx, customerId, timeZone));
  }

  async move(tx: Transaction, customerId: string, timeZone: string): Promise<void> {
    const now = this.clock.now();
    const contracts = await this.contracts.load(tx, await this.contracts.raiseOfCustomer(tx, customerId));
    const open = [...contracts.values()].flatMap(({ terms }) => terms.filter(({ status }) => status === 'open'));
    await this.terms.move(
      tx,
      open.map((term) => ({ id: term.id, ...termInstantsMoved({ ...term, timeZone }, now, this.rules) })),
    );
  }
}
