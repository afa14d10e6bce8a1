/** The unit of a number without one. */
export const plainUnits = ['hours', 'minutes'] as const;
export type PlainUnit = (typeof plainUnits)[number];

/** A text that says an amount of time. `ambiguous` is a number that can be hours or minutes, so somebody has to say which. */
export type DurationRead = { minutes: number } | { ambiguous: number };

/** A day has no more hours, so a larger number without a unit can only be minutes. */
const hoursOfDay = 24;

/**
 * Reads an amount of time as people type it: `90m`, `90分`, `1.5h`, `1.5`, `1,5`, `1h30`, `1:30`, `1時間30分`; undefined for any
 * other text. Full-width digits and signs count like the usual ones.
 *
 * - A fraction is hours, rounded to the nearest minute: `0.33` is 20 minutes.
 * - A whole number up to 24 can be hours or minutes. It is never guessed: without `plain`, the answer is `ambiguous`.
 */
export function readDuration(text: string, plain?: PlainUnit): DurationRead | undefined {
  const value = text.normalize('NFKC').trim().toLowerCase();
  const [, whole] = /^(\d{1,6})$/.exec(value) ?? [];
  if (whole !== undefined) return readWhole(Number(whole), plain);
  const minutes = hoursAndMinutes(value) ?? minutesAlone(value) ?? fractionOfHours(value);
  return minutes === undefined ? undefined : { minutes };
}

/** The two amounts that an ambiguous number can be, in minutes. */
export function meaningsOf(ambiguous: number): Record<PlainUnit, number> {
  return { hours: ambiguous * 60, minutes: ambiguous };
}

/** Minutes as `readDuration` reads them again, the same in every language: `1:30`, `0:05`. */
export function durationText(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

function readWhole(value: number, plain: PlainUnit | undefined): DurationRead {
  if (plain === 'hours') return { minutes: value * 60 };
  // Nothing is nothing in both units.
  return plain === 'minutes' || value === 0 || value > hoursOfDay ? { minutes: value } : { ambiguous: value };
}

/** `1:30`, `1:30:00` as spreadsheets copy it, `1h`, `1h30`, `1 h 30 min`, `1時間30分`, `1時間半`. */
function hoursAndMinutes(value: string): number | undefined {
  const [, hours, minutes, half] =
    /^(\d{1,5}):([0-5]\d)(?::00)?$/.exec(value) ??
    /^(\d{1,5}) ?(?:h|hrs?|hours?)(?: ?([0-5]?\d) ?(?:m|mins?|minutes?)?)?$/.exec(value) ??
    /^(\d{1,5}) ?時間(?:(?: ?([0-5]?\d) ?分?)|(半))?$/.exec(value) ??
    [];
  return hours === undefined ? undefined : Number(hours) * 60 + (half === undefined ? Number(minutes ?? 0) : 30);
}

function minutesAlone(value: string): number | undefined {
  const [, minutes] = /^(\d{1,6}) ?(?:m|mins?|minutes?|分間?)$/.exec(value) ?? [];
  return minutes === undefined ? undefined : Number(minutes);
}

/** `1.5`, `1,5`, `.5`, `1.5h`, `1.5時間`. A spreadsheet writes a third of an hour with fifteen digits or more. */
function fractionOfHours(value: string): number | undefined {
  const [, hours, fraction] = /^(\d{0,5})[.,](\d{1,12})\d{0,12} ?(?:h|hrs?|hours?|時間)?$/.exec(value) ?? [];
  if (fraction === undefined) return undefined;
  // The fraction is a whole number here, so that half a minute is exact.
  return Number(hours) * 60 + Math.round((Number(fraction) * 60) / 10 ** fraction.length);
}
