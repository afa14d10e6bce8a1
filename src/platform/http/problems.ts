import { csvFaults } from '../../domain/csv-faults.js';
import { fieldErrors } from '../../domain/field-errors.js';
import { statusOf, wordsOf, type Refusal, type Violation } from '../../domain/refusal.js';
import { refusals, type RefusalCode } from '../../domain/refusals.js';
import { say } from '../sentences.js';
import type { Language } from '../../domain/language.js';

/** A "no" as RFC 9457 writes it, in the reader's language. */
export interface Problem {
  type: string;
  code: RefusalCode;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  violations?: ({ code: RefusalCode; detail: string; pointer?: string } & Record<string, unknown>)[];
  maxAcceptableMinutes?: number;
  /** Of a file `line` and `column` take the place of the pointer. */
  errors?: ({ pointer: string; detail: string } | { line: number; column?: number; detail: string })[];
}

/** The problem that a refusal is, for the answer as a whole or for one row of a batch; `instance` is the address asked. */
export function problemOf(refusal: Refusal, language: Language, instance?: string): Problem {
  const { code, params, errors, faults, maxAcceptableMinutes } = refusal;
  const violations = refusal.violations ?? alone(refusal);
  return {
    type: `/problems/${code}`,
    code,
    title: refusals[code].title[language],
    status: statusOf(code),
    detail: say(refusals[code].detail[language], language, params),
    ...(instance !== undefined && { instance }),
    ...(violations && { violations: violations.map((violation) => violationShown(violation, language)) }),
    ...(maxAcceptableMinutes !== undefined && { maxAcceptableMinutes }),
    ...(errors && {
      errors: errors.map((error) => ({
        pointer: error.pointer,
        detail: say(fieldErrors[error.code][language], language, error.params),
      })),
    }),
    ...(faults && {
      errors: faults.map(({ line, column, code, params }) => ({
        line,
        ...(column !== undefined && { column }),
        detail: say(csvFaults[code][language], language, params),
      })),
    }),
  };
}

/** A rule that was not gathered with others is shown as the one violation that it is; `rules-violated` is none itself. */
function alone({ code, params }: Refusal): Violation[] | undefined {
  return refusals[code].kind === 'rule' && code !== 'rules-violated' ? [{ code, params }] : undefined;
}

function violationShown(violation: Violation, language: Language) {
  const words = wordsOf(violation);
  const detail = say(refusals[violation.code].detail[language], language, words);
  return {
    ...words,
    ...violation.lists,
    code: violation.code,
    detail,
    ...(violation.pointer !== undefined && { pointer: violation.pointer }),
  };
}
