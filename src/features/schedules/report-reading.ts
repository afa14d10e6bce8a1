import { scopeOf, type Viewer } from '../../domain/access.js';
import type { UserAnswer } from '../people/people.dto.js';
import type { ReportRequest } from '../reports/report.service.js';
import { reports, type ReportName } from '../reports/reports.js';
import type { ScheduledReportFacts } from './scheduled-report-facts.js';

/** Whether a user may schedule reports. */
export const mayHaveSent = (report: ReportName, { role, active }: Pick<UserAnswer, 'role' | 'active'>): boolean =>
  active &&
  (['reports.schedule', reports[report].permission] as const).every(
    (permission) => scopeOf(permission, role) !== 'never',
  );

/** The reports that customers may read, and so the only reports for contacts of a customer (§13). */
export const reportsForCustomers = (Object.keys(reports) as ReportName[]).filter(
  (name) => scopeOf(reports[name].permission, 'customer') !== 'never',
);

/**
 * The actor and the filter for reading a scheduled report: the present role of its owner. For contacts of a customer,
 * the report shows what both the customer and the owner may see. Undefined if the owner may no longer schedule
 * reports, or may not read this one.
 */
export function readingOf(
  { report, format, options, filter, forContacts }: ScheduledReportFacts,
  owner: UserAnswer | undefined,
): { viewer: Viewer; request: ReportRequest } | undefined {
  if (!owner || !mayHaveSent(report, owner)) return undefined;
  const { id, role, customerId } = owner;
  const request = { ...filter, ...options, format };
  if (!forContacts) return { viewer: { userId: id, role, customerId }, request };
  const withinPortfolioOf = scopeOf(reports[report].permission, role) === 'portfolio' ? id : undefined;
  const viewer: Viewer = { userId: id, role: 'customer', customerId: filter.customerId!, withinPortfolioOf };
  return { viewer, request };
}
