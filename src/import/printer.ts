import type { Outcome, CommandProblem, RowProblem } from './answers.js';
import type { CommandWords } from './words.js';

/** More problems would push the first ones off the screen. The file of refused rows has all of them. */
const mostShown = 20;

/** The outcome of the rows, as sentences. */
export function outcomeText(outcome: Outcome, atomic: boolean, say: CommandWords): string {
  const { dryRun, refused, present, problems } = outcome;
  const shown = problems.slice(0, mostShown).map((problem) => `  ${say.line(problem.line, reasonOf(problem, say))}`);
  return lines(
    dryRun && say.dryRun,
    say.outcome(outcome),
    atomic && refused > 0 && say.nothingBooked,
    present > 0 && say.present(present),
    ...shown,
    refused > shown.length && `  ${say.andMore(refused - shown.length)}`,
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
  ].join(say.betweenReasons);
}

/** Why the whole file was refused. */
export function problemText({ title, detail, errors = [] }: CommandProblem, say: CommandWords): string {
  const shown = errors.slice(0, mostShown).map((error) => {
    const { line, column, pointer } = error;
    if (line !== undefined && column !== undefined) return `  ${say.place(line, column)}${error.detail}`;
    return `  ${line === undefined ? `${pointer ?? ''}: ${error.detail}` : say.line(line, error.detail)}`;
  });
  const isToBeStated = errors.some((error) => /\b(durations|decimal|dates|delimiter|encoding)=/.test(error.detail));
  return lines(
    title,
    detail,
    ...shown,
    errors.length > shown.length && `  ${say.andMore(errors.length - shown.length)}`,
    isToBeStated && say.stateByOption,
  );
}

const lines = (...shown: (string | false)[]): string => shown.filter((line) => line !== false).join('\n');
