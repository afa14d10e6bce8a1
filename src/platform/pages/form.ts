import { unifyLineEnds } from '../../domain/line-ends.js';
import { check, compile, type Checked, type DtoClass } from '../http/validation.js';

/** A form as the user sent it. */
export interface Form<Fields extends object> {
  /** The text of each field, to show it again. */
  typed: Readonly<Record<string, string>>;
  checked: Checked<Fields>;
}

/**
 * Reads a form, sent by a browser or as JSON, into a class. It turns CR LF into LF and drops empty fields, because browsers send both.
 * It ignores fields that the class does not have.
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
