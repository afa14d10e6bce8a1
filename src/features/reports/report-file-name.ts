import type { Report, ReportFilter } from './report.js';

/**
 * For instance `usage-lines_from_2026-04-01_to_2026-04-30_closed`: two reports that are kept in one folder have two names. Days,
 * ids and words of ours need no quoting in a header; whatever else came here would lose what does.
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
