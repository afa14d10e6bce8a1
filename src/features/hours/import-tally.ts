import { statusOf } from '../../domain/refusal.js';
import type { Language } from '../../domain/language.js';
import { problemOf, type Problem } from '../../platform/http/problems.js';
import type { ImportRow, UnreadableRow } from './import-row.js';

/** What became of a row. `present`: the books hold enough equal entries, and it was not booked. */
export type RowOutcome = { minutes: number } | { present: true } | UnreadableRow;

/** Why a row of a file was refused, in the words in which the same entry alone would have been. */
export type ImportProblem = { line: number; column?: string; value?: string } & Pick<
  Problem,
  'status' | 'code' | 'detail' | 'maxAcceptableMinutes' | 'violations' | 'errors'
>;

/** What became of a file. The counts are exact; of the problems there are the first thousand, in order of the lines. */
export interface ImportOutcome {
  dryRun: boolean;
  /** Absent where nothing is kept of the import: in a dry run, and where all or nothing came to nothing. */
  importId?: string;
  /** The sum of those that were accepted, present and refused. */
  rows: number;
  /** Rows that were booked. */
  accepted: number;
  /** Rows that the books hold already. */
  present: number;
  refused: number;
  /** Of the accepted rows. */
  minutes: number;
  problems: ImportProblem[];
  problemsOmitted: number;
}

const mostProblems = 1_000;

/** Adds up what became of the rows of a file. */
export class ImportTally {
  /** Rows that were refused for a fault of ours. */
  broken = 0;
  #accepted = 0;
  #refused = 0;
  #present = 0;
  #minutes = 0;
  readonly #problems: ImportProblem[] = [];
  /** Rows of later lines are not among the first thousand. */
  #toldBefore = Number.POSITIVE_INFINITY;

  constructor(private readonly order: { atomic: boolean; dryRun: boolean; language: Language }) {}

  add(rows: readonly ImportRow[], judged: readonly RowOutcome[]): void {
    for (const [at, one] of judged.entries()) {
      if ('refusal' in one) this.#refuse(rows[at]!.line, one);
      else if ('present' in one) this.#present += 1;
      else this.#accept(one.minutes);
    }
    // The rows do not come in the order of their lines.
    this.#problems.sort((one, other) => one.line - other.line).splice(mostProblems);
    if (this.#problems.length === mostProblems) this.#toldBefore = this.#problems.at(-1)!.line;
  }

  /** Where it is all or nothing and a row was refused, no row was booked. */
  outcome(importId: string | undefined): ImportOutcome {
    const nothing = this.order.atomic && this.#refused > 0;
    return {
      ...(importId !== undefined && !nothing && { importId }),
      dryRun: this.order.dryRun,
      rows: this.#accepted + this.#present + this.#refused,
      accepted: nothing ? 0 : this.#accepted,
      present: this.#present,
      refused: this.#refused,
      minutes: nothing ? 0 : this.#minutes,
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
    if (line < this.#toldBefore) this.#problems.push(problemOfRow(line, refused, this.order.language));
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
