import { Values } from './conditions.js';
import { contractColumns, contractNames, contractTables, contractValues } from './contract-columns.js';
import { keptNames, printedName } from './printed-names.js';
import { printedWords } from './printed-words.js';
import type { Report, ReportFilter } from './report.js';
import { shared } from './shared-columns.js';
import { timeLines, type AlsoRead } from './time-lines.js';

/** One row per time entry, and one row with negative minutes per reversal (§12). */
export const usageLines: Report = {
  name: 'usage-lines',
  title: { en: 'Usage lines', ja: '作業明細' },
  permission: 'reports.usage',
  about:
    'One row for each time entry, and one row with negative minutes for each reversal. On the basis `corrected`, rows ' +
    'stand on their work day. On the basis `closed`, a row counts in its accounting month: an entry or a reversal of ' +
    'a closed month is an adjustment and stands on the last day of the month that took it. `from` and `to` apply to ' +
    'these days. Ordered by day and entry.',
  totalOf: 'minutes',
  countsHoursByMonth: true,
  // prettier-ignore
  columns: [
    { name: 'entryId',       type: 'code',                 en: 'Entry ID',       ja: '作業記録ID',         about: 'ID of the time entry. A reversal has the ID of the entry that it reverses.' },
    { name: 'kind',          type: 'code', words: printedWords.kind, en: 'Kind',           ja: '区分',               about: '`entry` or `reversal`; `adjustment` for both if the row counts in a later month because its own month was closed.' },
    shared.customerId,
    shared.customer,
    shared.subscriptionId,
    { name: 'package',       type: 'code', words: printedWords.package, en: 'Package',        ja: 'パッケージ',         about: 'The package on the work day; on the basis `closed`, as it was when the entry was logged.' },
    shared.termNumber,
    { name: 'workDate',      type: 'day',                  en: 'Work date',      ja: '作業日',             about: 'The day of the work.' },
    shared.month,
    shared.consultant,
    shared.productLine,
    shared.activity,
    shared.delivery,
    { name: 'visitId',       type: 'code',                 en: 'Visit ID',       ja: '訪問ID',             about: 'ID of the visit; empty for remote work.', mayBeEmpty: true },
    { name: 'minutes',       type: 'minutes',              en: 'Minutes',        ja: '作業時間（分）',     about: 'Minutes worked; negative for a reversal.' },
    { name: 'hours',         type: 'hours', of: 'minutes', en: 'Hours',          ja: '作業時間（時間）',   about: 'The same in hours, rounded so that the column adds up.' },
    { name: 'onsiteMinutes', type: 'minutes',              en: 'Onsite minutes', ja: 'うち訪問支援（分）', about: 'The part that was worked onsite.' },
    { name: 'reference',     type: 'text',                 en: 'Reference',      ja: '参照番号',           about: 'External reference, such as a case number.', mayBeEmpty: true },
    { name: 'severity',      type: 'number',               en: 'Severity',       ja: '重大度',             about: 'Severity of the case, 1 to 4.', mayBeEmpty: true },
    { name: 'summary',       type: 'text',                 en: 'Summary',        ja: '作業概要',           about: 'What the consultant did.' },
    { name: 'recordedAt',    type: 'instant',              en: 'Recorded at',    ja: '登録日時',           about: 'When the entry or the reversal was recorded.' },
    { name: 'recordedBy',    type: 'text',                 en: 'Recorded by',    ja: '登録者',             about: 'The user who recorded it; on the basis `closed`, with the name at that time.' },
    shared.adjustsMonth,
    { name: 'lineId',        type: 'code',                 en: 'Line ID',        ja: '明細ID',             about: 'ID of the entry or reversal of this row.' },
    ...contractColumns,
    { name: 'reversalReason', type: 'text',                en: 'Reversal reason', ja: '取消理由',          about: 'The reason of a reversal. Not for customers.', mayBeEmpty: true },
    { name: 'replacedByEntryId', type: 'code',             en: 'Replaced by entry ID', ja: '訂正後の作業記録ID', about: 'Only of a correction: ID of the entry that replaced the reversed one.', mayBeEmpty: true },
  ],
  sums(visibility, filter) {
    const values = new Values();
    return { sql: summed(timeLines(visibility, filter, values)), values: values.list };
  },
  rows(visibility, filter) {
    const values = new Values();
    const named: AlsoRead = (line) => namesOf(line, filter.basis, visibility.kind !== 'own');
    const ordered = timeLines(visibility, filter, values, named).map(
      (lines) => `(${lines} order by stands_on, entry_id)`,
    );
    return { sql: merged(ordered), values: values.list, inOrder: true };
  },
};

const lookedUp = Object.entries(contractNames)
  .map(([name, column]) => `${column} as "${name}"`)
  .join(', ');

/** Hours are rounded for each subscription, as in the rows. */
const summed = (parts: readonly string[]): string => `
select coalesce(sum(rows), 0)::bigint as rows, coalesce(sum(minutes), 0)::bigint as minutes,
  to_char(coalesce(sum(round(minutes / 60.0, 2)), 0), 'FM999999999990.00') as hours, coalesce(sum(onsite_minutes), 0)::bigint as "onsiteMinutes"
from (select count(*) as rows, sum(minutes) as minutes, sum(onsite_minutes) as onsite_minutes
  from (${parts.join(' union all ')}) line group by subscription_id) of_subscription`;

/** Each part is ordered by day and id. Only reversals are moved behind their entries. */
const merged = (parts: readonly string[]): string => `
select entry_id as "entryId",
  case when adjusts_month is not null then 'adjustment' when sign < 0 then 'reversal' else 'entry' end as "kind",
  customer_id as "customerId", customer as "customer", subscription_id as "subscriptionId", package as "package",
  term_number as "termNumber", work_date as "workDate", month as "month", consultant as "consultant",
  product_line as "productLine", activity as "activity", delivery as "delivery", visit_id as "visitId",
  minutes as "minutes", onsite_minutes as "onsiteMinutes", reference as "reference", severity as "severity",
  summary as "summary", recorded_at as "recordedAt", recorded_by as "recordedBy", adjusts_month as "adjustsMonth",
  line_id as "lineId", ${lookedUp}, reversal_reason as "reversalReason", replaced_by as "replacedByEntryId"
from (${parts.join(' union all ')}) line
order by stands_on, entry_id, sign desc`;

/**
 * Names are looked up within the parts. There PostgreSQL knows how few names there are, and caches them instead of
 * joining, which would lose the order.
 */
function namesOf(
  line: Parameters<AlsoRead>[0],
  basis: ReportFilter['basis'],
  showsReasons: boolean,
): { columns: string; tables: string } {
  const { alias } = line;
  const isReversal = alias === 'r';
  return {
    columns: `, t.number as term_number, ${printedName(basis, 'c.name', 'kept_customer')} as customer,
      ${printedName(basis, 'consultant.name', 'kept_consultant')} as consultant,
      ${printedName(basis, 'product_line.code', 'kept_product_line')} as product_line,
      ${printedName(basis, 'recorder.name', 'kept_recorder')} as recorded_by,
      ${alias}.id as line_id, ${contractValues(basis, (name) => contractNames[name])},
      ${isReversal && showsReasons ? 'r.reason' : 'null::text'} as reversal_reason,
      ${isReversal ? 'replacement.id' : 'null::uuid'} as replaced_by`,
    tables: `
      join customers c on c.id = s.customer_id
      join terms t on t.id = e.term_id
      join consultants consultant on consultant.id = e.consultant_id
      join product_lines product_line on product_line.id = e.product_line_id
      join users recorder on recorder.id = ${line.recordedBy}
      ${keptNames(basis, 'kept_customer', line.month, 's.customer_id')}
      ${keptNames(basis, 'kept_consultant', line.month, 'e.consultant_id')}
      ${keptNames(basis, 'kept_product_line', line.month, 'e.product_line_id')}
      ${keptNames(basis, 'kept_recorder', line.month, line.recordedBy)}
      ${contractTables(basis, line.month)}
      ${isReversal ? 'left join time_entries replacement on replacement.corrects_entry_id = e.id' : ''}`,
  };
}
