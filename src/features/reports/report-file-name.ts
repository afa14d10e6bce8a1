import type { Report, ReportFilter } from './report.js';

/**
 * A file name such as `usage-lines_from_2026-04-01_to_2026-04-30_closed`, so that two reports in one folder have
 * different names. Days, ids and codes need no quotes in a header. Any other character is removed.
 */
export function fileName(
  { name }: Report,
  { from, to, basis, customerId, csmId, package: code, recordedSince, recordedUntil }: ReportFilter,
): string {
  const filters = [
    from && `from_${from}`,
    to && `to_${to}`,
    basis === 'closed' && basis,
    customerId && `customer_${customerId}`,
    csmId && `csm_${csmId}`,
    code,
    recordedSince && `recorded_since_${recordedSince}`,
    recordedUntil && `recorded_until_${recordedUntil}`,
  ];
  return [name, ...filters.filter(Boolean)].join('_').replaceAll(/[^\w.-]/g, '-');
}
