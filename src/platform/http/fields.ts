import { IsUUID, ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';
import { isDay, isInstant, isTimeZone, parseInstant } from '../../domain/calendar.js';
import { isAmount, isCurrency } from '../../domain/money.js';

/**
 * Decorators for fields of a body or a query, in addition to those of class-validator. Each is registered with
 * class-validator under the name that validation.ts reads.
 */
function field(name: string, holds: (value: unknown) => boolean, constraints: unknown[] = []) {
  return (options?: ValidationOptions): PropertyDecorator =>
    ValidateBy({ name, constraints, validator: { validate: holds } }, options);
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A month as `YYYY-MM`. */
export function isMonth(value: unknown): value is string {
  return typeof value === 'string' && isDay(`${value}-01`);
}

const countries = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
    'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
    'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
    'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
    'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
    'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
);

/** A country code of ISO 3166-1 in two capital letters. */
export function isCountry(value: unknown): value is string {
  return typeof value === 'string' && countries.has(value);
}

/** An id of this service, in lower case. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && uuidPattern.test(value);
}

const emailPattern =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * A plain ASCII address. Quoted local parts, comments and line breaks are legal in some standards, and each of them
 * has misdirected mails in practice.
 */
export function isEmailAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 254 && value.indexOf('@') <= 64 && emailPattern.test(value);
}

const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Cs}]/u;

/**
 * Text for people: it has a visible character, and no character that controls a terminal or that PostgreSQL cannot
 * store.
 */
export function isPrintable(value: string): boolean {
  return !unprintable.test(value);
}

const lineBreak = /[\n\u000b\f\r\u0085\u2028\u2029]/;

/**
 * Marks that change the direction of writing, and invisible characters: with them one name can look like another.
 * Joiners and variation selectors are allowed, because names contain them.
 */
const deceptive =
  /[\t\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Bidi_Control}\p{Noncharacter_Code_Point}]/u;

/** Whether a text has more than one line. */
export function hasLineBreak(value: string): boolean {
  return lineBreak.test(value);
}

/** The first character of a name that could deceive a reader, e.g. `U+202E`. */
export function deceptiveCharacter(value: string): string | undefined {
  const found = deceptive.exec(value)?.[0].codePointAt(0);
  return found === undefined ? undefined : `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
}

export const IsDay = field('isDay', isDay);
export const IsMonth = field('isMonth', isMonth);
export const IsInstant = field('isInstant', isInstant);
export const IsDayOrInstant = field('isDayOrInstant', (value) => isDay(value) || isInstant(value));
export const IsTimeZone = field('isTimeZone', isTimeZone);
export const IsCountry = field('isCountry', isCountry);
export const IsCurrency = field('isCurrency', isCurrency);
export const IsAmount = field('isAmount', isAmount);
export const IsEmailAddress = field('isEmailAddress', isEmailAddress);

/** The id of another object. Capital letters are converted to small ones. */
export function IsId(options?: ValidationOptions): PropertyDecorator {
  return IsUUID('all', options);
}

/**
 * Text of `min` (default 1) to `max` characters; not blank unless `min` is 0; no control characters except line feed
 * and tab.
 */
export function IsText(length: { min?: number; max: number }, options?: ValidationOptions): PropertyDecorator {
  const { min = 1, max } = length;
  const holds = (value: unknown) => typeof value === 'string' && isPrintable(value) && value.trim() !== '';
  return field('isText', holds, [min, max])(options);
}

/**
 * A name, or other text on one line: up to `max` characters, not blank, without line breaks, marks that change the
 * direction of writing, or invisible characters.
 */
export function IsName({ max }: { max: number }, options?: ValidationOptions): PropertyDecorator {
  const holds = (value: unknown) =>
    typeof value === 'string' && isPrintable(value) && !hasLineBreak(value) && deceptiveCharacter(value) === undefined;
  return field('isName', holds, [max])(options);
}

/** An object with the fields of another class. The function allows a class that is declared further down. */
export function IsObjectOf(fieldsOf: () => new () => object, options?: ValidationOptions): PropertyDecorator {
  const holds = (value: unknown) => typeof value === 'object' && value !== null;
  return field('isObjectOf', holds, [fieldsOf])(options);
}

/** The elements of an array must differ in `identity`. */
export function IsUniqueBy<Element>(identity: (element: Element) => string): PropertyDecorator {
  const holds = (value: unknown) => Array.isArray(value) && new Set(value.map(identity)).size === value.length;
  return field('isUniqueBy', holds, [identity])();
}

/**
 * Whether the end of a range comes before its start. Both are days, months or instants. Values of different kinds are
 * not compared, because a day alone is not an instant.
 */
export function endsBeforeItStarts(start: unknown, end: unknown): boolean {
  if ((isDay(start) && isDay(end)) || (isMonth(start) && isMonth(end))) return end < start;
  const [startsAt, endsAt] = [parseInstant(start), parseInstant(end)];
  return startsAt !== undefined && endsAt !== undefined && endsAt < startsAt;
}

/**
 * The end of a range, as in `@IsNotBefore('from') to?: string`. It refuses an end before the start, which is in the
 * field `start` of the same class. The field also needs a decorator for its form: `@IsDay()`, `@IsMonth()` or
 * `@IsInstant()`.
 */
export function IsNotBefore(start: string): PropertyDecorator {
  const validate = (end: unknown, args?: ValidationArguments) =>
    !endsBeforeItStarts((args?.object as Record<string, unknown> | undefined)?.[start], end);
  return ValidateBy({ name: 'isNotBefore', constraints: [start], validator: { validate } });
}

/** The field may be `null`, which removes the present value. */
export function IsNullable(): PropertyDecorator {
  return field('isNullable', () => true)();
}

/** A whole number in a query string. */
export function QueryInt(): PropertyDecorator {
  return field('queryInt', Number.isSafeInteger)();
}

/** `true` or `false` in a query string. */
export function QueryBoolean(): PropertyDecorator {
  return field('queryBoolean', (value) => typeof value === 'boolean')();
}
