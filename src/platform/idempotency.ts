import { createHash } from 'node:crypto';
import type { FieldError } from '../domain/field-errors.js';
import { Refusal, type RefusalParams, type Violation } from '../domain/refusal.js';
import { refusals, type RefusalCode } from '../domain/refusals.js';
import type { Database } from './database/database.js';
import type { Transaction } from './database/transaction.js';

/** A user, an operation and an Idempotency-Key: one row of `idempotency_keys`. */
export interface IdempotencyScope {
  /** SHA-256 in hex. */
  hash: string;
  /** For `pg_try_advisory_xact_lock`: a bigint as text. */
  lockKey: string;
}

/** A stored refusal: enough to repeat it in any language. */
interface StoredRefusal {
  code: RefusalCode;
  params: RefusalParams;
  violations?: readonly Violation[];
  maxAcceptableMinutes?: number;
}

/** The stored answer to the first request: a body or a refusal. */
export interface StoredAnswer {
  bodyHash: string;
  status: number;
  body?: unknown;
  refusal?: StoredRefusal;
}

/** How long a key is valid (REST contract). After that, the same key counts as a new one. */
const daysKept = 30;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The scope of a key: user, method and path with its ids. */
export function idempotencyScope(userId: string, method: string, path: string, key: string): IdempotencyScope {
  const hash = sha256([userId, method, path, key].join('\n'));
  return { hash: hash.toString('hex'), lockKey: hash.readBigInt64BE(0).toString() };
}

/** No request body of the API is deeper. A body of a hundred thousand brackets would exhaust the stack. */
const maxDepth = 32;
const tooDeep: FieldError = { pointer: '', code: 'too-deep', params: { max: maxDepth } };

/**
 * A hash of a JSON value that does not depend on the order of its fields. safe-stable-stringify, which sorts fields too, replaces
 * values below its depth limit by one text, so different bodies would have the same hash.
 * @throws Refusal `malformed-body` if the value is nested too deeply
 */
export function bodyHash(body: unknown): string {
  return sha256(sortedJson(body)).toString('hex');
}

function sortedJson(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (depth === maxDepth) throw new Refusal('malformed-body', {}, { errors: [tooDeep] });
  if (Array.isArray(value)) return `[${value.map((element) => sortedJson(element, depth + 1)).join(',')}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${sortedJson(field, depth + 1)}`).join(',')}}`;
}

/** Whether a refusal is stored as the answer to its key. Refusals by rules or by the present state are; a malformed request may be corrected. */
export function isKept({ code }: Pick<Refusal, 'code'>): boolean {
  const { kind } = refusals[code];
  return kind === 'rule' || kind === 'conflict';
}

/** The parts of a refusal that are stored. */
export function refusalKept({ code, params, violations, maxAcceptableMinutes }: Refusal): StoredRefusal {
  return { code, params, violations, maxAcceptableMinutes };
}

/** Makes the stored refusal again. */
export function refusalAgain({ code, params, violations, maxAcceptableMinutes }: StoredRefusal): Refusal {
  return new Refusal(code, params, { violations: violations && [...violations], maxAcceptableMinutes });
}

/**
 * Another request with the same key is still running. Throw it within `whenKeyIsFree`: the transaction ends, so that the waiting
 * request holds no connection.
 */
export class KeyInUse extends Error {}

/** Locks these scopes until the end of the transaction. Returns the lock keys that another request holds. */
export async function lockKeys(tx: Transaction, scopes: readonly IdempotencyScope[]): Promise<ReadonlySet<string>> {
  const keys = [...new Set(scopes.map(({ lockKey }) => lockKey))].sort();
  const [row] = await tx.prepared<{ inUse: string[] | null }>(
    'idempotency-lock',
    `select array_agg(key::text) filter (where not pg_try_advisory_xact_lock(key)) as "inUse" from unnest($1::bigint[]) as key`,
    [keys],
  );
  return new Set(row!.inUse);
}

/** How long a request waits for an earlier request with its key, and how often it checks. */
const keyWaitMs = 5_000;
const keyPauseMs = 50;

/**
 * Repeats an attempt as long as it throws `KeyInUse`.
 * @throws Refusal `idempotency-key-in-use` after the waiting time
 */
export async function whenKeyIsFree<T>(attempt: () => Promise<T>): Promise<T> {
  for (const until = performance.now() + keyWaitMs; ;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof KeyInUse)) throw error;
      if (performance.now() >= until) throw new Refusal('idempotency-key-in-use', {}, { retryAfterSeconds: 1 });
      await new Promise((resolve) => setTimeout(resolve, keyPauseMs));
    }
  }
}

/**
 * Runs work that opens its own transactions while it holds the lock of the scope. The lock is on a connection of its own, so that
 * PostgreSQL releases it when the process ends, even by `kill -9`.
 * @throws Refusal `idempotency-key-in-use` after the waiting time
 */
export function whileKeyIsLocked<T>(
  database: Database,
  { lockKey }: IdempotencyScope,
  work: () => Promise<T>,
): Promise<T> {
  return whenKeyIsFree(async () => {
    const { client, release } = await database.connection('keys');
    const isDone = (statement: string): Promise<boolean> =>
      client.query<{ done: boolean }>(`select ${statement}($1::bigint) as done`, [lockKey]).then(
        ({ rows }) => rows[0]!.done,
        () => false,
      );
    if (!(await isDone('pg_try_advisory_lock'))) {
      release();
      throw new KeyInUse();
    }
    try {
      return await work();
    } finally {
      release(!(await isDone('pg_advisory_unlock')));
    }
  });
}

/** The stored answers for these scopes, by the hash of the scope. Answers older than thirty days are not found. */
export async function findStored(
  tx: Transaction,
  scopes: readonly IdempotencyScope[],
  now: Date,
): Promise<Map<string, StoredAnswer>> {
  const rows = await tx.prepared<{ scope: string; bodyHash: string; status: number; answer: Partial<StoredAnswer> }>(
    'idempotency-find',
    `select encode(scope, 'hex') as scope, encode(body_hash, 'hex') as "bodyHash", status, answer
       from idempotency_keys
      where scope = any(select decode(hash, 'hex') from unnest($1::text[]) as hash) and created_at > $2`,
    [scopes.map(({ hash }) => hash), oldestKept(now)],
  );
  return new Map(rows.map(({ scope, bodyHash, status, answer }) => [scope, { ...answer, bodyHash, status }]));
}

/** Stores the first answers for these scopes. The caller must hold their locks. */
export async function store(
  tx: Transaction,
  rows: readonly { scope: IdempotencyScope; answer: StoredAnswer }[],
  now: Date,
): Promise<void> {
  await tx.prepared(
    'idempotency-store',
    `insert into idempotency_keys (scope, body_hash, status, answer, created_at)
     select decode(scope, 'hex'), decode(body_hash, 'hex'), status, answer, $5
       from unnest($1::text[], $2::text[], $3::smallint[], $4::json[]) as row (scope, body_hash, status, answer)
     on conflict (scope) do update
        set body_hash = excluded.body_hash, status = excluded.status, answer = excluded.answer, created_at = excluded.created_at`,
    [
      rows.map(({ scope }) => scope.hash),
      rows.map(({ answer }) => answer.bodyHash),
      rows.map(({ answer }) => answer.status),
      rows.map(({ answer: { body, refusal } }) => JSON.stringify({ body, refusal })),
      now,
    ],
  );
}

/** Deletes up to `most` expired keys, the oldest first; returns their number. */
export async function forgetExpired(tx: Transaction, now: Date, most: number): Promise<number> {
  // The outer condition checks the time again: the key may be used anew between the two steps.
  const forgotten = await tx.query(
    `delete from idempotency_keys where created_at <= $1 and scope = any(array(
       select scope from idempotency_keys where created_at <= $1 order by created_at limit $2)) returning 1`,
    [oldestKept(now), most],
  );
  return forgotten.length;
}

const oldestKept = (now: Date): Date => new Date(now.getTime() - daysKept * 86_400_000);
