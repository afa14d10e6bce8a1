import { createHash } from 'node:crypto';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Max, Min } from 'class-validator';
import { isDay, isInstant, parseInstant } from '../../domain/calendar.js';
import { Refusal } from '../../domain/refusal.js';
import { isId, isMonth, IsText, QueryInt } from './fields.js';

const defaultLimit = 50;

/** What every list takes. */
export class PageQuery {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 200,
    default: defaultLimit,
    description: 'How many to answer at once.',
  })
  @IsOptional()
  @QueryInt()
  @Min(1)
  @Max(200)
  limit?: number;

  @ApiPropertyOptional({ type: 'string', description: '`nextCursor` of the page before.' })
  @IsOptional()
  @IsText({ max: 1000 })
  cursor?: string;
}

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** A page's worth of rows plus one: the one more tells whether there is a next page. */
export const rowsToFetch = (limit = defaultLimit): number => limit + 1;

/** The page out of up to `limit + 1` rows. `keyOf` gives what the list is sorted by, which ends with something unique. */
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

/** A page out of a short list that is put together in memory; the cursor says how many of it have passed. */
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

/** Whole numbers in keys are columns of the type `integer`, or counts of such rows. */
const largestInteger = 2_147_483_647;

/** What a part of a cursor must look like before it goes into a query. */
const partReads = {
  id: isId,
  day: isDay,
  month: isMonth,
  instant: isInstant,
  integer: (part: string) => /^-?\d{1,10}$/.test(part) && Math.abs(Number(part)) <= largestInteger,
  text: (part: string) => part.length <= 500 && !/[\0\p{Cs}]/u.test(part),
};

/**
 * The key of the last row of the page before; undefined for the first page.
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
    // PostgreSQL does not read every offset of RFC 3339 (+23:59), so it gets instants in UTC.
    return kind === 'instant' ? parseInstant(part)!.toISOString() : part;
  });
}

/**
 * A short text that stands for an order and filters. A cursor that begins with it is refused where another order or other
 * filters are asked for.
 */
export function listAsked(orderAndFilters: object): string {
  const given = Object.entries(orderAndFilters).filter(([, value]) => value !== undefined);
  const canonical = JSON.stringify(given.sort(([one], [other]) => (one < other ? -1 : 1)));
  return createHash('sha256').update(canonical).digest('base64url').slice(0, 16);
}

/**
 * As `readCursor`, for a list with a choice of orders and filters: the key without the text that stands for them.
 * @throws Refusal `invalid-cursor`, also for the cursor of another order or of other filters
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
