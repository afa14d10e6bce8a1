import { Injectable } from '@nestjs/common';
import { visibilityOf } from '../../domain/access.js';
import { dayAt, type Day } from '../../domain/calendar.js';
import { currentTerm } from '../../domain/contract.js';
import type { CustomerAnswer } from '../../features/customers/customer.dto.js';
import { ConsultantService } from '../../features/customers/consultant.service.js';
import { CustomerService } from '../../features/customers/customer.service.js';
import { ProductLineService } from '../../features/customers/product-line.service.js';
import { UserService } from '../../features/people/user.service.js';
import type { SubscriptionContract, SubscriptionTerm } from '../../features/subscriptions/contract.js';
import { ContractService } from '../../features/subscriptions/contract.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { PageReader } from '../page/console-page.js';

/** What every section of a subscription shows at its top. */
export interface SubscriptionHead {
  id: string;
  contract: SubscriptionContract;
  /** The current term. */
  term: SubscriptionTerm;
  customer: CustomerAnswer;
  csm: { id: string; name: string; email: string };
  /** Today at the customer. */
  today: Day;
}

/** The names of consultants and product lines by their ids. */
export interface WorkNames {
  consultants: ReadonlyMap<string, string>;
  productLines: ReadonlyMap<string, string>;
}

/** Reads what all sections of a subscription need. */
@Injectable()
export class SubscriptionHeads {
  constructor(
    private readonly contracts: ContractService,
    private readonly customers: CustomerService,
    private readonly users: UserService,
    private readonly consultants: ConsultantService,
    private readonly productLines: ProductLineService,
  ) {}

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, { actor, now }: PageReader, id: string): Promise<SubscriptionHead> {
    const contract = await this.contracts.see(tx, visibilityOf(actor, 'subscriptions.read'), id);
    const customer = await this.customers.read(tx, actor, contract.customerId);
    const csm = await this.users.read(tx, contract.csmId);
    return { id, contract, term: currentTerm(contract), customer, csm, today: dayAt(now, contract.timeZone) };
  }

  /** The names of consultants, and of all product lines that the subscription ever had. */
  async names(
    tx: Transaction,
    { contract }: SubscriptionHead,
    ids: { consultantIds: Iterable<string>; productLineIds?: Iterable<string> },
  ): Promise<WorkNames> {
    const lineIds = new Set([
      ...contract.enrolments.map(({ productLineId }) => productLineId),
      ...(ids.productLineIds ?? []),
    ]);
    const consultants = await this.consultants.find(tx, [...new Set(ids.consultantIds)]);
    const productLines = await this.productLines.find(tx, [...lineIds]);
    return {
      consultants: new Map(consultants.map(({ id, name }) => [id, name])),
      productLines: new Map(productLines.map(({ id, name }) => [id, name])),
    };
  }
}
