import { codeOf } from './bookings.js';
import type { History, Violation } from './history.js';

const mostShown = 12;

/** The broken promises, with the seed of the run. */
export function report(seed: number, violations: readonly Violation[]): string {
  const shown = violations.slice(0, mostShown).map(({ promise, found }) => `  “${promise}”\n    ${found}`);
  return [`Seed ${seed}: promises of bookings are broken ${violations.length} times:`, ...shown].join('\n');
}

/** How often the history has each kind of call with each outcome, and each refusal. */
export function outcomesOf({ calls }: Pick<History, 'calls'>): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const { request, answered } of calls) {
    if (answered === undefined) count('no answer');
    else {
      const { status, replayed, body } = answered;
      count(`${request.kind} ${status}`);
      if (replayed) count('repeated');
      const code = codeOf(body);
      if (code !== undefined && !['rules-violated'].includes(code)) count(code);
      const { results = [], violations = [] } = body as { results?: { problem?: unknown }[]; violations?: unknown[] };
      if (code === 'rules-violated') for (const violation of violations) count(codeOf(violation)!);
      for (const { problem } of results) if (problem !== undefined) count(`in a batch: ${codeOf(problem)!}`);
    }
  }
  return new Map([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
}
