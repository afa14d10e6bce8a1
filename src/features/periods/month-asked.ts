import type { Month } from '../../domain/calendar.js';
import { Refusal } from '../../domain/refusal.js';
import { isMonth } from '../../platform/http/fields.js';

/**
 * The month in the path of a route, as `YYYY-MM`.
 * @throws Refusal `malformed-month`
 */
export function monthAsked(text: string): Month {
  if (!isMonth(text)) throw new Refusal('malformed-month');
  return text;
}
