import type { CsvFault } from './csv-faults.js';
import type { FieldError } from './field-errors.js';
import { refusals, type RefusalCode, type RefusalKind } from './refusals.js';

export type RefusalParams = Record<string, string | number>;

/** One broken rule, as data. The amounts are present if the rule has a limit of minutes. */
export interface Violation {
  code: RefusalCode;
  params?: RefusalParams;
  /** JSON pointer to the value in the request that breaks the rule, if there is one. */
  pointer?: string;
  limitMinutes?: number;
  usedMinutes?: number;
  remainingMinutes?: number;
  /** The largest value that this rule would accept; absent if it would accept no amount. */
  maxAcceptableMinutes?: number;
  /** Short lists of accepted values or of obstacles, by their names in the answer. */
  lists?: Readonly<Record<string, readonly object[]>>;
}

interface RefusalExtra {
  violations?: Violation[];
  errors?: FieldError[];
  faults?: readonly CsvFault[];
  maxAcceptableMinutes?: number;
  retryAfterSeconds?: number;
}

/** The only way to refuse a request: services throw it, and one filter turns it into HTTP. */
export class Refusal extends Error {
  readonly violations?: readonly Violation[];
  readonly errors?: readonly FieldError[];
  /** Format errors of a file. */
  readonly faults?: readonly CsvFault[];
  readonly maxAcceptableMinutes?: number;
  readonly retryAfterSeconds?: number;

  constructor(
    readonly code: RefusalCode,
    readonly params: RefusalParams = {},
    extra: RefusalExtra = {},
  ) {
    super(code);
    this.name = 'Refusal';
    this.violations = extra.violations;
    this.errors = extra.errors;
    this.faults = extra.faults;
    this.maxAcceptableMinutes = extra.maxAcceptableMinutes;
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }
}

/**
 * The refusal for the rules that a request breaks (§5): a single violation gives its own code, several give `rules-violated`.
 * Its `maxAcceptableMinutes` is the smallest of the violations, or absent if one of the violations has none.
 */
export function refuseByRules(violations: readonly Violation[]): Refusal {
  const [first, ...others] = violations;
  if (first === undefined) throw new Error('A refusal by rules needs a violation');
  const extra = { violations: [...violations], maxAcceptableMinutes: smallestAcceptable(violations) };
  return others.length === 0
    ? new Refusal(first.code, wordsOf(first), extra)
    : new Refusal('rules-violated', { count: violations.length }, extra);
}

function smallestAcceptable(violations: readonly Violation[]): number | undefined {
  let smallest = Infinity;
  for (const { maxAcceptableMinutes } of violations) {
    if (maxAcceptableMinutes === undefined) return undefined;
    smallest = Math.min(smallest, maxAcceptableMinutes);
  }
  return smallest;
}

/** The values for the sentence of a violation: its parameters and its amounts. */
export function wordsOf({ params, ...violation }: Omit<Violation, 'lists'>): RefusalParams {
  const words: RefusalParams = { ...params };
  for (const name of amountNames) {
    const minutes = violation[name];
    if (minutes !== undefined) words[name] = minutes;
  }
  return words;
}

const amountNames = ['limitMinutes', 'usedMinutes', 'remainingMinutes', 'maxAcceptableMinutes'] as const;

/** The HTTP status of a code. */
export function statusOf(code: RefusalCode): number {
  return statuses[refusals[code].kind];
}

const statuses: Readonly<Record<RefusalKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  absent: 404,
  method: 405,
  'too-slow': 408,
  conflict: 409,
  stale: 412,
  'too-large': 413,
  unsupported: 415,
  rule: 422,
  precondition: 428,
  'too-many': 429,
  'headers-too-large': 431,
  broken: 500,
  unavailable: 503,
};
