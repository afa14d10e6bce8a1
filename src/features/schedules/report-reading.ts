import { portfoliosOf, scopeOf, type Viewer } from '../../domain/access.js';
import type { UserAnswer } from '../people/people.dto.js';
import type { UserWithRights } from '../people/user.service.js';
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
 * The actor and the filter for reading a scheduled report: the present role of its owner, and the CSMs whose
 * deputy the owner is at present. For contacts of a customer,
 * the report shows what both the customer and the owner may see. Undefined if the owner may no longer schedule
 * reports, or may not read this one.
 */
export function readingOf(
  { report, format, options, filter, forContacts }: ScheduledReportFacts,
  owner: UserWithRights | undefined,
): { viewer: Viewer; request: ReportRequest } | undefined {
  if (!owner || !mayHaveSent(report, owner)) return undefined;
  const { id, role, customerId, deputyFor } = owner;
  const request = { ...filter, ...options, format };
  if (!forContacts) return { viewer: { userId: id, role, customerId, deputyFor }, request };
  const isLimited = scopeOf(reports[report].permission, role) === 'portfolio';
  const withinPortfoliosOf = isLimited ? portfoliosOf({ userId: id, deputyFor }) : undefined;
  const contact = { userId: id, role: 'customer', customerId: filter.customerId!, deputyFor: [] } as const;
  return { viewer: { ...contact, withinPortfoliosOf }, request };
}
