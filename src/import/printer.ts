import type { Outcome, CommandProblem, RowProblem } from './answers.js';
import type { CommandWords } from './words.js';

/** More problems would push the first ones off the screen. The file of refused rows has all of them. */
const mostTold = 20;

/** The outcome of the rows, as sentences. */
export function outcomeTold(outcome: Outcome, atomic: boolean, say: CommandWords): string {
  const { dryRun, refused, present, problems } = outcome;
  const told = problems.slice(0, mostTold).map((problem) => `  ${say.line(problem.line, reasonOf(problem, say))}`);
  return lines(
    dryRun && say.dryRun,
    say.outcome(outcome),
    atomic && refused > 0 && say.nothingTaken,
    present > 0 && say.present(present),
    ...told,
    refused > told.length && `  ${say.andMore(refused - told.length)}`,
  );
}

/** Why a row was refused. A single rule says itself what it would accept; for several, the lowest limit is added. */
export function reasonOf(
  { detail, violations = [], errors = [], maxAcceptableMinutes }: RowProblem,
  say: CommandWords,
): string {
  const reasons = violations.length > 1 ? violations : errors.length > 0 ? errors : [{ detail }];
  return [
    ...reasons.map((reason) => reason.detail),
    ...(maxAcceptableMinutes && reasons.length > 1 ? [say.largest(maxAcceptableMinutes)] : []),
  ].join(say.between);
}

/** Why the whole file was refused. */
export function problemTold({ title, detail, errors = [] }: CommandProblem, say: CommandWords): string {
  const told = errors.slice(0, mostTold).map((error) => {
    const { line, column, pointer } = error;
    if (line !== undefined && column !== undefined) return `  ${say.place(line, column)}${error.detail}`;
    return `  ${line === undefined ? `${pointer ?? ''}: ${error.detail}` : say.line(line, error.detail)}`;
  });
  const isToBeStated = errors.some((error) => /\b(durations|decimal|dates|delimiter|encoding)=/.test(error.detail));
  return lines(
    title,
    detail,
    ...told,
    errors.length > told.length && `  ${say.andMore(errors.length - told.length)}`,
    isToBeStated && say.stateByOption,
  );
}

const lines = (...told: (string | false)[]): string => told.filter((line) => line !== false).join('\n');
