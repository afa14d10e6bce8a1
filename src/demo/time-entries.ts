import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The columns of the file, in its order: names as people write them, which the story turns into ids. */
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

/** The nearest folder above that holds the package: the demo runs from `dist`, while its data stays in `src`. */
export function projectRoot(from = __dirname): string {
  return existsSync(join(from, 'package.json')) ? from : projectRoot(dirname(from));
}

export const timeEntriesFile = join(projectRoot(), 'src', 'demo', 'time-entries.csv');

/** Reads the file. A comma always separates two values there: generate-entries.ts writes no quotation marks. */
export function readTimeEntries(): DemoEntryRow[] {
  const [, ...lines] = readFileSync(timeEntriesFile, 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const values = line.split(',');
    return Object.fromEntries(columns.map((column, at) => [column, values[at]!])) as DemoEntryRow;
  });
}

/** A value as CSV files have it. */
export const csvValue = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** How a row names the visit it belongs to. */
export const visitName = ({ place, startsOn }: { place: string; startsOn: string }): string => `${place} ${startsOn}`;
