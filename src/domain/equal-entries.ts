import type { TimeEntry } from './time-entry.js';

/** The fields that decide whether two entries are equal (§14). The visit, the severity and the recording user do not count. */
export type ComparedEntry = Pick<
  TimeEntry,
  'workDate' | 'minutes' | 'consultantId' | 'productLineId' | 'activity' | 'delivery' | 'summary' | 'reference'
>;

/**
 * The compared fields of an entry as one text: two entries are equal if and only if their texts are (§5, §14). The text begins
 * with the work day and a line break. The summary comes last because it alone can contain line breaks.
 */
export function equalityText(subscriptionId: string, entry: ComparedEntry): string {
  const { workDate, minutes, consultantId, productLineId, activity, delivery, summary, reference } = entry;
  const written = reference === null ? '' : comparedText(reference);
  return `${workDate}\n${subscriptionId}\n${consultantId}\n${productLineId}\n${activity}\n${delivery}\n${minutes}\n${written}\n${comparedText(summary)}`;
}

/**
 * The form of a text for comparison (§5): in NFC, with unified line ends, without blanks around it. Migration 0028 computes
 * the same in SQL, so a change here needs a migration.
 */
export function comparedText(text: string): string {
  const composed = asciiOnly.test(text) ? text : text.normalize('NFC');
  return (composed.includes('\r') ? composed.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : composed).trim();
}
const asciiOnly = /^[\x00-\x7f]*$/;
