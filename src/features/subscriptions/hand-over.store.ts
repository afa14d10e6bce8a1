import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import type { HandedOverSubscription } from './hand-over.dto.js';

/** SQL for the change of the CSM of many subscriptions. */
@Injectable()
export class HandOverStore {
  async activeOf(tx: Transaction, csmId: string): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `select id from subscriptions where csm_id = $1 and status = 'active'`,
      [csmId],
    );
    return rows.map(({ id }) => id);
  }

  /** Those of the subscriptions that are active and have this CSM, by the last day for a notice. */
  owned(tx: Transaction, csmId: string, ids: readonly string[]): Promise<HandedOverSubscription[]> {
    return tx.query(
      `select s.id as "subscriptionId", c.id as "customerId", c.name as customer, s.contract_number as "contractNumber",
         t.package, t.notice_deadline_on as "noticeDeadline", t.ends_on as "endsOn"
       from subscriptions s join customers c on c.id = s.customer_id join terms t on t.id = s.current_term_id
       where s.id = any($2::uuid[]) and s.csm_id = $1 and s.status = 'active'
       order by t.notice_deadline_on, s.id`,
      [csmId, ids],
    );
  }

  async give(tx: Transaction, ids: readonly string[], csmId: string): Promise<void> {
    await tx.query('update subscriptions set csm_id = $2, version = version + 1 where id = any($1::uuid[])', [
      ids,
      csmId,
    ]);
  }
}
