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

/** What the driver says without a code when the other end is gone or no connection can be had. */
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

/** The server cannot write its files. What was committed stays, and nothing else is kept. */
const diskFull = '53100';

/** A serialisation failure or a deadlock: the same work, done again, may succeed. */
export const isRetryable = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error));

/** A lock that was not to be had within `lock_timeout`. */
export const isLockTimeout = (error: unknown): boolean => codeOf(error) === '55P03';

/** Notes on a lock time-out whose lock it was (an id): those who wait for the same one wait one behind another. */
export async function lockOf<T>(id: string, statement: Promise<T>): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    if (isLockTimeout(error)) Object.assign(error as Error, { lockOf: id });
    throw error;
  }
}

/** Whose lock was not to be had; undefined where nobody has noted it. */
export function whoseLock(error: unknown): string | undefined {
  const id = error instanceof Error && 'lockOf' in error ? error.lockOf : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** Whether the connection is gone, or the database cannot be reached at all. A lost COMMIT may still have taken place. */
export function connectionLost(error: unknown): boolean {
  // Several addresses of one host that all refuse come as one AggregateError.
  if (error instanceof AggregateError && error.errors.some(connectionLost)) return true;
  const message = error instanceof Error ? error.message : '';
  return (
    socketErrors.has(codeOf(error)) ||
    sessionLost.test(codeOf(error)) ||
    driverMessages.some((known) => message.includes(known))
  );
}

/** The refusal (503) that an error of the database amounts to; undefined where it is something else. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (connectionLost(error)) return new Refusal('database-unavailable', {}, { retryAfterSeconds: 5 });
  if (codeOf(error) === diskFull) return new Refusal('storage-full', {}, { retryAfterSeconds: 60 });
  if (overloaded.test(codeOf(error))) return new Refusal('overloaded', {}, { retryAfterSeconds: 1 });
  return undefined;
}

/** Whether no work can be done for now, so that other work would fail in the same way: the database is away, or its disk is full. */
export const databaseIsAway = (error: unknown): boolean =>
  error instanceof Refusal && (error.code === 'database-unavailable' || error.code === 'storage-full');

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
