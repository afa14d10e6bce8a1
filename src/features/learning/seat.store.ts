import { Injectable } from '@nestjs/common';
import type { Learner } from '../../domain/seats.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { groupedByTerm } from '../subscriptions/grouped-by-term.js';

/** A seat of a learner. `endedBecause` is null while the seat is in use. */
export interface Seat extends Learner {
  id: string;
  subscriptionId: string;
  termId: string;
  learnerName: string;
  assignedAt: Date;
  endedAt: Date | null;
  endedBecause: 'released' | 'expired' | null;
}

export type ExpiredSeat = Pick<Seat, 'termId' | 'learnerName' | 'learnerEmail'>;

/** A seat to be inserted. `assignedBy` is null if a roll-over assigned the seat. */
export interface NewSeatRow extends Learner {
  id: string;
  subscriptionId: string;
  termId: string;
  sequence: number;
  learnerName: string;
  assignedAt: Date;
  assignedBy: string | null;
}

const columns = `id, subscription_id as "subscriptionId", term_id as "termId", learner_name as "learnerName",
  learner_email as "learnerEmail", assigned_at as "assignedAt", ended_at as "endedAt", ended_because as "endedBecause"`;

/** All SQL of the seats. */
@Injectable()
export class SeatStore {
  async find(tx: Transaction, id: string): Promise<Seat | undefined> {
    const [seat] = await tx.query<Seat>(`select ${columns} from seats where id = $1`, [id]);
    return seat;
  }

  /** Seats of a subscription in the order of creation, after `afterId`; ended seats only on request. */
  list(
    tx: Transaction,
    subscriptionId: string,
    { ended, after, limit }: { ended: boolean; after: string | null; limit: number },
  ): Promise<Seat[]> {
    return tx.query<Seat>(
      `select ${columns} from seats
       where subscription_id = $1 and ($2 or ended_at is null) and ($3::uuid is null or id > $3)
       order by id limit $4`,
      [subscriptionId, ended, after, limit],
    );
  }

  inUse(tx: Transaction, termId: string): Promise<Learner[]> {
    return tx.query<Learner>(
      `select learner_email as "learnerEmail" from seats where term_id = $1 and ended_at is null order by sequence`,
      [termId],
    );
  }

  /** The number of seats of a term that were in use at an instant. */
  async usedAt(tx: Transaction, termId: string, at: Date): Promise<number> {
    const [row] = await tx.query<{ count: number }>(
      `select count(*) as count from seats
       where term_id = $1 and assigned_at < $2 and (ended_at is null or ended_at > $2)`,
      [termId, at],
    );
    return row!.count;
  }

  /** The number of the next seat of a term. Released seats keep their numbers. */
  async nextSequence(tx: Transaction, termId: string): Promise<number> {
    const [row] = await tx.query<{ next: number }>(
      'select coalesce(max(sequence), 0) + 1 as next from seats where term_id = $1',
      [termId],
    );
    return row!.next;
  }

  async insert(tx: Transaction, seats: readonly NewSeatRow[]): Promise<void> {
    if (seats.length === 0) return;
    await tx.query(
      `insert into seats (id, subscription_id, term_id, sequence, learner_name, learner_email, assigned_at, assigned_by)
       select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::text[], $6::text[], $7::timestamptz[], $8::uuid[])`,
      [
        seats.map(({ id }) => id),
        seats.map(({ subscriptionId }) => subscriptionId),
        seats.map(({ termId }) => termId),
        seats.map(({ sequence }) => sequence),
        seats.map(({ learnerName }) => learnerName),
        seats.map(({ learnerEmail }) => learnerEmail),
        seats.map(({ assignedAt }) => assignedAt),
        seats.map(({ assignedBy }) => assignedBy),
      ],
    );
  }

  async release(tx: Transaction, id: string, now: Date): Promise<void> {
    await tx.query(`update seats set ended_at = $2, ended_because = 'released' where id = $1`, [id, now]);
  }

  /**
   * Ends all seats in use of the terms, each at the end of its term. Returns the ended seats of each term, in the order of assignment.
   * A term without seats in use is left out.
   */
  async expire(tx: Transaction, terms: readonly { termId: string; at: Date }[]): Promise<Map<string, ExpiredSeat[]>> {
    const rows = await tx.query<ExpiredSeat>(
      `with expired as (
         update seats s set ended_at = t.at, ended_because = 'expired'
         from unnest($1::uuid[], $2::timestamptz[]) as t (term_id, at)
         where s.term_id = t.term_id and s.ended_at is null
         returning s.term_id, s.sequence, s.learner_name, s.learner_email
       )
       select term_id as "termId", learner_name as "learnerName", learner_email as "learnerEmail"
       from expired order by term_id, sequence`,
      [terms.map(({ termId }) => termId), terms.map(({ at }) => at)],
    );
    return groupedByTerm(rows);
  }
}
