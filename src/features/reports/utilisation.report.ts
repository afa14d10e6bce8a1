import { Values } from './conditions.js';
import { keptNames, printedName } from './printed-names.js';
import type { Basis, Report } from './report.js';
import { shared } from './shared-columns.js';
import { timeLines } from './time-lines.js';

/** The minutes of each consultant in each month, and the number of customers (§12). */
export const utilisation: Report = {
  name: 'utilisation',
  title: { en: 'Utilisation', ja: 'コンサルタント稼働状況' },
  permission: 'reports.read',
  about:
    'The rows of `usage-lines`, added up by consultant and month. `from`, `to`, `basis` and `package` select the same ' +
    'rows as there. Only work that the reader may see counts: a CSM sees the hours of the own portfolio. Ordered by ' +
    'consultant and month.',
  totalOf: 'minutes',
  countsHoursByMonth: true,
  // prettier-ignore
  columns: [
    shared.consultantId,
    shared.consultant,
    shared.month,
    { name: 'minutes',       type: 'minutes',              en: 'Minutes',        ja: '作業時間（分）',     about: 'Minutes worked, after reversals.' },
    { name: 'hours',         type: 'hours', of: 'minutes', en: 'Hours',          ja: '作業時間（時間）',   about: 'The same in hours, rounded so that the column adds up.' },
    { name: 'onsiteMinutes', type: 'minutes',              en: 'Onsite minutes', ja: 'うち訪問支援（分）', about: 'The part that was worked onsite.' },
    { name: 'customers',     type: 'number',               en: 'Customers',      ja: '顧客数',             about: 'The number of customers with work in the month. Work that was reversed completely does not count.' },
  ],
  rows(visibility, filter) {
    const values = new Values();
    const lines = timeLines(visibility, filter, values).join(' union all ');
    return { sql: summed(lines, filter.basis), values: values.list };
  },
};

function summed(lines: string, basis: Basis): string {
  const consultant = printedName(basis, 'consultant.name', 'kept_consultant');
  return `
select sums.consultant_id as "consultantId", ${consultant} as "consultant",
  sums.month as "month", sums.minutes as "minutes", sums.onsite_minutes as "onsiteMinutes", sums.customers as "customers"
from (
  select consultant_id, month, sum(minutes) as minutes, sum(onsite_minutes) as onsite_minutes,
    count(*) filter (where minutes <> 0) as customers
  from (
    select consultant_id, month, customer_id, sum(minutes) as minutes, sum(onsite_minutes) as onsite_minutes
    from (${lines}) line group by consultant_id, month, customer_id
  ) for_customer
  group by consultant_id, month
) sums
join consultants consultant on consultant.id = sums.consultant_id
${keptNames(basis, 'kept_consultant', 'sums.month', 'sums.consultant_id')}
order by ${consultant} collate "C", sums.consultant_id, sums.month`;
}
