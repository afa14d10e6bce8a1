import { Values } from './conditions.js';
import { contractColumns, contractTables, contractValues } from './contract-columns.js';
import { keptNames, keptSubscriptions, printedName } from './printed-names.js';
import type { Basis, Report } from './report.js';
import { shared } from './shared-columns.js';
import { timeLines } from './time-lines.js';

/** Month × customer × product line × consultant × activity × delivery (§12): the summed-up usage lines. */
export const usageSummary: Report = {
  name: 'usage-summary',
  title: { en: 'Usage summary', ja: '作業時間集計' },
  permission: 'reports.usage',
  about:
    'The rows of `usage-lines`, added up by month, subscription, product line, consultant, activity and delivery. ' +
    '`from`, `to`, `basis` and `package` select the same rows as there, so both files have the same total. Work that ' +
    'was reversed completely stays as a row of 0 minutes. Ordered by month, customer, product line and consultant.',
  totalOf: 'minutes',
  countsHoursByMonth: true,
  // prettier-ignore
  columns: [
    shared.month,
    shared.customerId,
    shared.customer,
    shared.subscriptionId,
    shared.productLine,
    shared.consultant,
    shared.activity,
    shared.delivery,
    { name: 'entries', type: 'number',               en: 'Entries', ja: '作業記録件数',     about: 'The number of time entries, minus those that were reversed.' },
    { name: 'minutes', type: 'minutes',              en: 'Minutes', ja: '作業時間（分）',   about: 'Minutes worked, after reversals.' },
    { name: 'hours',   type: 'hours', of: 'minutes', en: 'Hours',   ja: '作業時間（時間）', about: 'The same in hours, rounded so that the column adds up.' },
    { name: 'lines',   type: 'number',               en: 'Lines',   ja: '明細行数',         about: 'The number of rows of `usage-lines` in this row, reversals included.' },
    shared.consultantId,
    ...contractColumns.map((column) =>
      column.name === 'purchaseOrder'
        ? { ...column, about: 'The customer’s purchase order for the term; of the later term if two terms share the month.' }
        : column,
    ),
  ],
  rows(visibility, filter) {
    const values = new Values();
    const lines = timeLines(visibility, filter, values).join(' union all ');
    return { sql: summed(lines, filter.basis), values: values.list };
  },
};

/** Sums up by ids first, so that names are looked up once per row of the result. */
function summed(lines: string, basis: Basis): string {
  const customer = printedName(basis, 'c.name', 'kept_customer');
  const productLine = printedName(basis, 'product_line.code', 'kept_product_line');
  const consultant = printedName(basis, 'consultant.name', 'kept_consultant');
  return `
select sums.month as "month", sums.customer_id as "customerId", ${customer} as "customer",
  sums.subscription_id as "subscriptionId", ${productLine} as "productLine", ${consultant} as "consultant",
  sums.activity as "activity", sums.delivery as "delivery", sums.entries as "entries", sums.minutes as "minutes",
  sums.lines as "lines", sums.consultant_id as "consultantId", ${contractValues(basis)}
from (
  select month, customer_id, subscription_id, product_line_id, consultant_id, activity, delivery, sum(sign) as entries,
    sum(minutes) as minutes, count(*) as lines, array_agg(distinct term_id) as term_ids
  from (${lines}) line
  group by month, customer_id, subscription_id, product_line_id, consultant_id, activity, delivery
) sums
join customers c on c.id = sums.customer_id
join consultants consultant on consultant.id = sums.consultant_id
join product_lines product_line on product_line.id = sums.product_line_id
${keptNames(basis, 'kept_customer', 'sums.month', 'sums.customer_id')}
${keptNames(basis, 'kept_consultant', 'sums.month', 'sums.consultant_id')}
${keptNames(basis, 'kept_product_line', 'sums.month', 'sums.product_line_id')}
${keptSubscriptions(basis, 'sums.month', 'sums.subscription_id')}
join subscriptions s on s.id = sums.subscription_id
join lateral (select id, purchase_order from terms where id = any(sums.term_ids) order by number desc limit 1) t on true
${contractTables(basis, 'sums.month')}
order by sums.month, ${customer} collate "C", sums.customer_id, sums.subscription_id, ${productLine} collate "C",
  sums.product_line_id, ${consultant} collate "C", sums.consultant_id, sums.activity collate "C", sums.delivery collate "C"`;
}
