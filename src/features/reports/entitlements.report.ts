import { monthOf } from '../../domain/calendar.js';
import { all, countsUnlessAnnulled, csmAsked, subscriptionAsked, Values, within } from './conditions.js';
import { contractColumns, contractTables, contractValues } from './contract-columns.js';
import { grantedKindsSql } from '../ledger/granted-kinds.js';
import { keptNames, keptSubscriptions, printedName } from './printed-names.js';
import { printedWords } from './printed-words.js';
import type { Report, ReportFilter } from './report.js';
import { shared } from './shared-columns.js';
import { termEnd } from './term-end.js';
import { lastDayOf } from './time-lines.js';

/** The entitlement statement: opening + granted − used − expired ± reversals = closing, one row per term (§12). */
export const entitlements: Report = {
  name: 'entitlements',
  title: { en: 'Entitlements', ja: '契約時間残高明細' },
  permission: 'reports.usage',
  about:
    'One row for each term, from its ledger: the minutes before `from`, the movements from `from` to `to`, and the ' +
    'minutes at the end of `to`. Without `from` and `to`, the row covers the whole term until now. A term is listed ' +
    'if it overlaps the period or if its ledger has a movement in it. Grants count on the first day of the term, ' +
    'upgrades and top-ups on their effective day, work and reversals on the work day, and expiry on the last day of the term. On ' +
    'the basis `closed`, a movement that was booked after its month was closed counts in the month that took it: a ' +
    'grant, an upgrade or a top-up on its first day, all others on its last day. For the same query, `usedMinutes` − ' +
    '`reversedMinutes` equals the total of `usage-lines`, unless `package` is set: here it selects by the column ' +
    '`package`. Ordered by customer and term.',
  totalOf: 'closingMinutes',
  proof: {
    of: 'closingMinutes',
    from: { openingMinutes: 1, grantedMinutes: 1, usedMinutes: -1, reversedMinutes: 1, expiredMinutes: -1 },
  },
  // prettier-ignore
  columns: [
    shared.customerId,
    { ...shared.customer, about: 'Name of the customer; on the basis `closed`, as it was when the month of `to` was closed.' },
    shared.subscriptionId,
    { name: 'package',         type: 'code', words: printedWords.package, en: 'Package',          ja: 'パッケージ',           about: 'The package in force at the end of the period, after upgrades.' },
    shared.termNumber,
    shared.termStartsOn,
    shared.termEndsOn,
    { name: 'status',          type: 'code', words: printedWords.termStatus, en: 'Status',           ja: '状態',                 about: '`closed`: the term was closed and over at the end of the period. `upcoming`: it had not begun. Otherwise `open`.' },
    { name: 'openingMinutes',  type: 'minutes', en: 'Opening minutes',  ja: '期首残高（分）',       about: 'The minutes left before `from`; 0 without `from`. Below 0 if work was logged for a day before a later upgrade granted its minutes.' },
    { name: 'grantedMinutes',  type: 'minutes', en: 'Granted minutes',  ja: '付与時間（分）',       about: 'Minutes granted in the period, upgrades and top-ups included, minus cancelled top-ups.' },
    { name: 'usedMinutes',     type: 'minutes', en: 'Used minutes',     ja: '使用済み（分）',       about: 'Minutes used in the period, before reversals.' },
    { name: 'reversedMinutes', type: 'minutes', en: 'Reversed minutes', ja: '取消による戻り（分）', about: 'Minutes given back by reversals in the period.' },
    { name: 'expiredMinutes',  type: 'minutes', en: 'Expired minutes',  ja: '失効（分）',           about: 'Minutes expired in the period, minus those that late entries used again.' },
    { name: 'closingMinutes',  type: 'minutes', en: 'Closing minutes',  ja: '期末残高（分）',       about: 'The minutes left at the end of the period. Below 0 as in `openingMinutes`.' },
    ...contractColumns,
    { name: 'supplementMinutes', type: 'minutes', en: 'Supplements',    ja: '追加購入（分）',       about: 'Minutes of supplements in the period, part of `grantedMinutes`.' },
    { name: 'goodwillMinutes', type: 'minutes', en: 'Goodwill',         ja: '無償付与（分）',       about: 'Minutes of goodwill in the period, part of `grantedMinutes`.' },
    { name: 'topUpsCancelledMinutes', type: 'minutes', en: 'Top-ups cancelled', ja: '追加取消（分）', about: 'Minutes of supplements and goodwill that were taken back, already subtracted from `grantedMinutes`.' },
  ],
  rows(visibility, filter, now) {
    const values = new Values();
    const asked = subscriptionAsked(visibility, filter, values);
    return { sql: statement(asked, filter, now, values), values: values.list };
  },
};

function statement(asked: string, filter: ReportFilter, now: Date, values: Values): string {
  const { basis, from, to } = filter;
  const before = from === undefined ? 'false' : `stands_on < ${values.place(from)}`;
  const meanwhile = within('stands_on', from, to, values);
  const byTheEnd = (day: string): string => within(day, undefined, to, values);
  // After the month of its annulment, a contract is not listed only because its days fall into the period.
  const stillListed = `(s.status <> 'annulled' or ${from ? `${values.place(monthOf(from))} <= s.annulled_after_month` : 'true'})`;
  const overlaps = all(
    stillListed,
    from && `t.ends_on >= ${values.place(from)}`,
    to && `t.starts_on <= ${values.place(to)}`,
  );
  // A term that begins by the end of the period counts as open, whenever the report is made.
  const upcoming = to === undefined ? `t.starts_at > ${values.place(now.toISOString())}` : 'false';
  const month = to === undefined ? 'null' : values.place(monthOf(to));
  const sold = filter.package && `sold.package = ${values.place(filter.package)}`;
  const customer = printedName(basis, 'c.name', 'kept_customer');
  const csm = csmAsked(filter, values);
  return `
select c.id as "customerId", ${customer} as "customer", s.id as "subscriptionId",
  sold.package as "package", t.number as "termNumber", t.starts_on as "startsOn", t.ends_on as "endsOn",
  case when t.status = 'closed' and ${byTheEnd('term_end.counts_on')} and moved.closing = 0 then 'closed' when ${upcoming} then 'upcoming' else 'open' end as "status",
  moved.opening as "openingMinutes", moved.granted as "grantedMinutes", moved.used as "usedMinutes",
  moved.reversed as "reversedMinutes", moved.expired as "expiredMinutes", moved.closing as "closingMinutes",
  ${contractValues(basis)},
  moved.supplements as "supplementMinutes", moved.goodwill as "goodwillMinutes", moved.cancelled as "topUpsCancelledMinutes"
from (
  select term_id,
    coalesce(sum(minutes) filter (where ${before}), 0) as opening,
    coalesce(sum(minutes) filter (where ${meanwhile} and (kind in ${grantedKindsSql} or kind = 'annulment')), 0) as granted,
    coalesce(sum(minutes) filter (where ${meanwhile} and kind = 'supplement'), 0) as supplements,
    coalesce(sum(minutes) filter (where ${meanwhile} and kind = 'goodwill'), 0) as goodwill,
    coalesce(-sum(minutes) filter (where ${meanwhile} and kind = 'top-up-cancelled'), 0) as cancelled,
    coalesce(-sum(minutes) filter (where ${meanwhile} and kind = 'use'), 0) as used,
    coalesce(sum(minutes) filter (where ${meanwhile} and kind = 'reversal'), 0) as reversed,
    coalesce(-sum(minutes) filter (where ${meanwhile} and kind in ('expiry', 'expiry-reversal')), 0) as expired,
    coalesce(sum(minutes) filter (where ${byTheEnd('stands_on')}), 0) as closing,
    count(*) filter (where ${byTheEnd('stands_on')} and kind in ('grant', 'upgrade')) as packages,
    coalesce(bool_or(${meanwhile}), false) as has_moved
  from (${ledger[basis](asked)}) ledger
  group by term_id
) moved
join terms t on t.id = moved.term_id
join subscriptions s on s.id = t.subscription_id
join customers c on c.id = s.customer_id
join lateral (
  select package from term_packages where term_id = t.id order by sequence limit 1 offset greatest(moved.packages - 1, 0)
) sold on true
${keptNames(basis, 'kept_customer', month, 'c.id')}
${keptSubscriptions(basis, month, 's.id')}
${contractTables(basis, month)}
${termEnd[basis]}
where ${all('moved.packages > 0', `(moved.has_moved or (${overlaps}))`, from && to && `${values.place(from)} <= ${values.place(to)}`, sold, csm)}
order by ${customer} collate "C", c.id, s.id, t.number`;
}

/** The ledger entries of the requested terms, each with the day on which it counts. */
export const ledger = {
  corrected: (asked: string): string => `
    select l.term_id, l.kind, l.minutes, l.effective_on as stands_on
    from ledger_entries l join terms t on t.id = l.term_id join subscriptions s on s.id = t.subscription_id
    where ${asked}`,
  // An entry in a closed term takes back some of its expiry, and a reversal lets it expire again. Both count on the
  // same day.
  closed: (asked: string): string => `
    select l.term_id, l.kind, l.minutes, coalesce(taken.stands_on, ${standsLate}, l.effective_on) as stands_on
    from ledger_entries l join terms t on t.id = l.term_id join subscriptions s on s.id = t.subscription_id
    left join (
      select id as time_entry_id, kind, ${lastDayOf('accounting_month')} as stands_on
      from time_entries cross join unnest(array['use', 'expiry-reversal']) as kind
      where adjusts_month is not null
      union all
      select time_entry_id, kind, ${lastDayOf('accounting_month')}
      from time_entry_reversals cross join unnest(array['reversal', 'expiry']) as kind
      where adjusts_month is not null
    ) taken on taken.time_entry_id = l.time_entry_id and taken.kind = l.kind
    cross join (select max(month) as last, to_char(${lastDayOf('max(month)')} + 1, 'YYYY-MM') as next
      from accounting_periods where status = 'closed') closed
    left join closed_ledger_entries kept on kept.ledger_entry_id = l.id and kept.month <= closed.last
    cross join lateral (select coalesce(kept.month, closed.next) as month) booked
    where ${asked} and ${countsUnlessAnnulled('coalesce((select accounting_month from time_entries where id = l.time_entry_id), kept.month)')}
    union all
    select l.term_id, 'annulment', -l.minutes, ${lastDayOf('s.annulled_after_month')} + 1
    from subscriptions s join terms t on t.subscription_id = s.id join ledger_entries l on l.term_id = t.id
    join closed_ledger_entries kept on kept.ledger_entry_id = l.id and kept.month <= s.annulled_after_month
    where s.status = 'annulled' and ${asked}`,
};

/**
 * The day of a grant, an upgrade, a top-up, its cancellation or an expiry that was booked for an already closed month: in the month that takes
 * it, before all its work, or with its last. Null for all other entries.
 */
const standsLate = `case when l.time_entry_id is null and booked.month > to_char(l.effective_on::timestamp, 'YYYY-MM')
      then case when l.kind in ('expiry', 'top-up-cancelled') then ${lastDayOf('booked.month')} else (booked.month || '-01')::date end end`;
