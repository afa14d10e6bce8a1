import type { CopiedRow } from '../../platform/database/snapshot.js';
import { amountTotals, type PrintedColumn } from './printed-columns.js';

const numeric = new Set(['number', 'minutes', 'hours']);

/**
 * Prints rows, which may be read as bytes, as JSON objects without line breaks. The keys are the stable names of the
 * columns. Text stays unchanged.
 */
export function jsonPrinter(columns: readonly PrintedColumn[]): (row: CopiedRow) => string {
  const members = columns.map((printed) => {
    const key = `"${printed.column.name}":`;
    if (numeric.has(printed.column.type)) return (row: CopiedRow) => `${key}${printed.print(row)}`;
    // Codes, ids, days and months need no escaping.
    if (printed.column.type !== 'text') {
      return (row: CopiedRow) => {
        const value = printed.print(row);
        return value === null ? `${key}null` : `${key}"${value}"`;
      };
    }
    return (row: CopiedRow) => `${key}${JSON.stringify(printed.print(row))}`;
  });
  return (row) => `{${members.map((member) => member(row)).join(',')}}`;
}

/** The member `totalAmounts`, by currency, after the other totals. Empty for a report without amounts. */
export function amountsMember(columns: readonly PrintedColumn[]): string {
  const totals = amountTotals(columns);
  return totals ? `,"totalAmounts":${JSON.stringify(totals)}` : '';
}
