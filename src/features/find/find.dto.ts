import type { Day } from '../../domain/calendar.js';
import type { SubscriptionStatus } from '../../domain/contract.js';
import type { PackageCode } from '../../domain/package.js';

/** What the finder found, best match first in each list. */
export interface FoundAnswer {
  customers: { id: string; name: string; code: string | null }[];
  subscriptions: {
    id: string;
    customer: string;
    contractNumber: string | null;
    package: PackageCode;
    status: SubscriptionStatus;
    /** The last day of the current term. */
    endsOn: Day;
  }[];
  consultants: { id: string; name: string; email: string }[];
  /** References of entries, for example case numbers, with the subscription of the entries. */
  references: { reference: string; subscriptionId: string; customer: string }[];
}
