/**
 * Writes time-entries.csv: `npm run build && node dist/src/demo/generate-entries.js`. Each run writes the same file. Each customer
 * works at the pace that its `use` says, on working days, split by its allocations.
 */
import { writeFileSync } from 'node:fs';
import { customer, customerKeys, productLines, consultants, yearEndsOn } from './cast.js';
import type { DemoCustomer, DemoPackageCode, Share, Stay } from './cast.js';
import { summaryOf, type DemoActivity } from './summaries.js';
import { columns, csvValue, timeEntriesFile, visitName, type DemoEntryRow } from './time-entries.js';

const termMinutes: Record<DemoPackageCode, number> = {
  basic: 5_760,
  premier: 11_520,
  enterprise: 23_040,
  dedicated: 96_000,
};

/** Minutes of one piece of work. Larger packages have larger tasks. */
const durations: Record<DemoPackageCode, number[]> = {
  basic: [15, 30, 30, 45, 60],
  premier: [30, 30, 45, 60, 90],
  enterprise: [30, 45, 60, 60, 90, 120],
  dedicated: [60, 90, 120, 150, 180, 240],
};

/** Advice and health checks are more frequent than upgrades. */
const activities: DemoActivity[] = [
  'technical-advice',
  'technical-advice',
  'technical-advice',
  'best-practice',
  'health-check',
  'health-check',
  'gap-analysis',
  'upgrade',
  'feature-adoption',
  'enablement',
];

/** The most minutes a consultant works a day in the file. The story's scenes add more. */
const longestDayMinutes = 600;

const random = numbers(20_260_401);
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const dayMinutes = new Map<string, number>();

const rows = customerKeys.flatMap((key) => rowsOf(customer(key)));
rows.sort((one, other) => compare(one.workDate, other.workDate) || compare(one.customer, other.customer));
const lines = [columns, ...rows.map((row) => columns.map((column) => unquoted(row[column])))];
writeFileSync(timeEntriesFile, lines.map((line) => `${line.join(',')}\n`).join(''));
console.log(`${rows.length} time entries written to ${timeEntriesFile}`);

function unquoted(text: string): string {
  if (csvValue(text) !== text) throw new Error(`readTimeEntries() reads no quotation marks: ${text}`);
  return text;
}

function rowsOf(one: DemoCustomer): DemoEntryRow[] {
  const found: DemoEntryRow[] = [];
  const worked = new Map<string, number>();
  let planned = 0;
  let used = 0;

  const doneOf = (shared: Share): number => (worked.get(pairOf(shared)) ?? 0) / shared.minutes;
  const add = (row: DemoEntryRow, shared: Share): void => {
    used += Number(row.minutes);
    worked.set(pairOf(shared), (worked.get(pairOf(shared)) ?? 0) + Number(row.minutes));
    found.push(row);
  };

  for (const month of monthsBetween(one.use.from, yearEndsOn)) {
    const upgraded = one.upgrade && `${month}-01` >= one.upgrade.on ? one.upgrade : undefined;
    const bought = upgraded?.package ?? one.package;
    const shares = upgraded?.shares ?? one.shares;
    if (month === one.use.notIn) continue;
    planned += (termMinutes[bought] / 12) * (one.use.percentOfPlan / 100);

    for (const visit of one.visits.filter(({ startsOn }) => startsOn.startsWith(month))) {
      for (const [row, shared] of onsiteRows(one, visit, shares)) add(row, shared);
    }
    while (planned - used >= 15) {
      const shared = shares.toSorted((one, other) => doneOf(one) - doneOf(other))[0]!;
      const minutes = Math.min(pick(durations[bought]), Math.floor((planned - used) / 15) * 15);
      const workDate = pick(workingDays(month).filter((day) => hasRoom(shared, day, minutes)));
      add(entry(one, shared, workDate, minutes), shared);
    }
  }
  return found;
}

function onsiteRows(one: DemoCustomer, visit: Stay, shares: Share[]): [DemoEntryRow, Share][] {
  const days = workingDays(visit.startsOn.slice(0, 7)).filter((day) => day >= visit.startsOn && day <= visit.endsOn);
  return days.flatMap((day) =>
    visit.consultants.map((who): [DemoEntryRow, Share] => {
      const shared = shares.find(({ consultant }) => consultant === who)!;
      return [{ ...entry(one, shared, day, visit.minutesADay), delivery: 'onsite', visit: visitName(visit) }, shared];
    }),
  );
}

function entry(one: DemoCustomer, { consultant, line }: Share, workDate: string, minutes: number): DemoEntryRow {
  const key = `${consultant} ${workDate}`;
  dayMinutes.set(key, (dayMinutes.get(key) ?? 0) + minutes);
  const activity = pick(activities);
  const hasCase = random() < 0.35;
  return {
    customer: one.name,
    workDate,
    minutes: String(minutes),
    consultant: consultants[consultant].name,
    productLine: productLines[line],
    activity,
    delivery: 'remote',
    visit: '',
    summary: summaryOf(one.locale, line, activity, random),
    reference: hasCase ? `CS-${100_000 + Math.floor(random() * 900_000)}` : '',
    severity: hasCase ? pick(['1', '2', '2', '3', '3', '3', '4', '4']) : '',
  };
}

function pairOf({ consultant, line }: Share): string {
  return `${consultant} ${line}`;
}

function hasRoom({ consultant }: Share, day: string, minutes: number): boolean {
  return (dayMinutes.get(`${consultant} ${day}`) ?? 0) + minutes <= longestDayMinutes;
}

function* monthsBetween(firstDay: string, lastDay: string): Generator<string> {
  const date = new Date(`${firstDay.slice(0, 7)}-01T00:00Z`);
  for (; isoDay(date) <= lastDay; date.setUTCMonth(date.getUTCMonth() + 1)) yield isoDay(date).slice(0, 7);
}

function workingDays(month: string): string[] {
  const days: string[] = [];
  const date = new Date(`${month}-01T00:00Z`);
  for (; isoDay(date).startsWith(month); date.setUTCDate(date.getUTCDate() + 1)) {
    if (date.getUTCDay() % 6 !== 0) days.push(isoDay(date));
  }
  return days;
}

/** Pseudo-random numbers in [0, 1), the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function isoDay(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
