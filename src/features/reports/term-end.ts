import type { Basis } from './report.js';
import { lastDayOf } from './time-lines.js';

/**
 * The day on which the end of the term `t` counts, joined as `term_end.counts_on`: its last day. On the basis
 * `closed`, if the month of the last day had been closed before the term was, it is the last day of the month that
 * took it (§12).
 */
export const termEnd: Readonly<Record<Basis, string>> = {
  corrected: 'cross join lateral (select t.ends_on as counts_on) term_end',
  closed: `
left join closed_term_ends kept_end on kept_end.term_id = t.id
cross join lateral (
  select coalesce(kept_end.month, greatest(to_char(t.ends_on::timestamp, 'YYYY-MM'),
    (select to_char(${lastDayOf('max(month)')} + 1, 'YYYY-MM') from accounting_periods where status = 'closed'))) as month
) ended
cross join lateral (
  select case when ended.month > to_char(t.ends_on::timestamp, 'YYYY-MM') then ${lastDayOf('ended.month')} else t.ends_on end as counts_on
) term_end`,
};
