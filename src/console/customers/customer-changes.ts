import { isDeepStrictEqual } from 'node:util';
import type { EditedCustomer } from './customer.forms.js';

/** A field that somebody else changed. Contacts are written as one text. */
export interface FieldChange {
  field: keyof EditedCustomer;
  from: string;
  to: string;
}

const fields = ['name', 'code', 'locale', 'timeZone', 'country', 'contacts'] as const;

/** What differs between a customer as a page showed it, as JSON, and as it is now. A text that is no such JSON shows no difference. */
export function changesOf(before: unknown, now: EditedCustomer): FieldChange[] {
  const shown = read(before);
  return fields.flatMap((field): FieldChange[] => {
    if (shown === undefined || isDeepStrictEqual(shown[field], asJson(now[field]))) return [];
    return [{ field, from: textOf(shown[field]), to: textOf(now[field]) }];
  });
}

function read(before: unknown): Record<string, unknown> | undefined {
  if (typeof before !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(before);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const contacts: unknown[] = Array.isArray(value) ? value : [];
  return contacts
    .map((contact) => {
      const { name, email, roles } = (contact ?? {}) as { name?: unknown; email?: unknown; roles?: unknown };
      return `${String(name)} <${String(email)}> (${[roles].flat().join(', ')})`;
    })
    .join('; ');
}
