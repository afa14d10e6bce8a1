import { all, subscriptionAsked, Values, within } from './conditions.js';
import type { Report } from './report.js';
import { shared } from './shared-columns.js';

/** What was not used before its term ended (§11, §12). */
export const expiredHours: Report = {
  name: 'expired-hours',
  title: { en: 'Expired hours', ja: '失効時間' },
  permission: 'reports.read',
  about:
    'A closed term a row, where minutes or seats have expired with it. `from` and `to` are about its last day; `package` is ' +
    'about its last one. `basis` makes no difference. By last day.',
  totalOf: 'expiredMinutes',
  // prettier-ignore
  columns: [
    shared.customerId,
    { ...shared.customer, about: 'Name of the customer.' },
    shared.subscriptionId,
    { name: 'package',        type: 'code',                        en: 'Package',         ja: 'パッケージ',               about: 'The package of the term, after upgrades.' },
    shared.termNumber,
    shared.termEndsOn,
    { name: 'expiredMinutes', type: 'minutes',                     en: 'Expired minutes', ja: '失効（分）',               about: 'Expired at the end of the term, less what late entries took back of it.' },
    { name: 'expiredHours',   type: 'hours', of: 'expiredMinutes', en: 'Expired hours',   ja: '失効（時間）',             about: 'The same in hours, rounded so that the column adds up.' },
    { name: 'seatsExpired',   type: 'number',                      en: 'Seats expired',   ja: '失効した受講ライセンス数', about: 'Seats that were in use when the term ended; those that were carried on into the next term are among them.' },
  ],
  rows(sight, filter) {
    const values = new Values();
    const where = all(
      `t.status = 'closed' and (b.expired_minutes > 0 or seats.expired > 0)`,
      subscriptionAsked(sight, filter, values),
      within('t.ends_on', filter.from, filter.to, values),
      filter.package && `t.package = ${values.place(filter.package)}`,
    );
    return { sql: expiredWhere(where), values: values.list };
  },
};

const expiredWhere = (condition: string): string => `
select c.id as "customerId", c.name as "customer", s.id as "subscriptionId", t.package as "package",
  t.number as "termNumber", t.ends_on as "endsOn", b.expired_minutes as "expiredMinutes", seats.expired as "seatsExpired"
from terms t
join subscriptions s on s.id = t.subscription_id
join customers c on c.id = s.customer_id
join balances b on b.term_id = t.id
cross join lateral (
  select count(*) as expired from seats where term_id = t.id and ended_because = 'expired'
) seats
where ${condition}
order by t.ends_on, c.name collate "C", c.id, s.id, t.number`;
