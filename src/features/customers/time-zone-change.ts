import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import { Contributions } from '../../platform/contributions.js';

/** A customer who has moved to another time zone. */
export interface TimeZoneChange {
  customerId: string;
  from: string;
  to: string;
}

/** Everything that follows a change of the zone. Future instants depend on it, so each room that stores some computes them again. */
const timeZoneSteps = [
  // subscriptions
  'move-terms',
  // usage
  'check-alerts-again',
  'move-usage-statements',
] as const;
export type TimeZoneStepName = (typeof timeZoneSteps)[number];

/** Runs in the transaction of the change, after the zone is written. */
export type TimeZoneStep = (tx: Transaction, change: TimeZoneChange) => Promise<void>;

@Injectable()
export class TimeZoneSteps extends Contributions<TimeZoneStepName, TimeZoneStep> {
  constructor() {
    super(timeZoneSteps);
  }
}
