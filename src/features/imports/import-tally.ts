import { statusOf } from '../../domain/refusal.js';
import type { Language } from '../../domain/language.js';
import { problemOf, type Problem } from '../../platform/http/problems.js';
import type { ImportRow, UnreadableRow } from './import-row.js';

/** The outcome of a row. `present`: it was not booked, because enough equal entries stand already. */
export type RowOutcome = { minutes: number } | { present: true } | UnreadableRow;

/** Why a row was refused, in the same words as for a single entry. */
export type ImportProblem = { line: number; column?: string; value?: string } & Pick<
  Problem,
  'status' | 'code' | 'detail' | 'maxAcceptableMinutes' | 'violations' | 'errors'
>;

/** The outcome of an import. The counts are exact; `problems` has the first thousand, in the order of lines. */
export interface ImportOutcome {
  dryRun: boolean;
  /** Absent if the import leaves no record: a dry run, or an atomic import with a refused row. */
  importId?: string;
  /** The sum of `accepted`, `present` and `refused`. */
  rows: number;
  /** Rows that were booked. */
  accepted: number;
  /** Rows that were booked before. */
  present: number;
  refused: number;
  /** The minutes of the accepted rows. */
  minutes: number;
  problems: ImportProblem[];
  problemsOmitted: number;
}

const mostProblems = 1_000;

/** Adds up the outcomes of the rows of a file. */
export class ImportTally {
  /** Rows that failed with an internal error. */
  broken = 0;
  #accepted = 0;
  #refused = 0;
  #present = 0;
  #minutes = 0;
  readonly #problems: ImportProblem[] = [];
  /** Problems of later lines are not among the first thousand. */
  #lastLineShown = Number.POSITIVE_INFINITY;

  constructor(private readonly request: { atomic: boolean; dryRun: boolean; language: Language }) {}

  add(rows: readonly ImportRow[], outcomes: readonly RowOutcome[]): void {
    for (const [at, outcome] of outcomes.entries()) {
      if ('refusal' in outcome) this.#refuse(rows[at]!.line, outcome);
      else if ('present' in outcome) this.#present += 1;
      else this.#accept(outcome.minutes);
    }
    // Chunks do not follow the order of lines.
    this.#problems.sort((one, other) => one.line - other.line).splice(mostProblems);
    if (this.#problems.length === mostProblems) this.#lastLineShown = this.#problems.at(-1)!.line;
  }

  /** If an atomic import has a refused row, no row was booked. */
  outcome(importId: string | undefined): ImportOutcome {
    const nothingBooked = this.request.atomic && this.#refused > 0;
    return {
      ...(importId !== undefined && !nothingBooked && { importId }),
      dryRun: this.request.dryRun,
      rows: this.#accepted + this.#present + this.#refused,
      accepted: nothingBooked ? 0 : this.#accepted,
      present: this.#present,
      refused: this.#refused,
      minutes: nothingBooked ? 0 : this.#minutes,
      problems: this.#problems,
      problemsOmitted: this.#refused - this.#problems.length,
    };
  }

  #accept(minutes: number): void {
    this.#accepted += 1;
    this.#minutes += minutes;
  }

  #refuse(line: number, refused: UnreadableRow): void {
    this.#refused += 1;
    if (statusOf(refused.refusal.code) === 500) this.broken += 1;
    if (line < this.#lastLineShown) this.#problems.push(problemOfRow(line, refused, this.request.language));
  }
}

function problemOfRow(line: number, { refusal, ...cell }: UnreadableRow, language: Language): ImportProblem {
  const { status, code, detail, maxAcceptableMinutes, violations, errors } = problemOf(refusal, language);
  return {
    line,
    status,
    code,
    detail,
    ...('column' in cell && { column: cell.column }),
    ...('value' in cell && { value: cell.value }),
    ...(maxAcceptableMinutes !== undefined && { maxAcceptableMinutes }),
    ...(violations && { violations }),
    ...(errors && { errors }),
  };
}
