import { entitlements } from './entitlements.report.js';
import { expiredHours } from './expired-hours.report.js';
import { renewals } from './renewals.report.js';
import type { Report } from './report.js';
import { travelExpenses } from './travel-expenses.report.js';
import { usageLines } from './usage-lines.report.js';
import { usageSummary } from './usage-summary.report.js';
import { utilisation } from './utilisation.report.js';

/** The available reports (§12) by name. */
export const reports = {
  'usage-lines': usageLines,
  'usage-summary': usageSummary,
  entitlements,
  'expired-hours': expiredHours,
  renewals,
  utilisation,
  'travel-expenses': travelExpenses,
} satisfies Record<string, Report>;

export type ReportName = keyof typeof reports;

export const reportNames = Object.keys(reports) as ReportName[];
