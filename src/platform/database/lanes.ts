import { Logger } from '@nestjs/common';
import { Pool, type PoolConfig } from 'pg';

/**
 * A lane is a pool of connections with its own number and time-outs, so that one kind of work cannot take the connections of another.
 *
 * | lane | serves |
 * | --- | --- |
 * | `ordinary` | requests and jobs |
 * | `booking` | the booking queue; keeps generic plans |
 * | `waiting` | bookings that wait for a lock, each on its own connection |
 * | `reports` | streams to readers, from the replica if there is one |
 * | `reports-on-primary` | reports that the replica cannot answer yet; without a replica the same lane as `reports` |
 * | `keys` | holds the lock of an Idempotency-Key while its request runs |
 * | `journey` | holds the lock of a simulated clock while it advances |
 * | `jobs` | holds the lock of a job while it runs |
 * | `mails` | holds the liveness lock of a process that sends mails |
 *
 * A transaction never waits for a second connection of its own lane: otherwise the holders of all connections could wait for each
 * other. A holder of `keys` may wait for `journey`, then `jobs`, then `mails`, then the other lanes; never the other way round.
 */
export type Lane = 'ordinary' | BookingLane | HoldingLane | ReportsLane;
export type BookingLane = 'booking' | 'waiting';
export type HoldingLane = 'keys' | 'journey' | 'jobs' | 'mails';
export type ReportsLane = 'reports' | 'reports-on-primary';

/** Each report holds a connection and a snapshot until its reader has the whole file. */
export const reportsAtOnce = 4;
/** A report that finds no free connection is refused after this time, before its client gives up. */
export const reportsPatienceMs = 3_000;
/** Reports that one user may read at once, so that a slow reader leaves the other half to others. */
export const reportsOfOne = 2;

/** Each waits for a lock, alone. */
const waitingAtOnce = 4;

const logger = new Logger('Database');

/**
 * The connection options of each lane. The time-outs keep a stuck statement, a lock or a forgotten transaction from blocking others:
 * a process that freezes during a transaction loses the transaction and its locks. Reports have long time-outs, because the client
 * decides how fast it reads.
 */
export const laneOptions = {
  ordinary: (url: string) =>
    connectionOptions(url, 10, {
      ...deadPeers,
      statement_timeout: '60s',
      // A read waits only for schema changes.
      lock_timeout: '5s',
      idle_in_transaction_session_timeout: '15s',
    }),
  booking: (url: string, max = 4): PoolConfig => ({
    pipeline: true,
    ...connectionOptions(url, max, {
      ...deadPeers,
      statement_timeout: '60s',
      // One stuck statement would delay the bookings of all users. Bookings take only free locks, and wait this long for any other lock.
      lock_timeout: '250ms',
      idle_in_transaction_session_timeout: '10s',
      // The statements take arrays of any length. Planning each call costs more than a better plan would save.
      plan_cache_mode: 'force_generic_plan',
      // All lookups are by key. A generic plan made for a small table would still scan the table after it has grown.
      enable_seqscan: 'off',
      enable_hashjoin: 'off',
      enable_mergejoin: 'off',
    }),
  }),
  waiting: (url: string): PoolConfig => ({
    ...laneOptions.booking(url, waitingAtOnce),
    connectionTimeoutMillis: 5_000,
  }),
  keys: (url: string) => connectionOptions(url, 4, holding),
  journey: (url: string) => connectionOptions(url, 1, holding),
  // One connection for each job and a second one for mail delivery. Further runs wait without a connection.
  jobs: (url: string) => connectionOptions(url, 8, holding),
  mails: (url: string) => connectionOptions(url, 4, holding),
  reports: (url: string): PoolConfig => ({
    ...connectionOptions(url, reportsAtOnce, {
      idle_in_transaction_session_timeout: '600s',
      // PostgreSQL stops sorting a report soon after its client has disconnected.
      client_connection_check_interval: '5s',
      // Parallel workers would sort rows that an index already returns in order, and would take CPU from bookings.
      max_parallel_workers_per_gather: '0',
    }),
    connectionTimeoutMillis: reportsPatienceMs,
    // Keep-alive detects a replica that has vanished from the network.
    keepAlive: true,
    keepAliveInitialDelayMillis: 60_000,
  }),
};

/** The server ends sessions whose client has vanished from the network, and so releases their locks. */
const deadPeers = {
  tcp_keepalives_idle: '20s',
  tcp_keepalives_interval: '5s',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '30s',
};

/** Settings of connections that hold a lock for a long time. */
const holding = {
  ...deadPeers,
  statement_timeout: '60s',
  lock_timeout: '15s',
  idle_in_transaction_session_timeout: '120s',
};

function connectionOptions(url: string, max: number, settings: Record<string, string>): PoolConfig {
  return {
    connectionString: url,
    max,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    application_name: 'trm-service',
    options: Object.entries({ TimeZone: 'UTC', ...settings })
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
}

/** Whether all connections of a lane are in use. */
export const isFull = ({ totalCount, options }: Pool): boolean => totalCount === options.max;

export function poolOf(options: PoolConfig): Pool {
  return new Pool(options).on('error', idleConnectionLost);
}

/** Logs the loss of an idle connection. The pool has already dropped it, and opens a new one on demand. */
export function idleConnectionLost(error: unknown): void {
  logger.warn(`An idle connection was lost: ${error instanceof Error ? error.message : String(error)}`);
}
