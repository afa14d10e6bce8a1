import {
  all,
  countsUnlessAnnulled,
  csmAsked,
  recordedWithin,
  subscriptionAsked,
  Values,
  within,
} from './conditions.js';
import { contractColumns, contractTables, contractValues } from './contract-columns.js';
import { keptNames, keptSubscriptions, printedName } from './printed-names.js';
import { printedWords } from './printed-words.js';
import type { Basis, Report } from './report.js';
import { shared } from './shared-columns.js';
import { lastDayOf } from './time-lines.js';

/** The cost of visits: reported to finance, and never charged to the customer (§8, §12). */
export const travelExpenses: Report = {
  name: 'travel-expenses',
  title: { en: 'Travel expenses', ja: '出張旅費' },
  permission: 'reports.read',
  about:
    'One row for each expense, and one row with a negative amount for each reversal. On the basis `corrected`, rows ' +
    'stand on the first day of the visit, and `from` and `to` apply to that day. On the basis `closed`, a row counts ' +
    'in its accounting month: an expense of a closed month stands on the last day of the month that took it. ' +
    '`package` is the package on the first day of the visit. The totals have one sum for each currency. Ordered by ' +
    'day, visit and expense.',
  // prettier-ignore
  columns: [
    shared.customerId,
    shared.customer,
    shared.subscriptionId,
    { name: 'visitId',     type: 'code',                           en: 'Visit ID',       ja: '訪問ID',     about: 'ID of the visit.' },
    { name: 'startsOn',    type: 'day',                            en: 'Visit starts on', ja: '訪問開始日', about: 'First day of the visit.' },
    { name: 'endsOn',      type: 'day',                            en: 'Visit ends on',  ja: '訪問終了日', about: 'Last day of the visit.' },
    { name: 'place',       type: 'text',                           en: 'Place',          ja: '訪問先',     about: 'The place of the visit.' },
    { name: 'amount',      type: 'amount', currencyIn: 'currency', en: 'Amount',         ja: '金額',       about: 'The exact amount with all decimal places of its currency; negative for a reversal. A string in JSON.' },
    { name: 'currency',    type: 'code',                           en: 'Currency',       ja: '通貨',       about: 'The ISO 4217 currency code.' },
    { name: 'description', type: 'text',                           en: 'Description',    ja: '内容',       about: 'What the money was spent on.' },
    { name: 'expenseId',   type: 'code',                           en: 'Expense ID',     ja: '経費ID',     about: 'ID of the expense. A reversal has the ID of the expense that it reverses.' },
    { name: 'kind',        type: 'code', words: printedWords.kind,     en: 'Kind',           ja: '区分',       about: '`expense` or `reversal`; `adjustment` for both if the row counts in a later month because its own month was closed.' },
    { ...shared.month, about: 'The month of the first day of the visit; on the basis `closed`, the accounting month.' },
    shared.adjustsMonth,
    { name: 'reason',      type: 'text',                           en: 'Reason',         ja: '取消理由',   about: 'The reason of a reversal.', mayBeEmpty: true },
    { name: 'recordedAt',  type: 'instant',                        en: 'Recorded at',    ja: '登録日時',   about: 'When the expense or the reversal was recorded.' },
    { name: 'recordedBy',  type: 'text',                           en: 'Recorded by',    ja: '登録者',     about: 'The user who recorded it.' },
    ...contractColumns,
  ],
  rows(visibility, filter) {
    const values = new Values();
    const where = all(
      subscriptionAsked(visibility, filter, values),
      filter.basis === 'closed' ? countsUnlessAnnulled('e.accounting_month') : undefined,
      csmAsked(filter, values),
      within('line.stands_on', filter.from, filter.to, values),
      recordedWithin('booked.recorded_at', filter, values),
      filter.package && `visited.package = ${values.place(filter.package)}`,
    );
    return { sql: spentWhere(where, filter.basis), values: values.list };
  },
};

const spentWhere = (condition: string, basis: Basis): string => `
select c.id as "customerId", ${printedName(basis, 'c.name', 'kept_customer')} as "customer", s.id as "subscriptionId",
  v.id as "visitId", visited.starts_on as "startsOn", visited.ends_on as "endsOn", visited.place as "place", booked.sign * e.amount as "amount",
  e.currency as "currency", e.description as "description", e.id as "expenseId",
  case when booked.adjusts_month is not null then 'adjustment' when booked.sign < 0 then 'reversal' else 'expense' end as "kind",
  line.month as "month", booked.adjusts_month as "adjustsMonth",
  booked.reason as "reason", booked.recorded_at as "recordedAt", ${printedName(basis, 'recorder.name', 'kept_recorder')} as "recordedBy",
  ${contractValues(basis)}
from (
  select id as expense_id, 1 as sign, accounting_month, adjusts_month, null as reason, recorded_at, recorded_by
  from visit_expenses
  union all
  select expense_id, -1, accounting_month, adjusts_month, reason, recorded_at, recorded_by from visit_expense_reversals
) booked
join visit_expenses e on e.id = booked.expense_id
join visits v on v.id = e.visit_id
join subscriptions s on s.id = v.subscription_id
join customers c on c.id = s.customer_id
join terms t on t.id = v.term_id
join users recorder on recorder.id = booked.recorded_by
join lateral (
  select package from term_packages where term_id = v.term_id and effective_on <= v.starts_on order by sequence desc limit 1
) sold on true
${visited[basis]}
join lateral (${standing[basis]}) line on true
${keptNames(basis, 'kept_customer', 'line.month', 'c.id')}
${keptSubscriptions(basis, 'line.month', 's.id')}
${keptNames(basis, 'kept_recorder', 'line.month', 'recorder.id')}
${contractTables(basis, 'line.month')}
where ${condition}
order by line.stands_on, visited.starts_on, v.id, e.id, booked.sign desc`;

/** The visit in a row: on the basis `closed`, as it was when the month of the row was closed. */
const visited: Readonly<Record<Basis, string>> = {
  corrected: 'cross join lateral (select v.starts_on, v.ends_on, v.place, sold.package) visited',
  closed: `
left join closed_visits kept_visit on kept_visit.month = booked.accounting_month and kept_visit.visit_id = v.id
cross join lateral (
  select coalesce(kept_visit.starts_on, v.starts_on) as starts_on, coalesce(kept_visit.ends_on, v.ends_on) as ends_on,
    coalesce(kept_visit.place, v.place) as place, coalesce(kept_visit.package, sold.package) as package
) visited`,
};

/**
 * The day of an expense or its reversal, and the month in which it counts. The days of a visit may change after an
 * expense was recorded. On the basis `closed`, the expense stays in its accounting month.
 */
const standing: Readonly<Record<Basis, string>> = {
  corrected: `select visited.starts_on as stands_on, to_char(visited.starts_on, 'YYYY-MM') as month`,
  closed: `select case when to_char(visited.starts_on, 'YYYY-MM') = booked.accounting_month then visited.starts_on
    else ${lastDayOf('booked.accounting_month')} end as stands_on, booked.accounting_month as month`,
};
