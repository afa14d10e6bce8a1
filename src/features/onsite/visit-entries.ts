import { Injectable } from '@nestjs/common';
import type { VisitEntry } from '../../domain/onsite.js';
import { Contributions } from '../../platform/contributions.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** The room that has the time entries comes later. */
const visitEntrySources = ['hours'] as const;
export type VisitEntrySourceName = (typeof visitEntrySources)[number];

/** Returns the entries of a visit by work day, without reversed ones. */
export type VisitEntrySource = (tx: Transaction, visitId: string) => Promise<VisitEntry[]>;

@Injectable()
export class VisitEntrySources extends Contributions<VisitEntrySourceName, VisitEntrySource> {
  constructor() {
    super(visitEntrySources);
  }
}
