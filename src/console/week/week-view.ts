import type { Day } from '../../domain/calendar.js';
import { durationText, readDuration } from '../../domain/duration-text.js';
import type { Language } from '../../domain/language.js';
import type { CellProblem } from '../../domain/week-sheet.js';
import { workKey } from '../../domain/week-sheet.js';
import { leftAfter, type LeftAfter, type LeftChange } from '../../domain/week-left.js';
import { activityWords, deliveryWords } from '../../domain/work-words.js';
import type { CellOutcome } from '../../features/week/week-booking.service.js';
import type { WeekSheet, WeekSubscription, WeekSubscriptionDay, WeekTerm } from '../../features/week/week.service.js';
import { say } from '../../platform/sentences.js';
import { clockText, dayText, shortDayText } from '../words/formats.js';
import { isTouched, workOfRow, type FormRow, type SheetForm } from './week-form.js';
import { weekWords } from './week.words.js';

/** What is wrong with a cell, in words. */
export interface Fault {
  day: number;
  text: string;
  /** The largest amount that the rules accept. */
  largest?: string;
}

/** A row with what became of its cells. */
export interface SheetRow extends FormRow {
  faults: Fault[];
}

export interface CellView {
  text: string;
  /** The standing of the day for this row; undefined for a row whose subscription is not chosen. */
  day: WeekSubscriptionDay | undefined;
  plannedMinutes: number;
  beforeMinutes: number;
  isFaulty: boolean;
}

export interface RowView {
  row: SheetRow;
  cells: CellView[];
  totalMinutes: number;
  /** What the pair could still log after the sheet; undefined if nothing limits it. */
  leftMinutes: number | undefined;
  onsiteLeftMinutes: number | undefined;
}

export interface GroupView {
  subscription: WeekSubscription | undefined;
  rows: RowView[];
  /** What is left of each term of the week after the sheet. */
  lefts: { text: string; isOver: boolean }[];
}

/** The sheet as the page shows it. */
export interface SheetView {
  groups: GroupView[];
  days: { day: Day; isClosed: boolean; holiday: string | undefined; totalMinutes: number }[];
  totalMinutes: number;
  /** How much the typed cells would change. */
  changeMinutes: number;
  isChanged: boolean;
  needsReason: boolean;
  needsPlain: boolean;
}

/** The minutes of a typed cell, as far as it can be read; else what is booked. */
function minutesOf(row: FormRow, day: number, form: Pick<SheetForm, 'plain'>): number {
  const shown = row.isNew ? 0 : row.shownMinutes[day]!;
  const read = isTouched(row, day, form.plain) ? readDuration(row.texts[day]!, form.plain) : undefined;
  return read && 'minutes' in read ? read.minutes : shown;
}

export function sheetView(
  sheet: WeekSheet,
  rows: readonly SheetRow[],
  form: Pick<SheetForm, 'plain' | 'reason'>,
  language: Language,
): SheetView {
  const minutes = rows.map((row) => row.texts.map((_, day) => minutesOf(row, day, form)));
  const changes = rows.map((row, at) =>
    minutes[at]!.map((amount, day) => amount - (row.isNew ? 0 : row.shownMinutes[day]!)),
  );
  const lefts = new Map(
    [...sheet.subscriptions.values()].map((one) => [one.subscriptionId, leftsOf(one, rows, changes)]),
  );
  const viewOf = (row: SheetRow, at: number): RowView => {
    const subscription = sheet.subscriptions.get(row.subscriptionId);
    const left = subscription && lefts.get(row.subscriptionId)?.get(lastTerm(subscription)?.termId ?? '');
    const work = workOfRow(row);
    const before = work && sheet.before.get(workKey(work));
    return {
      row,
      cells: row.texts.map((text, day) => ({
        text,
        day: subscription?.days[day],
        plannedMinutes: plannedOn(sheet, row, day),
        beforeMinutes: before?.[day] ?? 0,
        isFaulty: row.faults.some((fault) => fault.day === day),
      })),
      totalMinutes: sum(minutes[at]!),
      leftMinutes: work && left?.ofPair(work),
      onsiteLeftMinutes: row.delivery === 'onsite' ? left?.onsiteMinutes : undefined,
    };
  };
  const views = rows.map(viewOf);
  const groups = [...sheet.subscriptions.values()].map((subscription) => ({
    subscription,
    rows: views.filter(({ row }) => row.subscriptionId === subscription.subscriptionId),
    lefts: subscription.terms.map((term) =>
      leftText(term, lefts.get(subscription.subscriptionId)!.get(term.termId)!, language),
    ),
  }));
  const open = views.filter(({ row }) => !sheet.subscriptions.has(row.subscriptionId));
  const all = [...(open.length > 0 ? [{ subscription: undefined, rows: open, lefts: [] }] : []), ...groups];
  return {
    groups: all.filter((group) => group.rows.length > 0),
    days: sheet.days.map((one, day) => ({
      ...one,
      holiday: sharedHoliday(sheet, day),
      totalMinutes: sum(minutes.map((ofRow) => ofRow[day]!)),
    })),
    totalMinutes: sum(minutes.flat()),
    changeMinutes: sum(changes.flat()),
    isChanged: changes.some((ofRow) => ofRow.some((change) => change !== 0)),
    needsReason: form.reason !== '' || changes.some((ofRow) => ofRow.some((change) => change < 0)),
    needsPlain: form.plain !== undefined || rows.some((row) => row.texts.some(isAmbiguous)),
  };
}

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

const isAmbiguous = (text: string): boolean => {
  const read = readDuration(text);
  return read !== undefined && 'ambiguous' in read;
};

const lastTerm = ({ terms }: WeekSubscription): WeekTerm | undefined => terms.at(-1);

/** What is left of each term after the changes of its days. */
function leftsOf(
  { subscriptionId, terms, days }: WeekSubscription,
  rows: readonly FormRow[],
  changes: readonly (readonly number[])[],
): Map<string, LeftAfter> {
  return new Map(
    terms.map((term) => {
      const ofTerm = rows.flatMap((row, at) => {
        if (row.subscriptionId !== subscriptionId) return [];
        const { consultantId, productLineId, delivery } = row;
        return changes[at]!.flatMap((minutes, day): LeftChange[] =>
          minutes !== 0 && days[day]!.termId === term.termId
            ? [{ consultantId, productLineId, minutes, onsite: delivery === 'onsite' }]
            : [],
        );
      });
      return [term.termId, leftAfter(term, ofTerm)];
    }),
  );
}

function leftText(
  { closed, endsOn }: WeekTerm,
  { termMinutes }: LeftAfter,
  language: Language,
): { text: string; isOver: boolean } {
  const isOver = termMinutes < 0;
  const word = isOver ? 'termOver' : closed ? 'lateLeft' : 'termLeft';
  const words = { amount: clockText(Math.abs(termMinutes)), day: dayText(endsOn, language) };
  return { text: say(weekWords[language][word], language, words), isOver };
}

/** The minutes that open sessions plan for a cell. */
export function plannedOn({ days, sessions }: WeekSheet, row: FormRow, day: number): number {
  if (row.isNew) return 0;
  const planned = sessions.filter(
    (session) =>
      session.plannedOn === days[day]!.day &&
      workKey({ ...session, visitId: null }) === workKey({ ...row, visitId: null }),
  );
  return sum(planned.map(({ minutes }) => minutes));
}

/** The name of a holiday that all customers of the sheet have. */
function sharedHoliday({ subscriptions }: WeekSheet, day: number): string | undefined {
  const names = new Set([...subscriptions.values()].map(({ days }) => days[day]!.holiday));
  return names.size === 1 ? [...names][0] : undefined;
}

/** What became of the cells of a row, in the words of its faults. */
export function faultsOf(outcomes: readonly CellOutcome[], row: FormRow, language: Language): Fault[] {
  return outcomes.flatMap(({ day, refused }): Fault[] => {
    if (!refused) return [];
    const text = row.texts[day]!;
    if ('cell' in refused) return [{ day, text: cellFault(refused.cell, text, language) }];
    const { violations = [], detail, maxAcceptableMinutes, errors = [] } = refused.problem;
    const sentences = violations.length > 0 ? violations.map((one) => one.detail) : [detail];
    const faults = errors.map((error) => error.detail);
    const most =
      maxAcceptableMinutes === undefined ? undefined : maxAcceptableMinutes + (row.isNew ? 0 : row.shownMinutes[day]!);
    return [{ day, text: [...sentences, ...faults].join(' '), ...(most ? { largest: durationText(most) } : {}) }];
  });
}

export function cellFault(problem: CellProblem, text: string, language: Language): string {
  const words = weekWords[language];
  switch (problem.code) {
    case 'ambiguous':
      return say(words.ambiguous, language, { number: problem.number });
    case 'changed-meanwhile':
      return say(words[problem.code], language, { amount: durationText(problem.minutes), text });
    default:
      return say(words[problem.code], language, { text });
  }
}

/** `Suzuki Ichiro · Database`. */
export function pairText(sheet: WeekSheet, row: Pick<FormRow, 'consultantId' | 'productLineId'>): string {
  const { consultants, productLines } = sheet.names;
  return [consultants.get(row.consultantId), productLines.get(row.productLineId)].filter(Boolean).join(' · ');
}

/** `Health check · Remote`; onsite work with the place of its visit. */
export function kindText(row: FormRow, subscription: WeekSubscription | undefined, language: Language): string {
  const visit = subscription?.visits.find(({ id }) => id === row.visitId);
  const delivery = visit
    ? `${deliveryWords[row.delivery][language]}: ${visit.place}`
    : deliveryWords[row.delivery][language];
  return `${activityWords[row.activity][language]} · ${delivery}`;
}

/** A day in the parts of a narrow column: `Mon`, `23 Nov`, `23`. */
export function columnText(day: Day, language: Language): { weekday: string; date: string; number: string } {
  const text = shortDayText(day, language, day);
  const [, date, weekday] = /^(.*)\((.)\)$/.exec(text) ?? [];
  const [first = '', ...rest] = text.split(' ');
  const number = String(Number(day.slice(8)));
  return weekday === undefined || date === undefined
    ? { weekday: first, date: rest.join(' '), number }
    : { weekday, date, number };
}
