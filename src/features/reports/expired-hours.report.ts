import { all, csmAsked, subscriptionAsked, Values, within } from './conditions.js';
import { contractColumns, contractTables, contractValues } from './contract-columns.js';
import { ledger } from './entitlements.report.js';
import { keptNames, keptSubscriptions, printedName } from './printed-names.js';
import { printedWords } from './printed-words.js';
import type { Basis, Report } from './report.js';
import { shared } from './shared-columns.js';
import { termEnd } from './term-end.js';

/** Hours that were not used before their term ended (§11, §12). */
export const expiredHours: Report = {
  name: 'expired-hours',
  title: { en: 'Expired hours', ja: '失効時間' },
  permission: 'reports.read',
  about:
    'One row for each closed term in which minutes or seats expired. `from` and `to` apply to the last day of the ' +
    'term, `package` to its last package. On the basis `closed`, a change of the expired minutes after the month was ' +
    'closed is a row of its own. It stands on the last day of the month that took it, and can be negative. Ordered by ' +
    'month and last day.',
  totalOf: 'expiredMinutes',
  // prettier-ignore
  columns: [
    shared.customerId,
    shared.customer,
    shared.subscriptionId,
    { name: 'package',        type: 'code', words: printedWords.package, en: 'Package',         ja: 'パッケージ',               about: 'The package of the term, after upgrades.' },
    shared.termNumber,
    shared.termEndsOn,
    { name: 'expiredMinutes', type: 'minutes',                     en: 'Expired minutes', ja: '失効（分）',               about: 'Minutes expired at the end of the term, minus those that late entries used again.' },
    { name: 'expiredHours',   type: 'hours', of: 'expiredMinutes', en: 'Expired hours',   ja: '失効（時間）',             about: 'The same in hours, rounded so that the column adds up.' },
    { name: 'seatsExpired',   type: 'number',                      en: 'Seats expired',   ja: '失効した受講ライセンス数', about: 'Seats in use when the term ended, including those that their learners kept in the next term.' },
    { ...shared.month, about: 'The month of the last day of the term; on the basis `closed`, the accounting month.' },
    { ...shared.adjustsMonth, about: 'The closed month of the last day, if the row counts in a later month. Otherwise empty.' },
    ...contractColumns,
  ],
  rows(visibility, filter) {
    const values = new Values();
    const asked = subscriptionAsked(visibility, filter, values);
    const counted = expired[filter.basis](asked, (day) => within(day, filter.from, filter.to, values));
    const where = all(csmAsked(filter, values), filter.package && `t.package = ${values.place(filter.package)}`);
    return { sql: expiredWhere(counted, where, filter.basis), values: values.list };
  },
};

function expiredWhere(counted: string, condition: string, basis: Basis): string {
  const customer = printedName(basis, 'c.name', 'kept_customer');
  return `
select c.id as "customerId", ${customer} as "customer", s.id as "subscriptionId", t.package as "package",
  t.number as "termNumber", t.ends_on as "endsOn", counted.minutes as "expiredMinutes", counted.seats as "seatsExpired",
  counted.month as "month", case when counted.month > to_char(t.ends_on::timestamp, 'YYYY-MM') then to_char(t.ends_on::timestamp, 'YYYY-MM') end as "adjustsMonth",
  ${contractValues(basis)}
from (${counted}) counted
join terms t on t.id = counted.term_id
join subscriptions s on s.id = t.subscription_id
join customers c on c.id = s.customer_id
${keptNames(basis, 'kept_customer', 'counted.month', 'c.id')}
${keptSubscriptions(basis, 'counted.month', 's.id')}
${contractTables(basis, 'counted.month')}
where ${condition}
order by counted.month, t.ends_on, ${customer} collate "C", c.id, s.id, t.number`;
}

type Within = (day: string) => string;

const expiredSeats = `(select count(*) from seats where term_id = t.id and ended_because = 'expired')`;

/** Expired minutes and seats by term and by the month in which they count. */
const expired: Readonly<Record<Basis, (asked: string, within: Within) => string>> = {
  corrected: (asked, within) => `
select t.id as term_id, to_char(t.ends_on::timestamp, 'YYYY-MM') as month, b.expired_minutes as minutes, seats.expired as seats
from terms t
join subscriptions s on s.id = t.subscription_id
join balances b on b.term_id = t.id
cross join lateral (select ${expiredSeats} as expired) seats
where ${all(`t.status = 'closed' and (b.expired_minutes > 0 or seats.expired > 0)`, asked, within('t.ends_on'))}`,
  closed: (asked, within) => `
select term_id, to_char(stands_on::timestamp, 'YYYY-MM') as month, sum(minutes) as minutes, sum(seats) as seats
from (
  select term_id, -minutes as minutes, 0 as seats, stands_on
  from (${ledger.closed(all(asked, `l.kind in ('expiry', 'expiry-reversal')`))}) moved
  where kind in ('expiry', 'expiry-reversal')
  union all
  select t.id, 0, ${expiredSeats}, term_end.counts_on
  from terms t join subscriptions s on s.id = t.subscription_id ${termEnd.closed}
  where ${all(`t.status = 'closed'`, asked)}
) moved
where ${within('stands_on')}
group by term_id, to_char(stands_on::timestamp, 'YYYY-MM')
having sum(minutes) <> 0 or sum(seats) > 0`,
};
