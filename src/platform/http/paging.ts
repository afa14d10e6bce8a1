import { createHash } from 'node:crypto';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Max, Min } from 'class-validator';
import { isDay, isInstant, parseInstant } from '../../domain/calendar.js';
import { Refusal } from '../../domain/refusal.js';
import { isId, isMonth, IsText, QueryInt } from './fields.js';

const defaultLimit = 50;

/** The query parameters of every list. */
export class PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 200,
    default: defaultLimit,
    description: 'The number of rows of a page.',
  })
  @IsOptional()
  @QueryInt()
  @Min(1)
  @Max(200)
  limit?: number;

  @ApiPropertyOptional({ type: 'string', description: 'The `nextCursor` of the previous page.' })
  @IsOptional()
  @IsText({ max: 1000 })
  cursor?: string;
}

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** The number of rows to fetch for a page: one more than the page has, to see whether there is a next page. */
export const rowsToFetch = (limit = defaultLimit): number => limit + 1;

/** Makes a page from up to `limit + 1` rows. `keyOf` returns the sort key of a row, which must be unique. */
export function page<Row, T = Row>(
  rows: Row[],
  limit: number | undefined,
  keyOf: (row: Row) => readonly (string | number | Date)[],
  show: (row: Row) => T = (row) => row as unknown as T,
): Page<T> {
  const shown = rows.slice(0, limit ?? defaultLimit);
  const last = shown.at(-1);
  return {
    data: shown.map(show),
    nextCursor: last !== undefined && rows.length > shown.length ? writeCursor(keyOf(last)) : null,
  };
}

/** Makes a page from a short list in memory. The cursor holds the number of items on the pages before. */
export function pageInMemory<T>(all: readonly T[], { limit, cursor }: PageQuery): Page<T> {
  const [passed = '0'] = readCursor(cursor, ['integer']) ?? [];
  const from = Math.max(0, Number(passed));
  const rows = all.slice(from, from + rowsToFetch(limit)).map((row, at) => ({ row, passed: from + at + 1 }));
  return page(
    rows,
    limit,
    (one) => [one.passed],
    ({ row }) => row,
  );
}

function writeCursor(key: readonly (string | number | Date)[]): string {
  const parts = key.map((part) => (part instanceof Date ? part.toISOString() : String(part)));
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** Whole numbers in keys belong to columns of type `integer`. */
const largestInteger = 2_147_483_647;

/** The form that each part of a cursor must have before it goes into a query. */
const partReads = {
  id: isId,
  day: isDay,
  month: isMonth,
  instant: isInstant,
  integer: (part: string) => /^-?\d{1,10}$/.test(part) && Math.abs(Number(part)) <= largestInteger,
  text: (part: string) => part.length <= 500 && !/[\0\p{Cs}]/u.test(part),
};

/**
 * The key of the last row of the previous page; undefined for the first page.
 * @throws Refusal `invalid-cursor`
 */
export function readCursor(
  cursor: string | undefined,
  kinds: readonly (keyof typeof partReads)[],
): string[] | undefined {
  if (cursor === undefined) return undefined;
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length !== kinds.length) throw new Refusal('invalid-cursor');
  return parts.map((part: unknown, index) => {
    const kind = kinds[index]!;
    if (typeof part !== 'string' || !partReads[kind](part)) throw new Refusal('invalid-cursor');
    // PostgreSQL does not accept every offset of RFC 3339 (+23:59), so instants are converted to UTC.
    return kind === 'instant' ? parseInstant(part)!.toISOString() : part;
  });
}

/**
 * A short text that identifies a sort order and filters. A cursor that starts with it is refused if the request has
 * another order or other filters.
 */
export function listAsked(orderAndFilters: object): string {
  const given = Object.entries(orderAndFilters).filter(([, value]) => value !== undefined);
  const canonical = JSON.stringify(given.sort(([one], [other]) => (one < other ? -1 : 1)));
  return createHash('sha256').update(canonical).digest('base64url').slice(0, 16);
}

/**
 * As `readCursor`, for a list with a choice of orders and filters; removes the text that identifies them.
 * @throws Refusal `invalid-cursor`, also if the cursor belongs to another order or other filters
 */
export function readCursorOf(
  asked: string,
  cursor: string | undefined,
  kinds: readonly (keyof typeof partReads)[],
): string[] | undefined {
  const parts = readCursor(cursor, ['text', ...kinds]);
  if (parts && parts[0] !== asked) throw new Refusal('invalid-cursor');
  return parts?.slice(1);
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
