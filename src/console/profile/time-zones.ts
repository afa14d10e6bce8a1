import type { Option } from '../parts/fields.js';

const known = Intl.supportedValuesOf('timeZone');

/** All time zones for a choice, with the present one, which may have an older name. */
export function timeZoneOptions(present: string | null | undefined): Option[] {
  const names = present && !known.includes(present) ? [present, ...known] : known;
  return names.map((name) => ({ value: name, text: name.replaceAll('_', ' ') }));
}
