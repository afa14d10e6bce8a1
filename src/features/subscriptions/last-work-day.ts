import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import { Contributions } from '../../platform/contributions.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** The room that has the time entries comes later. */
const lastWorkDays = ['hours'] as const;
export type LastWorkDayName = (typeof lastWorkDays)[number];

/** Returns the last day of a term with work on another product line than these; null if there is none. */
export type LastWorkDay = (
  tx: Transaction,
  term: { id: string; subscriptionId: string },
  productLineIds: readonly string[],
) => Promise<Day | null>;

@Injectable()
export class LastWorkDays extends Contributions<LastWorkDayName, LastWorkDay> {
  constructor() {
    super(lastWorkDays);
  }
}
