import { Injectable } from '@nestjs/common';
import { Refusal } from '../domain/refusal.js';
import { isLockTimeout, limitLockWaits } from '../platform/database/database-errors.js';
import { Database, type Connection } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { newId } from '../platform/ids.js';
import { livingKeys, LivenessLock } from '../platform/database/liveness-lock.js';
import { jobNames, type AskedBy, type Counts, type JobName } from './job.js';

export type RunOutcome = 'running' | 'succeeded' | 'failed' | 'interrupted';

/** One run of a job, as it is kept. */
export interface JobRun {
  id: string;
  job: JobName;
  askedBy: AskedBy;
  dueAt: Date;
  startedAt: Date;
  finishedAt: Date | null;
  outcome: RunOutcome;
  counts: Counts;
  error: string | null;
}

/**
 * Who runs a job holds its row, or where runs go on side by side a sign of life, on a connection of its own: the end of the
 * process, however sudden, lets go of it.
 */
export interface JobLock {
  /** The sign of life; null where the row is held. */
  readonly aliveKey: number | null;
  /** The latest moment that a finished run has dealt with. */
  readonly doneThrough: Date | null;
  /** Writes down how the run ended and lets go; a run that succeeded has dealt with everything up to its `dueAt`. */
  finish(run: JobRun): Promise<void>;
  release(): Promise<void>;
}

/** SQL of `jobs` and `job_runs`. */
@Injectable()
export class JobStore {
  constructor(private readonly database: Database) {}

  /** A row for each job of the schedule, so that there is something to lock. */
  async register(): Promise<void> {
    await this.database.write((tx) =>
      tx.query('insert into jobs (name) select unnest($1::text[]) on conflict do nothing', [jobNames]),
    );
  }

  async doneThrough(tx: Transaction): Promise<Map<JobName, Date | null>> {
    const rows = await tx.query<{ name: JobName; done_through: Date | null }>('select name, done_through from jobs');
    return new Map(rows.map((row) => [row.name, row.done_through]));
  }

  /** The lock of a job; undefined where another holds it longer than we would wait. */
  async lock(name: JobName, waitMs: number): Promise<JobLock | undefined> {
    const connection = await this.database.connection('jobs');
    const { client } = connection;
    try {
      // A job may take longer than a forgotten transaction is given, and of its records none is worth waiting for the disk.
      await client.query(
        `begin; set local idle_in_transaction_session_timeout = 0; set local synchronous_commit = off;
         ${waitMs > 0 ? limitLockWaits(waitMs) : ''}`,
      );
      const { rows } = await client.query<{ done_through: Date | null }>(
        // Weaker than `for update`: run records refer to the row meanwhile.
        `select done_through from jobs where name = $1 for no key update ${waitMs === 0 ? 'skip locked' : ''}`,
        [name],
      );
      if (!rows[0]) {
        await letGo(connection);
        return undefined;
      }
      return heldLock(connection, rows[0].done_through);
    } catch (error) {
      await letGo(connection);
      if (isLockTimeout(error)) return undefined;
      throw error;
    }
  }

  /** For a run of a job whose runs go on side by side. */
  async join(): Promise<JobLock> {
    const alive = await LivenessLock.begin(this.database, 'jobs');
    return {
      aliveKey: alive.key,
      doneThrough: null,
      finish: async (run) => {
        try {
          await alive.query(finishRun, valuesToFinish(run));
        } finally {
          await alive.end();
        }
      },
      release: () => alive.end(),
    };
  }

  /**
   * Notes that a run begins, and that those that never came to an end will not: whoever holds the row is the only one, and
   * whoever shares the work shows that it is alive.
   */
  async begin(run: JobRun, { aliveKey }: Pick<JobLock, 'aliveKey'>): Promise<void> {
    // One statement on its own, so that one round trip begins, writes and commits.
    const connection = await this.database.connection();
    try {
      await connection.client.query(
        `with unhurried as (select set_config('synchronous_commit', 'off', true)),
         interrupted as (
           update job_runs set outcome = 'interrupted', finished_at = $4 where job = $2 and outcome = 'running'
             and (alive_key is null or alive_key <> all (array(${livingKeys})))
         )
         insert into job_runs (id, job, asked_by, due_at, started_at, outcome, alive_key)
         select $1, $2, $3, $5, $4, 'running', $6 from unhurried`,
        [run.id, run.job, run.askedBy, run.startedAt, run.dueAt, aliveKey],
      );
    } finally {
      connection.release();
    }
  }

  /** Newest first, from before the run `beforeId`. */
  async runs(tx: Transaction, filter: { job?: JobName; beforeId?: string; limit: number }): Promise<JobRun[]> {
    return tx.query<JobRun>(
      `select ${runColumns} from job_runs
       where ($1::text is null or job = $1) and ($2::uuid is null or id < $2)
       order by id desc limit $3`,
      [filter.job ?? null, filter.beforeId ?? null, filter.limit],
    );
  }

  /** The newest run of each job. */
  async latestRuns(tx: Transaction): Promise<Map<JobName, JobRun>> {
    const rows = await tx.query<JobRun>(
      `select latest.* from jobs
       cross join lateral (select ${runColumns} from job_runs where job = jobs.name order by id desc limit 1) latest`,
    );
    return new Map(rows.map((run) => [run.job, run]));
  }

  /** Forgets finished runs from before an instant, the oldest first and up to `most`; returns how many. */
  async forgetRunsBefore(tx: Transaction, instant: Date, most: number): Promise<number> {
    const forgotten = await tx.query(
      `delete from job_runs where id = any(array(
         select id from job_runs where finished_at < $1 order by finished_at limit $2)) returning id`,
      [instant, most],
    );
    return forgotten.length;
  }
}

/** A run that begins now. */
export function newRun(job: JobName, askedBy: AskedBy, now: Date): JobRun {
  return {
    id: newId(),
    job,
    askedBy,
    dueAt: now,
    startedAt: now,
    finishedAt: null,
    outcome: 'running',
    counts: {},
    error: null,
  };
}

const runColumns = `id, job, asked_by as "askedBy", due_at as "dueAt", started_at as "startedAt",
  finished_at as "finishedAt", outcome, counts, error`;

const finishRun = `
  with done as (update jobs set done_through = greatest(done_through, $7) where name = $6 and $2 = 'succeeded')
  update job_runs set outcome = $2, finished_at = $3, counts = $4, error = $5 where id = $1`;

const valuesToFinish = ({ id, outcome, finishedAt, counts, error, job, dueAt }: JobRun): unknown[] => [
  id,
  outcome,
  finishedAt,
  counts,
  error,
  job,
  dueAt,
];

function heldLock(connection: Connection, doneThrough: Date | null): JobLock {
  const { client } = connection;
  return {
    aliveKey: null,
    doneThrough,
    finish: async (run) => {
      try {
        await client.query(finishRun, valuesToFinish(run));
        await client.query('commit');
        connection.release();
      } catch (error) {
        connection.release(true);
        throw error;
      }
    },
    release: () => letGo(connection),
  };
}

async function letGo(connection: Connection): Promise<void> {
  try {
    await connection.client.query('rollback');
    connection.release();
  } catch {
    connection.release(true);
  }
}

/**
 * The name of a job as it stands in an address.
 * @throws Refusal `job-unknown`
 */
export function jobNamed(name: string): JobName {
  const found = jobNames.find((known) => known === name);
  if (!found) throw new Refusal('job-unknown', { name: name.slice(0, 100) });
  return found;
}
