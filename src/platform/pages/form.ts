import { unifyLineEnds } from '../../domain/line-ends.js';
import { check, compile, type Checked, type DtoClass } from '../http/validation.js';

/** A form as it was sent. */
export interface Form<Fields extends object> {
  /** The text of each field, to be shown again. */
  typed: Readonly<Record<string, string>>;
  checked: Checked<Fields>;
}

/**
 * Reads the fields of a form, sent by a browser or as JSON, as those of a class. Browsers end lines with CR LF and send
 * fields that were left empty; neither says anything. Fields that the class does not know are a browser's own affair.
 */
export function readForm<Fields extends object>(dto: DtoClass<Fields>, body: unknown): Form<Fields> {
  const sent = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const fields: Record<string, unknown> = {};
  const typed: Record<string, string> = {};
  for (const name of compile(dto).names) {
    const value = Object.hasOwn(sent, name) ? meant(sent[name]) : undefined;
    if (typeof value === 'string') typed[name] = value;
    if (value !== undefined && value !== '') fields[name] = value;
  }
  return { typed, checked: check(dto, fields) };
}

const meant = (value: unknown): unknown => (typeof value === 'string' ? unifyLineEnds(value).trim() : value);
