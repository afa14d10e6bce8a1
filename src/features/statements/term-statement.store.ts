import type { Activity, Delivery } from '../../domain/time-entry.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { CopiedRow, Statement } from '../../platform/database/snapshot.js';
import { identityColumns, identityOf, type SubscriptionIdentity } from '../subscriptions/subscription-identity.js';
import type { StatedWork } from './term-statement.js';

/** How the customer knows the term, and the seats in use at its end. */
export async function factsOfTerm(
  tx: Transaction,
  termId: string,
): Promise<{ identity: SubscriptionIdentity; expiredSeats: number }> {
  const [row] = await tx.query<SubscriptionIdentity & { expiredSeats: number }>(
    `select ${identityColumns},
       (select count(*) from seats where term_id = t.id and ended_because = 'expired') as "expiredSeats"
       from terms t join subscriptions s on s.id = t.subscription_id join customers c on c.id = s.customer_id
      where t.id = $1`,
    [termId],
  );
  return { identity: identityOf(row!), expiredSeats: row!.expiredSeats };
}

/**
 * The entries of a term by work day, each directly before its reversal, as `statedWork` reads them. A reversal prints
 * its note for the customer; its reason is for staff. The statement is about the tables of several rooms, so it reads
 * them itself.
 */
export const workOfTerm = (subscriptionId: string, termId: string): Statement => ({
  sql: `
select e.work_date, consultant.name, product_line.name, e.activity, e.delivery, line.minutes, e.reference, line.summary,
  line.adjusts_month
from time_entries e
join consultants consultant on consultant.id = e.consultant_id
join product_lines product_line on product_line.id = e.product_line_id
left join time_entry_reversals r on r.time_entry_id = e.id
cross join lateral (
  select e.minutes, e.summary, e.adjusts_month
  union all
  select -e.minutes, coalesce(r.customer_note, ''), r.adjusts_month where r.id is not null
) line
where e.subscription_id = $1 and e.term_id = $2
order by e.work_date, e.id, line.minutes desc`,
  values: [subscriptionId, termId],
});

export function statedWork(row: CopiedRow): StatedWork {
  const [workDate, consultant, productLine, activity, delivery, minutes, reference, summary, adjustsMonth] = row;
  return {
    workDate: workDate!,
    consultant: consultant!,
    productLine: productLine!,
    activity: activity as Activity,
    delivery: delivery as Delivery,
    minutes: Number(minutes),
    reference: reference!,
    summary: summary!,
    adjustsMonth: adjustsMonth!,
  };
}
