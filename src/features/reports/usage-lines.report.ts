import { sightCondition } from '../subscriptions/sight.js';
import type { Report } from './report.js';

/**
 * A time entry a row, and a row of its own with negative minutes for each that was taken back, everything under its work
 * day (§12, basis `corrected`). What counts in another month than its own, because that one was closed, is an adjustment.
 *
 * The statement reads the tables of other rooms: a report is about all of them, and its rows are joined where they lie.
 */
export const usageLines: Report = {
  name: 'usage-lines',
  permission: 'reports.usage',
  totalOf: 'minutes',
  // prettier-ignore
  columns: [
    { name: 'entryId',        type: 'code',                 en: 'Entry ID',         ja: '作業記録ID' },
    { name: 'kind',           type: 'code',                 en: 'Kind',             ja: '区分' },
    { name: 'customerId',     type: 'code',                 en: 'Customer ID',      ja: '顧客ID' },
    { name: 'customer',       type: 'text',                 en: 'Customer',         ja: '顧客' },
    { name: 'subscriptionId', type: 'code',                 en: 'Subscription ID',  ja: 'サブスクリプションID' },
    { name: 'package',        type: 'code',                 en: 'Package',          ja: 'パッケージ' },
    { name: 'termNumber',     type: 'number',               en: 'Term number',      ja: '契約期間番号' },
    { name: 'workDate',       type: 'day',                  en: 'Work date',        ja: '作業日' },
    { name: 'month',          type: 'month',                en: 'Work month',       ja: '作業月' },
    { name: 'consultant',     type: 'text',                 en: 'Consultant',       ja: 'コンサルタント' },
    { name: 'productLine',    type: 'text',                 en: 'Product line',     ja: '製品ライン' },
    { name: 'activity',       type: 'code',                 en: 'Activity',         ja: '作業内容' },
    { name: 'delivery',       type: 'code',                 en: 'Delivery',         ja: '提供形態' },
    { name: 'visitId',        type: 'code',                 en: 'Visit ID',         ja: '訪問ID' },
    { name: 'minutes',        type: 'minutes',              en: 'Minutes',          ja: '作業時間（分）' },
    { name: 'hours',          type: 'hours', of: 'minutes', en: 'Hours',            ja: '作業時間（時間）' },
    { name: 'onsiteMinutes',  type: 'minutes',              en: 'Onsite minutes',   ja: 'うち訪問支援（分）' },
    { name: 'reference',      type: 'text',                 en: 'Reference',        ja: '参照番号' },
    { name: 'severity',       type: 'number',               en: 'Severity',         ja: '重大度' },
    { name: 'summary',        type: 'text',                 en: 'Summary',          ja: '作業概要' },
    { name: 'recordedAt',     type: 'instant',              en: 'Recorded at',      ja: '登録日時' },
    { name: 'recordedBy',     type: 'text',                 en: 'Recorded by',      ja: '登録者' },
    { name: 'adjustsMonth',   type: 'month',                en: 'Adjusted month',   ja: '調整対象月' },
  ],
  rows(sight, filter) {
    const values: string[] = [];
    const place = (value: string): string => `$${values.push(value)}`;
    const where = [sightCondition(sight, 's', values)];
    if (filter.from !== undefined) where.push(`e.work_date >= ${place(filter.from)}`);
    if (filter.to !== undefined) where.push(`e.work_date <= ${place(filter.to)}`);
    if (filter.customerId !== undefined) where.push(`s.customer_id = ${place(filter.customerId)}`);
    if (filter.csmId !== undefined) where.push(`s.csm_id = ${place(filter.csmId)}`);
    if (filter.package !== undefined) where.push(`e.package = ${place(filter.package)}`);
    return { sql: rowsWhere(where.join(' and ')), values };
  },
};

/** By work day, entry and kind: an entry comes right before the reversal that takes it back. */
const rowsWhere = (condition: string): string => `
select e.id as "entryId",
  case when line.adjusts_month is not null then 'adjustment' when line.sign < 0 then 'reversal' else 'entry' end as "kind",
  c.id as "customerId", c.name as "customer", s.id as "subscriptionId", e.package as "package",
  t.number as "termNumber", e.work_date as "workDate", to_char(e.work_date, 'YYYY-MM') as "month",
  consultant.name as "consultant", product_line.code as "productLine", e.activity as "activity", e.delivery as "delivery",
  e.visit_id as "visitId", line.sign * e.minutes as "minutes",
  case when e.delivery = 'onsite' then line.sign * e.minutes else 0 end as "onsiteMinutes",
  e.reference as "reference", e.severity as "severity", e.summary as "summary",
  line.recorded_at as "recordedAt", recorder.name as "recordedBy", line.adjusts_month as "adjustsMonth"
from time_entries e
join subscriptions s on s.id = e.subscription_id
join customers c on c.id = s.customer_id
join terms t on t.id = e.term_id
join consultants consultant on consultant.id = e.consultant_id
join product_lines product_line on product_line.id = e.product_line_id
left join time_entry_reversals r on r.time_entry_id = e.id
cross join lateral (
  select 1 as sign, e.adjusts_month, e.recorded_at, e.recorded_by
  union all
  select -1, r.adjusts_month, r.recorded_at, r.recorded_by where r.id is not null
) line
join users recorder on recorder.id = line.recorded_by
where ${condition}
order by e.work_date, e.id, line.sign desc`;
