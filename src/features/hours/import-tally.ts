import { statusOf, type Refusal } from '../../domain/refusals.js';
import type { Language } from '../../platform/http/language.js';
import { problemOf, type Problem } from '../../platform/http/problems.js';
import type { ImportRow } from './import-row.js';

/** What became of a row. `before`: it was taken when the file was sent an earlier time. */
export type Judged = { minutes: number; before: boolean } | { refusal: Refusal };

/** Why a row of a file was refused, in the words in which the same entry alone would have been. */
export type ImportProblem = { line: number; column?: string; value?: string } & Pick<
  Problem,
  'status' | 'code' | 'detail' | 'maxAcceptableMinutes' | 'violations' | 'errors'
>;

/** What became of a file. The counts are exact; of the problems there are the first thousand, in order of the lines. */
export interface ImportOutcome {
  dryRun: boolean;
  rows: number;
  /** With those that were taken before. */
  accepted: number;
  refused: number;
  alreadyImported: number;
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
  #before = 0;
  #minutes = 0;
  #minutesBefore = 0;
  readonly #problems: ImportProblem[] = [];
  /** Rows of later lines are not among the first thousand. */
  #toldBefore = Number.POSITIVE_INFINITY;

  constructor(private readonly order: { atomic: boolean; dryRun: boolean; language: Language }) {}

  add(rows: readonly ImportRow[], judged: readonly Judged[]): void {
    for (const [at, one] of judged.entries()) {
      if ('refusal' in one) this.#refuse(rows[at]!, one.refusal);
      else this.#accept(one);
    }
    // The rows do not come in the order of their lines.
    this.#problems.sort((one, other) => one.line - other.line).splice(mostProblems);
    if (this.#problems.length === mostProblems) this.#toldBefore = this.#problems.at(-1)!.line;
  }

  /** Where it is all or nothing and a row was refused, nothing but what was taken before counts as accepted. */
  outcome(): ImportOutcome {
    const nothing = this.order.atomic && this.#refused > 0;
    return {
      dryRun: this.order.dryRun,
      rows: this.#accepted + this.#refused,
      accepted: nothing ? this.#before : this.#accepted,
      refused: this.#refused,
      alreadyImported: this.#before,
      minutes: nothing ? this.#minutesBefore : this.#minutes,
      problems: this.#problems,
      problemsOmitted: this.#refused - this.#problems.length,
    };
  }

  #accept({ minutes, before }: { minutes: number; before: boolean }): void {
    this.#accepted += 1;
    this.#minutes += minutes;
    if (!before) return;
    this.#before += 1;
    this.#minutesBefore += minutes;
  }

  #refuse(row: ImportRow, refusal: Refusal): void {
    this.#refused += 1;
    if (statusOf(refusal.code) === 500) this.broken += 1;
    if (row.line < this.#toldBefore) this.#problems.push(problemOfRow(row, refusal, this.order.language));
  }
}

function problemOfRow(row: ImportRow, refusal: Refusal, language: Language): ImportProblem {
  const { status, code, detail, maxAcceptableMinutes, violations, errors } = problemOf(refusal, language);
  return {
    line: row.line,
    status,
    code,
    detail,
    ...('column' in row && { column: row.column }),
    ...('value' in row && { value: row.value }),
    ...(maxAcceptableMinutes !== undefined && { maxAcceptableMinutes }),
    ...(violations && { violations }),
    ...(errors && { errors }),
  };
}
