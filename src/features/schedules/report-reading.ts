import { scopeOf, type Viewer } from '../../domain/access.js';
import type { UserAnswer } from '../people/people.dto.js';
import type { ReportRequest } from '../reports/report.service.js';
import { reports } from '../reports/reports.js';
import type { ScheduledReportFacts } from './scheduled-report-facts.js';

/**
 * As whom, and how, a report is read that somebody has set up: by the owner's present role. Undefined where the owner may no
 * longer have reports sent, or not this one.
 */
export function readingOf(
  { report, format, options, filter }: ScheduledReportFacts,
  owner: UserAnswer | undefined,
): { viewer: Viewer; request: ReportRequest } | undefined {
  if (!owner) return undefined;
  const { id, role, customerId } = owner;
  const isAllowed = (['reports.schedule', reports[report].permission] as const).every(
    (permission) => scopeOf(permission, role) !== 'never',
  );
  if (!isAllowed) return undefined;
  return { viewer: { userId: id, role, customerId }, request: { ...filter, ...options, format } };
}
