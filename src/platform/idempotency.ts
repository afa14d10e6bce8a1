import { createHash } from 'node:crypto';
import type { FieldError } from '../domain/field-errors.js';
import { Refusal, type RefusalParams, type Violation } from '../domain/refusal.js';
import { refusals, type RefusalCode } from '../domain/refusals.js';
import type { Database, Transaction } from './database/database.js';

/** Who does what with which key: one row of `idempotency_keys`. */
export interface IdempotencyScope {
  /** SHA-256 in hex. */
  hash: string;
  /** For `pg_try_advisory_xact_lock`: a bigint as text. */
  lockKey: string;
}

/** A refusal as it is kept: what it takes to say it again, in whatever language it is asked for then. */
interface StoredRefusal {
  code: RefusalCode;
  params: RefusalParams;
  violations?: readonly Violation[];
  maxAcceptableMinutes?: number;
}

/** The first answer to a request: its body, or the refusal that it was. */
export interface StoredAnswer {
  bodyHash: string;
  status: number;
  body?: unknown;
  refusal?: StoredRefusal;
}

/** How long a key is remembered (the contract of the interface); later the same key is a new one. */
const daysKept = 30;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The scope of a key: user, method and path with its ids. */
export function idempotencyScope(userId: string, method: string, path: string, key: string): IdempotencyScope {
  const hash = sha256([userId, method, path, key].join('\n'));
  return { hash: hash.toString('hex'), lockKey: hash.readBigInt64BE(0).toString() };
}

/** No body of ours is deeper; a hole of a hundred thousand brackets would exhaust the stack. */
const maxDepth = 32;
const tooDeep: FieldError = { pointer: '', code: 'too-deep', params: { max: maxDepth } };

/**
 * A hash of a JSON value that does not depend on the order of its fields.
 * @throws Refusal `malformed-body` for one that is absurdly deep
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

/** Whether a refusal is the answer to its key: what a rule or the present state refuses stays refused, what is malformed may be mended. */
export function isKept({ code }: Refusal): boolean {
  const { kind } = refusals[code];
  return kind === 'rule' || kind === 'conflict';
}

/** What is kept of a refusal. */
export function refusalKept({ code, params, violations, maxAcceptableMinutes }: Refusal): StoredRefusal {
  return { code, params, violations, maxAcceptableMinutes };
}

/** The refusal that was kept, to be thrown again. */
export function refusalAgain({ code, params, violations, maxAcceptableMinutes }: StoredRefusal): Refusal {
  return new Refusal(code, params, { violations: violations && [...violations], maxAcceptableMinutes });
}

/**
 * Another request has the key: to be thrown within `whenKeyIsFree`. The transaction is given up, so that a waiting request
 * holds no connection.
 */
export class KeyInUse extends Error {}

/** Takes the locks of these scopes until the end of the transaction. Returns the lock keys that another request has. */
export async function lockKeys(tx: Transaction, scopes: readonly IdempotencyScope[]): Promise<ReadonlySet<string>> {
  const keys = [...new Set(scopes.map(({ lockKey }) => lockKey))].sort();
  const [row] = await tx.prepared<{ inUse: string[] | null }>(
    'idempotency-lock',
    `select array_agg(key::text) filter (where not pg_try_advisory_xact_lock(key)) as "inUse" from unnest($1::bigint[]) as key`,
    [keys],
  );
  return new Set(row!.inUse);
}

/** How long a request waits for the first one with its key, and how often it looks. */
const keyWaitMs = 5_000;
const keyPauseMs = 50;

/**
 * Attempts what takes the lock of a key, as long as it throws `KeyInUse`.
 * @throws Refusal `idempotency-key-in-use` when that takes too long
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
 * Does work that opens its own transactions while the key of the scope is locked, as soon as nobody else has it. The lock stands on
 * a connection of its own, so that the end of the process, however sudden, lets go of it.
 * @throws Refusal `idempotency-key-in-use` when that takes too long
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

/** The answers kept for these scopes, by the hash of the scope; what is older than thirty days is not found. */
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

/** Keeps the first answers to these scopes. The locks of the scopes must be held. */
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

/** Forgets keys that count as new by now, the oldest first and up to `most`; returns how many. */
export async function forgetExpired(tx: Transaction, now: Date, most: number): Promise<number> {
  // The time is asked of the deleted row too: a key may be used anew while its row is looked for.
  const forgotten = await tx.query(
    `delete from idempotency_keys where created_at <= $1 and scope = any(array(
       select scope from idempotency_keys where created_at <= $1 order by created_at limit $2)) returning 1`,
    [oldestKept(now), most],
  );
  return forgotten.length;
}

const oldestKept = (now: Date): Date => new Date(now.getTime() - daysKept * 86_400_000);
