import { unifyLineEnds } from '../../domain/line-ends.js';
import { check, compile, type Checked, type DtoClass } from '../http/validation.js';

/** A form as the user sent it. */
export interface Form<Fields extends object> {
  /** The text of each field, to show it again. A list has one value a line. */
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
  for (const { name, isList } of compile(dto).properties) {
    const field = Object.hasOwn(sent, name) ? sent[name] : undefined;
    // A browser sends a list as several fields with one name, so a list of one looks like a single field.
    const value = isList ? listOf(field) : meant(field);
    if (typeof value === 'string') typed[name] = value;
    if (Array.isArray(value)) typed[name] = value.join('\n');
    if (value !== undefined && value !== '') fields[name] = value;
  }
  return { typed, checked: check(dto, fields) };
}

function listOf(field: unknown): unknown {
  if (field === undefined) return undefined;
  return (Array.isArray(field) ? field : [field]).map(meant).filter((value) => value !== '');
}

const meant = (value: unknown): unknown => (typeof value === 'string' ? unifyLineEnds(value).trim() : value);
