import { Bookings, codeOf, nameOf } from './bookings.js';
import { Chain } from './chain.js';
import type { Call, History, Violation } from './history.js';
import { limitCodes } from './judgement.js';
import { Timeline } from './timeline.js';

/** The promises that a history breaks. It compares the recorded calls with the ledgers that were found afterwards. */
export function check(history: History): Violation[] {
  const entries = new Map(history.stored.entries.map((entry) => [entry.id, entry]));
  const chains = new Map(
    history.agreements.map((agreement) => [agreement.subscriptionId, new Chain(agreement, history.stored, entries)]),
  );
  const bookings = new Bookings(history, chains, entries);
  return [
    ...[...chains.values()].flatMap(({ violations }) => violations),
    ...history.calls.flatMap(unexpected),
    ...bookings.violations,
    ...new Timeline(history, chains, bookings.all, entries).violations(),
  ];
}

/** The writers keep to all rules but the limits, so other refusals are mistakes of the service. */
function unexpected(call: Call): Violation[] {
  const { request, answered } = call;
  if (answered === undefined || isExpected(request.kind, answered)) return [];
  const found = `${nameOf(call)}: ${answered.status} ${JSON.stringify(answered.body)}`;
  return [{ promise: 'no answer is unexpected', found }];
}

function isExpected(kind: Call['request']['kind'], { status, body }: NonNullable<Call['answered']>): boolean {
  const code = codeOf(body);
  if (status === 503) return ['subscription-busy', 'overloaded', 'database-unavailable'].includes(code ?? '');
  switch (kind) {
    case 'balance':
    case 'ledger':
    case 'entries':
      return status === 200;
    case 'entry':
      return status === 200 || status === 404;
    case 'reverse':
      return status === 201 || (status === 409 && ['already-reversed', 'idempotency-key-in-use'].includes(code!));
    case 'batch':
      return code === 'idempotency-key-in-use' || ((status === 200 || status === 422) && rowsAreExpected(body));
    default:
      if (status === 409) return ['already-reversed', 'idempotency-key-in-use'].includes(code!);
      return status === 201 || (status === 422 && onlyLimits(body));
  }
}

function rowsAreExpected(body: unknown): boolean {
  const { results } = body as { results?: { status: number; problem?: unknown }[] };
  return results?.every(({ status, problem }) => status === 201 || onlyLimits(problem)) ?? false;
}

function onlyLimits(problem: unknown): boolean {
  const { violations = [] } = (problem ?? {}) as { violations?: { code: string }[] };
  return violations.length > 0 && violations.every(({ code }) => limitCodes.some((limit) => limit === code));
}
