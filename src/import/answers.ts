/** What the service answers, as far as it is told here. */

export interface CommandViolation {
  code: string;
  detail: string;
}

/** A row that was refused. */
export interface RowProblem {
  line: number;
  code: string;
  detail: string;
  column?: string;
  value?: string;
  maxAcceptableMinutes?: number;
  violations?: CommandViolation[];
  errors?: { detail: string }[];
}

export interface Outcome {
  dryRun: boolean;
  rows: number;
  accepted: number;
  /** Rows that were booked before. */
  present: number;
  refused: number;
  minutes: number;
  problems: RowProblem[];
  problemsOmitted: number;
}

/** A "no" to the file as a whole. */
export interface CommandProblem {
  code: string;
  title: string;
  detail: string;
  /** Of a file by line and column, of a parameter by its name. */
  errors?: { line?: number; column?: number; pointer?: string; detail: string }[];
}

export const isOutcome = (body: unknown): body is Outcome => Array.isArray((body as Outcome | undefined)?.problems);

export const isProblem = (body: unknown): body is CommandProblem =>
  typeof (body as CommandProblem | undefined)?.code === 'string';
