import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { TopUp, TopUpCancelled } from './top-up.js';

interface TopUpRow extends Omit<TopUp, 'cancellation'> {
  cancelledMinutes: number | null;
  cancellationReason: string | null;
  cancelledAt: Date | null;
  cancelledBy: string | null;
}

const topUps = `
  select u.id, t.subscription_id as "subscriptionId", u.term_id as "termId", u.kind, u.minutes, u.effective_on as "effectiveOn",
    u.order_number as "orderNumber", u.reason, u.entered_at as "enteredAt", u.entered_by as "enteredBy",
    u.cancelled_minutes as "cancelledMinutes", u.cancellation_reason as "cancellationReason", u.cancelled_at as "cancelledAt",
    u.cancelled_by as "cancelledBy"
  from top_ups u join terms t on t.id = u.term_id`;

/** All SQL of the top-ups. A trigger compares each with its entries in the ledger, so the ledger is written first. */
@Injectable()
export class TopUpStore {
  async find(tx: Transaction, id: string): Promise<TopUp | undefined> {
    const [row] = await tx.query<TopUpRow>(`${topUps} where u.id = $1`, [id]);
    return row && topUpOf(row);
  }

  /** Top-ups of a subscription in the order in which they were entered, after `afterId`. */
  async list(
    tx: Transaction,
    subscriptionId: string,
    { after, limit }: { after: string | null; limit: number },
  ): Promise<TopUp[]> {
    const rows = await tx.query<TopUpRow>(
      `${topUps} where t.subscription_id = $1 and ($2::uuid is null or u.id > $2) order by u.id limit $3`,
      [subscriptionId, after, limit],
    );
    return rows.map(topUpOf);
  }

  /** The top-ups of a term in the order in which they were entered, cancelled ones included. */
  async ofTerm(tx: Transaction, termId: string): Promise<TopUp[]> {
    const rows = await tx.query<TopUpRow>(`${topUps} where u.term_id = $1 order by u.sequence`, [termId]);
    return rows.map(topUpOf);
  }

  /** The number of top-ups that were entered for a term, cancelled ones included. */
  async entered(tx: Transaction, termId: string): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      'select count(*)::integer as count from top_ups where term_id = $1',
      [termId],
    );
    return row!.count;
  }

  /** The minutes of each top-up of a term as they counted after the entry `lastSequence` of its ledger. */
  countedThen(tx: Transaction, termId: string, lastSequence: number): Promise<{ effectiveOn: Day; minutes: number }[]> {
    return tx.prepared(
      'top-ups-counted-then',
      `select effective_on as "effectiveOn",
         minutes - case when cancelled_sequence <= $2 then cancelled_minutes else 0 end as minutes
       from top_ups where term_id = $1 and sequence <= $2 order by effective_on, sequence`,
      [termId, lastSequence],
    );
  }

  /** `sequence` is the number of its entry in the ledger of the term. */
  async insert(tx: Transaction, topUp: TopUp, sequence: number): Promise<void> {
    await tx.query(
      `insert into top_ups (id, term_id, sequence, kind, minutes, effective_on, order_number, reason, entered_at, entered_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        topUp.id,
        topUp.termId,
        sequence,
        topUp.kind,
        topUp.minutes,
        topUp.effectiveOn,
        topUp.orderNumber,
        topUp.reason,
        topUp.enteredAt,
        topUp.enteredBy,
      ],
    );
  }

  /** `sequence` is the number of the entry that takes the minutes back. */
  async cancel(tx: Transaction, id: string, cancelled: TopUpCancelled, sequence: number): Promise<void> {
    await tx.query(
      `update top_ups set cancelled_sequence = $2, cancelled_minutes = $3, cancellation_reason = $4, cancelled_at = $5,
         cancelled_by = $6
       where id = $1`,
      [id, sequence, cancelled.minutes, cancelled.reason, cancelled.cancelledAt, cancelled.cancelledBy],
    );
  }
}

function topUpOf({ cancelledMinutes, cancellationReason, cancelledAt, cancelledBy, ...topUp }: TopUpRow): TopUp {
  if (cancelledMinutes === null || cancellationReason === null || cancelledAt === null || cancelledBy === null) {
    return { ...topUp, cancellation: null };
  }
  return {
    ...topUp,
    cancellation: { minutes: cancelledMinutes, reason: cancellationReason, cancelledAt, cancelledBy },
  };
}
