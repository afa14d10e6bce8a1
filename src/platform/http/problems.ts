import {
  refusals,
  statusOf,
  wordsOf,
  type Refusal,
  type RefusalCode,
  type RefusalParams,
  type Violation,
} from '../../domain/refusals.js';
import { fieldErrors, type FieldErrorCode } from './field-errors.js';
import type { Language } from './language.js';
import { say } from './sentences.js';

/** A "no" as RFC 9457 writes it, in the reader's language. */
export interface Problem {
  type: string;
  code: RefusalCode;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  violations?: ({ code: RefusalCode; detail: string; pointer?: string } & RefusalParams)[];
  maxAcceptableMinutes?: number;
  errors?: { pointer: string; detail: string }[];
}

/** The problem that a refusal is, for the answer as a whole or for one row of a batch; `instance` is the address asked. */
export function problemOf(refusal: Refusal, language: Language, instance?: string): Problem {
  const { code, params, violations, errors, maxAcceptableMinutes } = refusal;
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
        detail: say(fieldErrors[error.code as FieldErrorCode][language], language, error.params),
      })),
    }),
  };
}

function violationShown(violation: Violation, language: Language) {
  const words = wordsOf(violation);
  const detail = say(refusals[violation.code].detail[language], language, words);
  return {
    ...words,
    code: violation.code,
    detail,
    ...(violation.pointer !== undefined && { pointer: violation.pointer }),
  };
}
