import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Month } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';
import { bookedHours } from './booked-hours.js';
import type { ListedAdjustment } from './listed-adjustment.js';

/** Reads the rows that adjust a closed month. The index of adjustments finds them: they are few. */
@Injectable()
export class AdjustmentListStore {
  list(
    tx: Transaction,
    visibility: Visibility,
    month: Month,
    limit: number,
  ): Promise<(ListedAdjustment & { count: number })[]> {
    const values: unknown[] = [month, limit];
    const seen = visibilityCondition(visibility, 's', values);
    const parts = bookedHours.map(
      ({ alias, sign, tables }) => `
select '${sign < 0 ? 'reversal' : 'entry'}' as kind, e.id as "timeEntryId", e.subscription_id as "subscriptionId", c.name as customer,
  consultant.name as consultant, line.code as "productLine", e.work_date as "workDate", ${sign} * e.minutes as minutes, e.summary,
  ${alias}.accounting_month as "accountingMonth", ${alias}.adjusts_month as "adjustsMonth",
  ${sign < 0 ? 'r.reason' : 'e.adjustment_reason'} as reason, ${alias}.recorded_at as "recordedAt", recorder.name as "recordedBy",
  ${alias}.id as "lineId"
from ${tables}
join subscriptions s on s.id = e.subscription_id
join customers c on c.id = s.customer_id
join consultants consultant on consultant.id = e.consultant_id
join product_lines line on line.id = e.product_line_id
join users recorder on recorder.id = ${alias}.recorded_by
where ${alias}.adjusts_month is not null and ${alias}.accounting_month >= $1
  and (${alias}.accounting_month = $1 or ${alias}.adjusts_month = $1) and s.status <> 'annulled' and ${seen}`,
    );
    return tx.query(
      `select found.*, count(*) over () as count from (${parts.join(' union all ')}) as found
       order by "recordedAt" desc, "lineId" limit $2`,
      values,
    );
  }
}
