import { addDays, type Day } from './calendar.js';
import { durationText, readDuration, type PlainUnit } from './duration-text.js';
import type { Activity, Delivery } from './time-entry.js';

/** What the cells of a row share. */
export interface WeekWork {
  subscriptionId: string;
  consultantId: string;
  productLineId: string;
  activity: Activity;
  delivery: Delivery;
  /** The visit of onsite work. */
  visitId: string | null;
}

/** An entry that is not reversed. */
export interface WeekEntry extends WeekWork {
  id: string;
  workDate: Day;
  minutes: number;
  summary: string;
  recordedAt: Date;
}

export interface WeekCell {
  minutes: number;
  /** Newest first: the order in which a lower amount takes them back. */
  entries: readonly WeekEntry[];
}

export interface WeekRow extends WeekWork {
  /** From Monday to Sunday. */
  cells: readonly WeekCell[];
  /** The summary of the newest entry. */
  summary: string;
}

/** The seven days from a Monday. */
export function daysOfWeek(monday: Day): Day[] {
  return Array.from({ length: 7 }, (_, nth) => addDays(monday, nth));
}

/** The same text for the same work. */
export function workKey(work: WeekWork): string {
  const { subscriptionId, consultantId, productLineId, activity, delivery, visitId } = work;
  return [subscriptionId, consultantId, productLineId, activity, delivery, visitId ?? ''].join(' ');
}

/** The rows of a week from its standing entries, in the order in which the entries name them first. */
export function weekRows(monday: Day, entries: readonly WeekEntry[]): WeekRow[] {
  const days = daysOfWeek(monday);
  const byWork = new Map<string, WeekEntry[]>();
  for (const entry of entries) {
    const key = workKey(entry);
    const others = byWork.get(key);
    if (others) others.push(entry);
    else byWork.set(key, [entry]);
  }
  return [...byWork.values()].map((ofRow) => {
    const newestFirst = ofRow.toSorted(byNewest);
    const cells = days.map((day) => cellOf(newestFirst.filter(({ workDate }) => workDate === day)));
    return { ...workOf(newestFirst[0]!), cells, summary: newestFirst[0]!.summary };
  });
}

const byNewest = (one: WeekEntry, other: WeekEntry): number =>
  other.recordedAt.getTime() - one.recordedAt.getTime() || (one.id < other.id ? 1 : -1);

export const cellOf = (entries: readonly WeekEntry[]): WeekCell => ({
  minutes: entries.reduce((sum, { minutes }) => sum + minutes, 0),
  entries,
});

/** Only the fields of the work. */
export function workOf(work: WeekWork): WeekWork {
  const { subscriptionId, consultantId, productLineId, activity, delivery, visitId } = work;
  return { subscriptionId, consultantId, productLineId, activity, delivery, visitId };
}

/** What a cell shows for booked minutes: nothing is blank. */
export const cellText = (minutes: number): string => (minutes === 0 ? '' : durationText(minutes));

export type CellProblem =
  | { code: 'unreadable' }
  /** A number that can be hours or minutes. */
  | { code: 'ambiguous'; number: number }
  /** Somebody booked or reversed hours since the sheet was shown; `minutes` stand now. */
  | { code: 'changed-meanwhile'; minutes: number }
  /** The row does not say yet for whom, or by whom, the work was done. */
  | { code: 'work-missing' }
  | { code: 'summary-missing' }
  | { code: 'reason-missing' };

/** What a cell asks for. `raise` is a new entry. `lower` reverses entries, and replaces at most one by a shorter entry. */
export type CellPlan =
  | { kind: 'keep' }
  | { kind: 'refuse'; problem: CellProblem }
  | { kind: 'raise'; minutes: number }
  | { kind: 'lower'; reversed: readonly WeekEntry[]; corrected: { entry: WeekEntry; minutes: number } | undefined };

/** A cell as it was typed. */
export interface TypedCell {
  text: string;
  /**
   * The minutes that the sheet showed as booked. Undefined in a new row: its amounts are in addition to everything that is
   * booked already.
   */
  shownMinutes: number | undefined;
  summary: string;
  /** Why hours are taken back. */
  reason: string;
  /** The unit of numbers without one, if it was chosen for the sheet. */
  plain: PlainUnit | undefined;
}

const keep: CellPlan = { kind: 'keep' };
const refuse = (problem: CellProblem): CellPlan => ({ kind: 'refuse', problem });

/**
 * What a typed cell changes. The text of a booked row is the wanted sum of the day, so the same sheet can be sent twice: the second
 * time it changes nothing.
 *
 * - A blank cell keeps what is booked. `0` takes everything back.
 * - A higher sum is a new entry of the difference. A lower sum takes back the newest entries first.
 * - If what is booked has changed since the sheet was shown, a typed sum is refused, because its author did not know it.
 */
export function planCell(typed: TypedCell, booked: WeekCell): CellPlan {
  if (typed.text.trim() === '') return keep;
  const read = readDuration(typed.text, typed.plain);
  if (read === undefined) return refuse({ code: 'unreadable' });
  if ('ambiguous' in read) return refuse({ code: 'ambiguous', number: read.ambiguous });
  const { shownMinutes } = typed;
  if (shownMinutes === undefined) return read.minutes === 0 ? keep : raise(read.minutes, typed.summary);
  if (read.minutes === shownMinutes || read.minutes === booked.minutes) return keep;
  if (shownMinutes !== booked.minutes) return refuse({ code: 'changed-meanwhile', minutes: booked.minutes });
  if (read.minutes > booked.minutes) return raise(read.minutes - booked.minutes, typed.summary);
  if (typed.reason.trim() === '') return refuse({ code: 'reason-missing' });
  return lower(booked, read.minutes);
}

function raise(minutes: number, summary: string): CellPlan {
  return summary.trim() === '' ? refuse({ code: 'summary-missing' }) : { kind: 'raise', minutes };
}

/** Example: entries of 30, 60 and 120 minutes, newest first. For 100 minutes, the first two are reversed and the third one becomes 100. */
function lower({ minutes, entries }: WeekCell, toMinutes: number): CellPlan {
  const reversed: WeekEntry[] = [];
  let surplus = minutes - toMinutes;
  for (const entry of entries) {
    if (surplus === 0) break;
    if (entry.minutes > surplus) {
      return { kind: 'lower', reversed, corrected: { entry, minutes: entry.minutes - surplus } };
    }
    reversed.push(entry);
    surplus -= entry.minutes;
  }
  return { kind: 'lower', reversed, corrected: undefined };
}

/** By how many minutes a plan changes what is booked. */
export function changeOf(plan: CellPlan): number {
  if (plan.kind === 'raise') return plan.minutes;
  if (plan.kind !== 'lower') return 0;
  const corrected = plan.corrected ? plan.corrected.entry.minutes - plan.corrected.minutes : 0;
  return -plan.reversed.reduce((sum, { minutes }) => sum + minutes, corrected);
}

/** A row that is proposed for a week, with the text of its cells. */
export interface ProposedRow extends WeekWork {
  texts: readonly string[];
  summary: string;
}

/**
 * The rows of last week that this week lacks, without hours or with them. Rows that this week has are not proposed again: `fillings`
 * holds last week's hours for their blank cells, by `workKey`.
 */
export function copiedWeek(
  lastWeek: readonly WeekRow[],
  thisWeek: readonly { work: WeekWork; texts: readonly string[] }[],
  { withHours }: { withHours: boolean },
): { rows: ProposedRow[]; fillings: Map<string, readonly string[]> } {
  const present = new Map(thisWeek.map(({ work, texts }) => [workKey(work), texts]));
  const rows: ProposedRow[] = [];
  const fillings = new Map<string, readonly string[]>();
  for (const row of lastWeek) {
    const key = workKey(row);
    const texts = row.cells.map(({ minutes }) => (withHours ? cellText(minutes) : ''));
    const typed = present.get(key);
    if (typed === undefined) rows.push({ ...workOf(row), texts, summary: row.summary });
    else if (withHours)
      fillings.set(
        key,
        typed.map((text, day) => (text.trim() === '' ? texts[day]! : text)),
      );
  }
  return { rows, fillings };
}
