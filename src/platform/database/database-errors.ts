import { Refusal } from '../../domain/refusal.js';

const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Messages of driver errors without a code: the connection is lost, or none can be opened. */
const driverMessages = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Client was closed',
  'Cannot use a pool after calling end',
  'Connection ended unexpectedly',
];

/** SQLSTATEs of a server that stops, starts, or has ended this session: 57P0x, class 08, and the idle time-outs 25P03, 57P05. */
const sessionLost = /^(57P0[1-5]|08...|25P03)$/;

/** 53200: out of memory; 53400: a limit of the configuration; 53300: no connection left; 57014: statement_timeout; 55P03: lock_timeout; 40001 and 40P01 when trying again did not help. */
const overloaded = /^(53[234]00|57014|55P03|40001|40P01)$/;

/** The server cannot write its files. Committed data is safe; the running transaction is lost. */
const diskFull = '53100';

/** Whether the error is a serialisation failure or a deadlock, so that the same work may succeed when repeated. */
export const isRetryable = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));

/** SQL that limits how long a statement waits for each lock, until the end of the transaction. */
export const limitLockWaits = (mostMs: number): string => `set local lock_timeout = ${Math.max(1, Math.ceil(mostMs))}`;

/** Whether a lock was not free within `lock_timeout`. */
export const isLockTimeout = (error: unknown): boolean => codeOf(error) === '55P03';

/** Adds the id of the locked object to a lock time-out, so that transactions that need the same lock wait in one line. */
export async function lockOf<T>(id: string, statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (isLockTimeout(error)) Object.assign(error as Error, { lockOf: id });
    throw error;
  }
}

/** The id that `lockOf` added to a lock time-out; undefined if there is none. */
export function whoseLock(error: unknown): string | undefined {
  const id = error instanceof Error && 'lockOf' in error ? error.lockOf : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** Whether the connection is lost or the database cannot be reached. A COMMIT without an answer may have succeeded. */
export function connectionLost(error: unknown): boolean {
  // If all addresses of a host refuse, Node throws one AggregateError.
  if (error instanceof AggregateError && error.errors.some(connectionLost)) return true;
  const message = error instanceof Error ? error.message : '';
  return (
    socketErrors.has(codeOf(error)) ||
    sessionLost.test(codeOf(error)) ||
    driverMessages.some((known) => message.includes(known))
  );
}

/** The refusal (503) for a database error that the caller cannot help; undefined for all other errors. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (connectionLost(error)) return new Refusal('database-unavailable', {}, { retryAfterSeconds: 5 });
  if (codeOf(error) === diskFull) return new Refusal('storage-full', {}, { retryAfterSeconds: 60 });
  if (overloaded.test(codeOf(error))) return new Refusal('overloaded', {}, { retryAfterSeconds: 1 });
  return undefined;
}

/** Whether the same work may succeed a moment later, when others have released their locks and connections. */
export const isBusy = (error: unknown): boolean =>
  isLockTimeout(error) || (error instanceof Refusal && error.code === 'overloaded');

/** Whether all work would fail at the moment: the database is away, or its disk is full. */
export const databaseIsAway = (error: unknown): boolean =>
  error instanceof Refusal && (error.code === 'database-unavailable' || error.code === 'storage-full');

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
