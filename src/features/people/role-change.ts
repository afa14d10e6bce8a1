import { Injectable } from '@nestjs/common';
import { Contributions } from '../../platform/contributions.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** Everything that can stand against a change of a user's role or customer, or a deactivation. */
const roleChangeChecks = [
  // subscriptions
  'active-subscriptions',
] as const;
export type RoleChangeCheckName = (typeof roleChangeChecks)[number];

/**
 * Runs before the change, in its transaction, while the user is locked.
 * @throws Refusal if the user keeps role and customer, and stays active
 */
export type RoleChangeCheck = (tx: Transaction, userId: string) => Promise<void>;

@Injectable()
export class RoleChangeChecks extends Contributions<RoleChangeCheckName, RoleChangeCheck> {
  constructor() {
    super(roleChangeChecks);
  }
}
