import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { csmContactColumns } from '../people/csm-contact.js';
import { groupedByTerm } from '../subscriptions/grouped-by-term.js';
import { identityColumns } from '../subscriptions/subscription-identity.js';
import type { UsageAudience } from './usage-audience.js';

/** The minutes of a term that became effective on a day. */
export interface EffectiveDay {
  day: Day;
  grantedMinutes: number;
  usedMinutes: number;
  expiredMinutes: number;
  onsiteUsedMinutes: number;
}

/** Reads the facts that all usage mails share. */
@Injectable()
export class UsageStore {
  async audiences(tx: Transaction, termIds: readonly string[]): Promise<Map<string, UsageAudience>> {
    const rows = await tx.query<UsageAudience>(
      `select t.id as "termId", c.name as "customerName", c.locale, c.contacts, ${csmContactColumns},
         ${identityColumns}
       from terms t
       join subscriptions s on s.id = t.subscription_id
       join customers c on c.id = s.customer_id
       join users u on u.id = s.csm_id
       where t.id = any($1::uuid[])`,
      [termIds],
    );
    return new Map(rows.map((row) => [row.termId, row]));
  }

  /** The minutes that became effective on each day of terms, up to a day for each term. */
  async days(tx: Transaction, upTo: ReadonlyMap<string, Day>): Promise<Map<string, EffectiveDay[]>> {
    const rows = await tx.query<EffectiveDay & { termId: string }>(
      `select d.term_id as "termId", d.day, d.granted_minutes as "grantedMinutes", d.used_minutes as "usedMinutes",
         d.expired_minutes as "expiredMinutes", d.onsite_used_minutes as "onsiteUsedMinutes"
       from unnest($1::uuid[], $2::date[]) as wanted (term_id, up_to)
       join term_days d on d.term_id = wanted.term_id and d.day <= wanted.up_to`,
      [[...upTo.keys()], [...upTo.values()]],
    );
    return groupedByTerm(rows);
  }
}
