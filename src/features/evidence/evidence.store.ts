import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';

/** The fields of a term that only the evidence needs. */
export interface TermOnRecord {
  subscriptionId: string;
  /** When the roll-over closed it. */
  closedAt: Date | null;
}

/** SQL that only the evidence needs. */
@Injectable()
export class EvidenceStore {
  async term(tx: Transaction, visibility: Visibility, termId: string): Promise<TermOnRecord | undefined> {
    const values: unknown[] = [termId];
    const [term] = await tx.query<TermOnRecord>(
      `select t.subscription_id as "subscriptionId", t.closed_at as "closedAt"
       from terms t join subscriptions s on s.id = t.subscription_id
       where t.id = $1 and ${visibilityCondition(visibility, 's', values)}`,
      values,
    );
    return term;
  }
}
