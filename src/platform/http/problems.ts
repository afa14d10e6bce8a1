import { csvFaults } from '../../domain/csv-faults.js';
import { fieldErrors } from '../../domain/field-errors.js';
import { statusOf, wordsOf, type Refusal, type Violation } from '../../domain/refusal.js';
import { refusals, type RefusalCode } from '../../domain/refusals.js';
import { say } from '../sentences.js';
import type { Language } from '../../domain/language.js';

/** A refusal as a problem document of RFC 9457, in the language of the caller. */
export interface Problem {
  type: string;
  code: RefusalCode;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  violations?: ({ code: RefusalCode; detail: string; pointer?: string } & Record<string, unknown>)[];
  maxAcceptableMinutes?: number;
  /** In a file, `line` and `column` replace the pointer. */
  errors?: ({ pointer: string; detail: string } | { line: number; column?: number; detail: string })[];
}

/** Makes the problem document for a response, or for one row of a batch. `instance` is the address of the request. */
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

/** A refusal by a single rule is shown as its only violation. `rules-violated` itself is not a violation. */
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
