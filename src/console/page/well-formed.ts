import { readDuration } from '../../domain/duration-text.js';
import type { FieldError } from '../../domain/field-errors.js';
import { Refusal } from '../../domain/refusal.js';
import type { Form } from '../../platform/pages/form.js';

/**
 * The fields of a form.
 * @throws Refusal `malformed-body` with the faults, which the form shows at its fields
 */
export function wellFormed<Fields extends object>({ checked }: Pick<Form<Fields>, 'checked'>): Fields {
  if ('errors' in checked) throw new Refusal('malformed-body', {}, checked);
  return checked.value;
}

const refused = (error: FieldError): Refusal => new Refusal('malformed-body', {}, { errors: [error] });

/**
 * An amount of time in a field of a contract, where a number without a unit means hours: `40` is 40 hours.
 * @throws Refusal `malformed-body`
 */
export function typedHours(text: string, field: string): number {
  const read = readDuration(text, 'hours');
  if (!read || !('minutes' in read)) throw refused({ pointer: `/${field}`, code: 'duration' });
  return read.minutes;
}

/**
 * An amount of time in a time entry, where a small number without a unit can be hours or minutes. It is asked for, not guessed.
 * @throws Refusal `malformed-body`
 */
export function typedMinutes(text: string, field: string): number {
  const read = readDuration(text);
  if (!read) throw refused({ pointer: `/${field}`, code: 'duration' });
  if ('minutes' in read) return read.minutes;
  throw refused({ pointer: `/${field}`, code: 'duration-ambiguous', params: { number: read.ambiguous } });
}
