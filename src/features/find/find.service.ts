import { Injectable } from '@nestjs/common';
import { scopeOf, type Actor, type Permission } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { ConsultantService } from '../customers/consultant.service.js';
import { CustomerService } from '../customers/customer.service.js';
import { HoursService } from '../hours/hours.service.js';
import { SubscriptionService } from '../subscriptions/subscription.service.js';
import type { FoundAnswer } from './find.dto.js';

/** The most rows of each kind. */
const mostOfKind = 8;

/** A text beyond this length finds nothing more than its beginning does. */
const longestText = 100;

/** With one character, nearly every reference would match. */
const leastOfReference = 2;

/** Finds customers, subscriptions, consultants and references of entries by a part of their name or number. */
@Injectable()
export class FindService {
  constructor(
    private readonly customers: CustomerService,
    private readonly subscriptions: SubscriptionService,
    private readonly consultants: ConsultantService,
    private readonly hours: HoursService,
  ) {}

  /** The best matches of each kind that the actor may see, up to eight of each. A blank text finds nothing. */
  async find(tx: Transaction, actor: Actor, asked: string): Promise<FoundAnswer> {
    const text = asked.trim().slice(0, longestText);
    const allowed = (permission: Permission): boolean => text !== '' && scopeOf(permission, actor.role) !== 'never';
    const found = async <T>(permission: Permission, find: () => Promise<T[]>): Promise<T[]> =>
      allowed(permission) ? find() : [];
    const customers = await found('customers.read', () => this.customers.matching(tx, actor, text, mostOfKind));
    const subscriptions = await found('subscriptions.read', () =>
      this.subscriptions.matching(tx, actor, text, mostOfKind),
    );
    const consultants = await found('consultants.read', () => this.consultants.matching(tx, text, mostOfKind));
    const references =
      text.length < leastOfReference
        ? []
        : await found('time-entries.read', () => this.hours.references(tx, actor, text, mostOfKind));
    const names = await this.customers.names(tx, [...new Set(references.map(({ customerId }) => customerId))]);
    return {
      customers,
      subscriptions,
      consultants,
      references: references.map(({ reference, subscriptionId, customerId }) => ({
        reference,
        subscriptionId,
        customer: names.get(customerId)!,
      })),
    };
  }
}
