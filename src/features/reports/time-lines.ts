import type { Visibility } from '../../domain/access.js';
import { addDays, addMonths, monthOf, type Day, type Month } from '../../domain/calendar.js';
import { bookedHours, packageInForce, type BookedHours } from '../hours/booked-hours.js';
import {
  all,
  countsUnlessAnnulled,
  csmAsked,
  recordedWithin,
  subscriptionAsked,
  within,
  type Values,
} from './conditions.js';
import { keptSubscriptions } from './printed-names.js';
import type { Basis, ReportFilter } from './report.js';

/**
 * Time entries, and their reversals with negative minutes, as rows `line`: the source of all reports about hours
 * (§12). Each counts on its work day. On the basis `closed`, an adjustment counts on the last day of the month that
 * took it, so that two halves of a month add up to the month. Rows contain only ids of people and objects: reports
 * that sum up look up names last. The rows come as several statements, read one after the other or merged. So each
 * finds its rows in the order of an index, and nothing is sorted as a whole.
 */
export function timeLines(visibility: Visibility, filter: ReportFilter, values: Values, also = unnamed): string[] {
  const asked = all(
    subscriptionAsked(visibility, filter, values),
    csmAsked(filter, values),
    filter.package && `${soldOn(filter.basis)} = ${values.place(filter.package)}`,
  );
  const worked = within('e.work_date', filter.from, filter.to, values);
  if (filter.basis === 'corrected') {
    const stands = { on: 'e.work_date', month: `to_char(e.work_date, 'YYYY-MM')` };
    return bookedHours.map((booked) =>
      lines(
        booked,
        stands,
        all(asked, worked, recordedWithin(`${booked.alias}.recorded_at`, filter, values)),
        filter,
        also,
      ),
    );
  }
  const counts = countsUnlessAnnulled('e.accounting_month');
  const { from, to } = monthsWhoseLastDay(filter);
  return bookedHours.flatMap((booked) => {
    const month = `${booked.alias}.accounting_month`;
    const taken = within(month, from, to, values);
    const recorded = recordedWithin(`${booked.alias}.recorded_at`, filter, values);
    return [
      lines(
        booked,
        { on: 'e.work_date', month },
        all(asked, worked, counts, recorded, `${booked.alias}.adjusts_month is null`),
        filter,
        also,
      ),
      lines(
        booked,
        { on: lastDayOf(month), month },
        all(asked, taken, counts, recorded, `${booked.alias}.adjusts_month is not null`),
        filter,
        also,
      ),
    ];
  });
}

/** Further columns and their tables, for lines with these expressions for the month and the recorder. */
export type AlsoRead = (line: { alias: BookedHours['alias']; month: string; recordedBy: string }) => {
  columns: string;
  tables: string;
};

const unnamed: AlsoRead = () => ({ columns: '', tables: '' });

/** The last day of a month, in SQL. */
export const lastDayOf = (month: string): string => `((${month} || '-01')::date + interval '1 month -1 day')::date`;

/** The months whose last day is in the range. */
function monthsWhoseLastDay({ from, to }: { from?: Day; to?: Day }): { from?: Month; to?: Month } {
  return { from: from && monthOf(from), to: to && monthOf(addMonths(addDays(to, 1), -1)) };
}

/**
 * The package of a line: as booked if closed months must not change, otherwise the package in force on the work day.
 */
const soldOn = (basis: Basis): string => (basis === 'closed' ? 'e.package' : packageInForce('e'));

/** The day of a line, and the month in which it counts. */
interface Standing {
  on: string;
  month: string;
}

function lines(
  { alias, sign, tables }: BookedHours,
  { on, month }: Standing,
  condition: string,
  { basis, csmId }: ReportFilter,
  also: AlsoRead,
): string {
  const more = also({ alias, month, recordedBy: `${alias}.recorded_by` });
  return `
select e.id as entry_id, ${sign} as sign, ${on} as stands_on, ${month} as month, s.customer_id, e.subscription_id, e.term_id,
  ${soldOn(basis)} as package, e.work_date, e.consultant_id, e.product_line_id, e.activity, e.delivery, e.visit_id,
  ${sign} * e.minutes as minutes, case when e.delivery = 'onsite' then ${sign} * e.minutes else 0 end as onsite_minutes,
  e.reference, e.severity, e.summary, ${alias}.recorded_at, ${alias}.adjusts_month ${more.columns}
from ${tables} join subscriptions s on s.id = e.subscription_id
${csmId === undefined && also === unnamed ? '' : keptSubscriptions(basis, month, 'e.subscription_id')} ${more.tables}
where ${condition}`;
}
