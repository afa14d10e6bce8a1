import type { Day } from '../../domain/calendar.js';
import type { TopUpKind } from '../../domain/entitlement.js';

/** The cancellation of a top-up. `minutes` are those that it took back. */
export interface TopUpCancelled {
  minutes: number;
  reason: string;
  cancelledAt: Date;
  cancelledBy: string;
}

/** A top-up with all its fields. */
export interface TopUp {
  id: string;
  subscriptionId: string;
  termId: string;
  kind: TopUpKind;
  minutes: number;
  effectiveOn: Day;
  orderNumber: string | null;
  reason: string | null;
  enteredAt: Date;
  enteredBy: string;
  cancellation: TopUpCancelled | null;
}
