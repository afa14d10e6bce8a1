/** The answers of the service, as far as the command shows them. */

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

/** A refusal of the whole file. */
export interface CommandProblem {
  code: string;
  title: string;
  detail: string;
  /** Faults of a file have a line and a column, faults of a parameter its name. */
  errors?: { line?: number; column?: number; pointer?: string; detail: string }[];
}

export const isOutcome = (body: unknown): body is Outcome => Array.isArray((body as Outcome | undefined)?.problems);

export const isProblem = (body: unknown): body is CommandProblem =>
  typeof (body as CommandProblem | undefined)?.code === 'string';
