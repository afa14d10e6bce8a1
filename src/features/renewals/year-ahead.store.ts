import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Day } from '../../domain/calendar.js';
import type { Expectation } from '../../domain/outlook.js';
import type { PackageCode } from '../../domain/package.js';
import type { RenewalState } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { visibilityCondition } from '../people/visibility.js';

/** An open term that ends in the months ahead. */
export interface EndingTerm {
  termId: string;
  startsOn: Day;
  endsOn: Day;
  noticeDeadlineOn: Day;
  renewalState: RenewalState;
  package: PackageCode;
  /** Null if the package stays. */
  nextPackage: PackageCode | null;
  /** Null if no outlook is stated. */
  expectation: Expectation | null;
  remainingMinutes: number;
  timeZone: string;
}

/** Reads the terms that end in the months ahead. */
@Injectable()
export class YearAheadStore {
  /** The open terms whose last day is not after this day. */
  ending(tx: Transaction, visibility: Visibility, lastOn: Day): Promise<EndingTerm[]> {
    const values: unknown[] = [lastOn];
    return tx.query(
      `select t.id as "termId", t.starts_on as "startsOn", t.ends_on as "endsOn", t.notice_deadline_on as "noticeDeadlineOn",
         t.renewal_state as "renewalState", t.package, s.next_package as "nextPackage", o.expectation,
         b.granted_minutes - b.used_minutes - b.expired_minutes as "remainingMinutes", c.time_zone as "timeZone"
       from terms t
       join subscriptions s on s.id = t.subscription_id
       join customers c on c.id = s.customer_id
       join balances b on b.term_id = t.id
       left join lateral (select expectation from outlooks where term_id = t.id order by sequence desc limit 1) o on true
       where t.status = 'open' and t.ends_on <= $1 and ${visibilityCondition(visibility, 's', values)}`,
      values,
    );
  }
}
