import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The columns of the file, in order. They hold names; the story looks up the ids. */
export const columns = [
  'customer',
  'workDate',
  'minutes',
  'consultant',
  'productLine',
  'activity',
  'delivery',
  'visit',
  'summary',
  'reference',
  'severity',
] as const;

export type DemoEntryRow = Record<(typeof columns)[number], string>;

/** The nearest parent folder with a package.json: the demo runs from `dist`, but its data is in `src`. */
export function projectRoot(from = __dirname): string {
  return existsSync(join(from, 'package.json')) ? from : projectRoot(dirname(from));
}

export const timeEntriesFile = join(projectRoot(), 'src', 'demo', 'time-entries.csv');

/** Reads the file. generate-entries.ts writes no quotation marks, so a comma always separates two values. */
export function readTimeEntries(): DemoEntryRow[] {
  const [, ...lines] = readFileSync(timeEntriesFile, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(columns.map((column, at) => [column, values[at]!])) as DemoEntryRow;
  });
}

/** Quotes a CSV value where necessary. */
export const csvValue = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** The name under which a row refers to its visit. */
export const visitName = ({ place, startsOn }: { place: string; startsOn: string }): string => `${place} ${startsOn}`;
