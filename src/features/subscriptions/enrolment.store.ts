import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { newId } from '../../platform/ids.js';

/** Writes the product lines of a subscription, with their days. */
@Injectable()
export class EnrolmentStore {
  /** Enrols product lines from a day on, in the order of the request. */
  async enrol(
    tx: Transaction,
    subscriptionId: string,
    lines: readonly { productLineId: string; position: number }[],
    fromOn: Day,
  ): Promise<void> {
    await tx.query(
      `insert into enrolments (id, subscription_id, product_line_id, position, from_on)
       select l.id, $1, l.product_line_id, l.position, $2
       from unnest($3::uuid[], $4::uuid[], $5::integer[]) as l (id, product_line_id, position)`,
      [
        subscriptionId,
        fromOn,
        lines.map(() => newId()),
        lines.map(({ productLineId }) => productLineId),
        lines.map(({ position }) => position),
      ],
    );
  }

  /** Removes planned changes from a day on: product lines that would be added, and planned removals. */
  async forgetFrom(tx: Transaction, subscriptionId: string, day: Day): Promise<void> {
    await tx.query('delete from enrolments where subscription_id = $1 and from_on >= $2', [subscriptionId, day]);
    await tx.query('update enrolments set until_on = null where subscription_id = $1 and until_on >= $2', [
      subscriptionId,
      day,
    ]);
  }

  /** Ends the enrolment of present product lines on a day. */
  async leave(tx: Transaction, subscriptionId: string, productLineIds: readonly string[], day: Day): Promise<void> {
    await tx.query(
      `update enrolments set until_on = $3
       where subscription_id = $1 and product_line_id = any($2::uuid[]) and until_on is null`,
      [subscriptionId, productLineIds, day],
    );
  }

  /** Puts the present product lines into the order of the request. */
  async order(
    tx: Transaction,
    subscriptionId: string,
    lines: readonly { productLineId: string; position: number }[],
  ): Promise<void> {
    await tx.query(
      `update enrolments e set position = l.position
       from unnest($2::uuid[], $3::integer[]) as l (product_line_id, position)
       where e.subscription_id = $1 and e.product_line_id = l.product_line_id and e.until_on is null`,
      [subscriptionId, lines.map(({ productLineId }) => productLineId), lines.map(({ position }) => position)],
    );
  }
}
