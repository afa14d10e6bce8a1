import type { Language } from '../../domain/language.js';
import { pace } from '../../domain/pace.js';
import { Refusal, statusOf } from '../../domain/refusal.js';
import type { ServiceRules } from '../../domain/service-rules.js';
import { warnings, warningsAfter } from '../../domain/warnings.js';
import { problemOf } from '../../platform/http/problems.js';
import { say } from '../../platform/sentences.js';
import type { BalanceAnswer } from '../ledger/balance.dto.js';
import { balanceAnswer } from '../ledger/term-balance.js';
import type { Booking, BookingAnswer, ItemOutcome } from './booking.js';
import type { BatchRowAnswer, ChangeAnswer, ChangesAnswer, TimeEntryAnswer, WarningAnswer } from './time-entry.dto.js';
import type { LoggedEntry, ReversedEntry } from './working-ledger.js';

/** Makes the answer to a booking from the outcomes of its items. */
export function answerTo(
  { answerFormat, atomic, dryRun }: Booking,
  outcomes: readonly (ItemOutcome | Refusal)[],
  rules: ServiceRules,
): BookingAnswer {
  const refusals = outcomes.filter((outcome) => outcome instanceof Refusal);
  if (answerFormat.kind === 'batch') return batchAnswer(outcomes, refusals.length, atomic, answerFormat, rules);
  if (answerFormat.kind === 'changes') return changesAnswer(outcomes, answerFormat, rules);
  const [refusal] = refusals;
  if (refusal) return { refusal };
  if (answerFormat.kind === 'none') return { status: 200, body: undefined };
  const { reversed, logged } = outcomes[0] as ItemOutcome;
  const body = {
    ...(reversed && { reversed: reversedAnswer(reversed) }),
    ...(logged ? loggedAnswer(logged, answerFormat.language, rules) : { balance: balanceAfter(reversed!, rules) }),
  };
  return { status: dryRun ? 200 : 201, body };
}

function batchAnswer(
  outcomes: readonly (ItemOutcome | Refusal)[],
  refused: number,
  atomic: boolean,
  { language, instance }: { language: Language; instance: string },
  rules: ServiceRules,
): BookingAnswer {
  const nothingBooked = atomic && refused > 0;
  const results = outcomes.map((outcome): BatchRowAnswer => {
    if (outcome instanceof Refusal) return { status: statusOf(outcome.code), problem: problemOf(outcome, language) };
    if (nothingBooked) return { status: 201 };
    const { entry, warnings } = loggedAnswer(outcome.logged!, language, rules);
    return { status: 201, entry, warnings };
  });
  if (!nothingBooked) return { status: 200, body: { accepted: outcomes.length - refused, refused, results } };
  const problem = problemOf(new Refusal('rules-violated', { count: refused }), language, instance);
  return { status: problem.status, body: { ...problem, accepted: 0, refused, results } };
}

function changesAnswer(
  outcomes: readonly (ItemOutcome | Refusal)[],
  { language, names }: { language: Language; names: readonly string[] },
  rules: ServiceRules,
): BookingAnswer {
  const changes = outcomes.map((outcome, nth): ChangeAnswer => {
    const name = names[nth]!;
    if (outcome instanceof Refusal) return { name, problem: problemOf(outcome, language) };
    const { logged } = outcome;
    return { name, warnings: logged ? loggedAnswer(logged, language, rules).warnings : [] };
  });
  return { status: 200, body: { changes } satisfies ChangesAnswer };
}

function loggedAnswer(logged: LoggedEntry, language: Language, rules: ServiceRules) {
  const { entry, termBalance, term, today, equalId } = logged;
  return {
    entry: { ...entry, reversal: null },
    balance: balanceAfter(logged, rules),
    warnings: warningsAfter(entry, termBalance, pace(term.plan, termBalance.balance.usedMinutes, today), equalId).map(
      ({ code, params, timeEntryId }): WarningAnswer => ({
        code,
        detail: say(warnings[code][language], language, params),
        ...(timeEntryId !== undefined && { timeEntryId }),
      }),
    ),
  };
}

function balanceAfter({ term, termBalance, today }: LoggedEntry, rules: ServiceRules): BalanceAnswer {
  return balanceAnswer(term, termBalance, today, rules);
}

function reversedAnswer({ entry, reversal }: ReversedEntry): TimeEntryAnswer {
  return { ...entry, reversal };
}
