import { Injectable } from '@nestjs/common';
import { Refusal } from '../domain/refusal.js';
import { isLockTimeout, limitLockWaits } from '../platform/database/database-errors.js';
import { Database, type Connection } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { newId } from '../platform/ids.js';
import { livingKeys, LivenessLock } from '../platform/database/liveness-lock.js';
import { jobNames, type AskedBy, type Counts, type JobName } from './job.js';

export type RunOutcome = 'running' | 'succeeded' | 'failed' | 'interrupted';

/** A stored job run. */
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
 * The lock of a running job, on its own connection: the row of the job, or a liveness lock if runs may be concurrent.
 * PostgreSQL releases it when the process ends, even after a crash.
 */
export interface JobLock {
  /** The number of the liveness lock; null if the row is locked. */
  readonly aliveKey: number | null;
  /** The latest `dueAt` of a successful run. */
  readonly doneThrough: Date | null;
  /** Records how the run ended and releases the lock. A successful run has done everything that was due by its `dueAt`. */
  finish(run: JobRun): Promise<void>;
  release(): Promise<void>;
}

/** SQL of `jobs` and `job_runs`. */
@Injectable()
export class JobStore {
  constructor(private readonly database: Database) {}

  /** Creates a row for each job of the schedule, so that runs can lock it. */
  async register(): Promise<void> {
    await this.database.write((tx) =>
      tx.query('insert into jobs (name) select unnest($1::text[]) on conflict do nothing', [jobNames]),
    );
  }

  async doneThrough(tx: Transaction): Promise<Map<JobName, Date | null>> {
    const rows = await tx.query<{ name: JobName; done_through: Date | null }>('select name, done_through from jobs');
    return new Map(rows.map((row) => [row.name, row.done_through]));
  }

  /** Locks a job; undefined if another run holds the lock for longer than the waiting time. */
  async lock(name: JobName, waitMs: number): Promise<JobLock | undefined> {
    const connection = await this.database.connection('jobs');
    const { client } = connection;
    try {
      // A job may run longer than the timeout of idle transactions. Its records need not wait for the disk.
      await client.query(
        `begin; set local idle_in_transaction_session_timeout = 0; set local synchronous_commit = off;
         ${waitMs > 0 ? limitLockWaits(waitMs) : ''}`,
      );
      const { rows } = await client.query<{ done_through: Date | null }>(
        // Weaker than `for update`, because inserted run records refer to the row.
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

  /** Locks a run of a job whose runs may be concurrent. */
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
   * Records the start of a run, and marks runs whose process has died as interrupted. A process is dead if nobody holds its
   * row lock or liveness lock.
   */
  async begin(run: JobRun, { aliveKey }: Pick<JobLock, 'aliveKey'>): Promise<void> {
    // A single statement, so that one round trip begins, writes and commits.
    const connection = await this.database.connection();
    try {
      await connection.client.query(
        `with quick_commit as (select set_config('synchronous_commit', 'off', true)),
         interrupted as (
           update job_runs set outcome = 'interrupted', finished_at = $4 where job = $2 and outcome = 'running'
             and (alive_key is null or alive_key <> all (array(${livingKeys})))
         )
         insert into job_runs (id, job, asked_by, due_at, started_at, outcome, alive_key)
         select $1, $2, $3, $5, $4, 'running', $6 from quick_commit`,
        [run.id, run.job, run.askedBy, run.startedAt, run.dueAt, aliveKey],
      );
    } finally {
      connection.release();
    }
  }

  /** Runs before the run `beforeId`, newest first. */
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

  /** Deletes up to `most` finished runs from before an instant, oldest first; returns the number of deleted runs. */
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
 * Checks the name of a job in a URL.
 * @throws Refusal `job-unknown`
 */
export function jobNamed(name: string): JobName {
  const found = jobNames.find((known) => known === name);
  if (!found) throw new Refusal('job-unknown', { name: name.slice(0, 100) });
  return found;
}
