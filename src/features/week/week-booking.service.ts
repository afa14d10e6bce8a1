import { Injectable } from '@nestjs/common';
import { visibilityOf } from '../../domain/access.js';
import { addDays, type Day } from '../../domain/calendar.js';
import type { PlainUnit } from '../../domain/duration-text.js';
import {
  cellOf,
  changeOf,
  daysOfWeek,
  planCell,
  weekRows,
  workKey,
  type CellPlan,
  type CellProblem,
  type WeekCell,
  type WeekWork,
} from '../../domain/week-sheet.js';
import { Database } from '../../platform/database/database.js';
import type { Problem } from '../../platform/http/problems.js';
import { HoursService, type BookingRequest, type NamedChange } from '../hours/hours.service.js';
import type { ChangeAnswer, WarningAnswer } from '../hours/time-entry.dto.js';
import { WeekStore, type BookedWeekEntry, type WeekSession } from './week.store.js';

/** A row of a sheet as it was typed. */
export interface TypedRow {
  work: WeekWork;
  /** Its amounts are in addition to everything that is booked. */
  isNew: boolean;
  summary: string;
  texts: readonly string[];
  /** The booked minutes that the sheet showed. */
  shownMinutes: readonly number[];
}

export interface TypedSheet {
  monday: Day;
  rows: readonly TypedRow[];
  /** Why hours are taken back. */
  reason: string;
  plain: PlainUnit | undefined;
}

/** A typed cell that was to change something. */
export interface CellOutcome {
  /** Places in `rows` and in the week, from 0. */
  row: number;
  day: number;
  /** By how much the cell changes what is booked; 0 if it was refused. */
  minutes: number;
  warnings: WarningAnswer[];
  refused?: { cell: CellProblem } | { problem: Problem };
}

interface PlannedCell {
  row: number;
  day: number;
  plan: CellPlan;
}

/** Books what was typed on a week sheet. */
@Injectable()
export class WeekBookingService {
  constructor(
    private readonly store: WeekStore,
    private readonly hours: HoursService,
    private readonly database: Database,
  ) {}

  /**
   * Books all cells that the rules accept, in one transaction. A refused cell keeps no other one from being booked. The same request
   * again books nothing twice: its answer is repeated, and a cell whose sum is booked already asks for nothing.
   * @throws Refusal that concerns the whole request, such as `idempotency-key-reused`
   */
  async book(request: Omit<BookingRequest, 'instance'>, sheet: TypedSheet): Promise<CellOutcome[]> {
    const { booked, sessions } = await this.#read(request, sheet);
    const cells = plannedCells(sheet, booked);
    // What is taken back comes first, so that its minutes are free for other cells.
    const inOrder = cells.toSorted(
      (one, other) => Number(one.plan.kind !== 'lower') - Number(other.plan.kind !== 'lower'),
    );
    const used = new Set<string>();
    const changes = inOrder.flatMap((cell) => changesOf(cell, sheet, sessions, used));
    const answers = await this.hours.change(request, changes);
    return outcomes(cells, answers.changes);
  }

  #read(
    { actor }: Pick<BookingRequest, 'actor'>,
    { monday, rows }: TypedSheet,
  ): Promise<{ booked: ReadonlyMap<string, readonly WeekCell[]>; sessions: WeekSession[] }> {
    const days = { from: monday, to: addDays(monday, 6) };
    return this.database.read(async (tx) => {
      const asked = [...new Set(rows.map(({ work }) => work.subscriptionId))];
      const named = await this.store.named(tx, visibilityOf(actor, 'time-entries.log'), asked);
      const ids = named.map(({ subscriptionId }) => subscriptionId);
      const entries = await this.store.entries(tx, ids, days);
      const sessions = await this.store.sessions(tx, ids, days);
      return { booked: new Map(weekRows(monday, entries).map((row) => [workKey(row), row.cells])), sessions };
    });
  }
}

function plannedCells(
  { rows, reason, plain }: TypedSheet,
  booked: ReadonlyMap<string, readonly WeekCell[]>,
): PlannedCell[] {
  return rows.flatMap(({ work, isNew, summary, texts, shownMinutes }, row) =>
    texts.map((text, day): PlannedCell => {
      const shown = isNew ? undefined : (shownMinutes[day] ?? 0);
      const present = booked.get(workKey(work))?.[day] ?? cellOf([]);
      return { row, day, plan: planCell({ text, shownMinutes: shown, summary, reason, plain }, present) };
    }),
  );
}

function changesOf(
  { row, day, plan }: PlannedCell,
  { monday, rows, reason }: TypedSheet,
  sessions: readonly WeekSession[],
  used: Set<string>,
): NamedChange[] {
  const name = `${row} ${day}`;
  if (plan.kind === 'lower') {
    const { reversed, corrected } = plan;
    return [
      ...reversed.map(({ id }): NamedChange => ({ name, kind: 'reverse', timeEntryId: id, body: { reason } })),
      ...(corrected ? [correction(name, corrected.entry as BookedWeekEntry, corrected.minutes, reason)] : []),
    ];
  }
  if (plan.kind !== 'raise') return [];
  const { work, summary } = rows[row]!;
  const workDate = daysOfWeek(monday)[day]!;
  const session = sessions.find((one) => !used.has(one.id) && one.plannedOn === workDate && isSessionOf(one, work));
  if (session) used.add(session.id);
  const plannedSessionId = session?.id ?? null;
  return [{ name, kind: 'log', entry: { ...work, workDate, minutes: plan.minutes, summary, plannedSessionId } }];
}

function correction(name: string, entry: BookedWeekEntry, minutes: number, reason: string): NamedChange {
  const { workDate, consultantId, productLineId, activity, delivery, visitId, summary, reference, severity } = entry;
  const same = { workDate, consultantId, productLineId, activity, delivery, visitId, summary, reference, severity };
  return { name, kind: 'correct', timeEntryId: entry.id, body: { ...same, minutes, reason } };
}

/** A planned session names no visit. */
function isSessionOf(session: WeekSession, work: WeekWork): boolean {
  return workKey({ ...session, visitId: null }) === workKey({ ...work, visitId: null });
}

/**
 * What became of each cell. The answers of a repeated request also name cells whose sum is booked since, so that they ask for nothing
 * now.
 */
function outcomes(cells: readonly PlannedCell[], answers: readonly ChangeAnswer[]): CellOutcome[] {
  return cells.flatMap(({ row, day, plan }): CellOutcome[] => {
    if (plan.kind === 'refuse') return [{ row, day, minutes: 0, warnings: [], refused: { cell: plan.problem } }];
    const own = answers.filter(({ name }) => name === `${row} ${day}`);
    if (own.length === 0) return [];
    const problem = own.find((answer) => answer.problem)?.problem;
    const warnings = own.flatMap((answer) => answer.warnings ?? []);
    return [{ row, day, minutes: problem ? 0 : changeOf(plan), warnings, ...(problem && { refused: { problem } }) }];
  });
}
