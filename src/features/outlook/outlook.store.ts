import { Injectable } from '@nestjs/common';
import type { Outlook } from '../../domain/outlook.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { OutlookRecord } from './outlook.js';

export interface NewOutlookRecord extends Outlook {
  id: string;
  subscriptionId: string;
  termId: string;
  sequence: number;
  recordedAt: Date;
  recordedBy: string;
}

const outlookColumns = `o.id, o.term_id as "termId", t.number as "termNumber", o.sequence, o.expectation, o.reason,
  o.next_step as "nextStep", o.next_step_on as "nextStepOn", o.recorded_at as "recordedAt",
  u.id as "recordedById", u.name as "recordedByName"`;

const outlookTables = `outlooks o join terms t on t.id = o.term_id join users u on u.id = o.recorded_by`;

/** The outlooks of terms. No row changes: a new outlook is a new row. */
@Injectable()
export class OutlookStore {
  /** The present outlook of each term, by term id. Omits terms without one. */
  async present(tx: Transaction, termIds: readonly string[]): Promise<Map<string, OutlookRecord>> {
    const rows = await tx.query<OutlookRecord>(
      `select distinct on (o.term_id) ${outlookColumns} from ${outlookTables}
       where o.term_id = any($1::uuid[]) order by o.term_id, o.sequence desc`,
      [termIds],
    );
    return new Map(rows.map((row) => [row.termId, row]));
  }

  /** The outlooks of all terms of a subscription, newest first, before a sequence. */
  history(tx: Transaction, subscriptionId: string, before: number | null, limit: number): Promise<OutlookRecord[]> {
    return tx.query(
      `select ${outlookColumns} from ${outlookTables}
       where o.subscription_id = $1 and ($2::integer is null or o.sequence < $2) order by o.sequence desc limit $3`,
      [subscriptionId, before, limit],
    );
  }

  /** How many outlooks the subscription has: the version for `If-Match`. */
  async count(tx: Transaction, subscriptionId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      'select coalesce(max(sequence), 0) as count from outlooks where subscription_id = $1',
      [subscriptionId],
    );
    return row!.count;
  }

  async insert(tx: Transaction, row: NewOutlookRecord): Promise<void> {
    await tx.query(
      `insert into outlooks (id, subscription_id, term_id, sequence, expectation, reason, next_step, next_step_on,
         recorded_at, recorded_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        row.id,
        row.subscriptionId,
        row.termId,
        row.sequence,
        row.expectation,
        row.reason,
        row.nextStep,
        row.nextStepOn,
        row.recordedAt,
        row.recordedBy,
      ],
    );
  }
}
