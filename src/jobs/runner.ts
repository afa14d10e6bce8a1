import { Injectable, Logger } from '@nestjs/common';
import { Refusal } from '../domain/refusal.js';
import type { DryRun } from '../features/due-work/due-job.js';
import { Clock } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { Shares } from '../platform/load/shares.js';
import type { AskedBy, Job, JobName, BacklogJob } from './job.js';
import { JobStore, newRun, type JobLock, type JobRun } from './job.store.js';
import { DueTimes } from './due-times.js';
import { Schedule } from './schedule.js';

/** Before every moment of any contract. */
const beginning = new Date(0);

/** How long a request to run a job waits for a run in progress. */
const patienceMs = 10_000;

/**
 * The maximum number of passes through the schedule at one moment. Two are needed if a job makes work due for an earlier job.
 * The limit ends the loop if a job never finishes its work.
 */
const mostPasses = 3;

/** The jobs that ran, and the due times after them. */
interface CaughtUp {
  runs: JobRun[];
  dueTimes: DueTimes;
}

/**
 * Runs jobs and records each run. Over all instances, a job has one run at a time, unless its runs share the work. A failed
 * run is recorded, does not stop other jobs, and is retried at the next tick.
 */
@Injectable()
export class JobRunner {
  readonly #logger = new Logger('Jobs');
  /** Runs in progress, including those whose request was aborted. */
  readonly #inProgress = new Set<Promise<JobRun>>();
  /** One run of each job at a time in this instance; two of a shared job, so that one slow mail does not delay all mails. */
  readonly #turns = new Shares(1);
  readonly #sharedTurns = new Shares(2);
  #stopping = false;

  constructor(
    private readonly schedule: Schedule,
    private readonly store: JobStore,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** When each job is due next. A moment in the past is overdue. */
  async nextDue(tx: Transaction, jobs = this.schedule.jobs): Promise<Map<JobName, Date | undefined>> {
    const doneThrough = await this.store.doneThrough(tx);
    const due = new Map<JobName, Date | undefined>();
    for (const job of jobs) due.set(job.name, await dueAt(tx, job, doneThrough.get(job.name) ?? null));
    return due;
  }

  /** Which of the given jobs are due by `now`, and when they are due next. */
  async dueTimes(now: Date, jobs = this.schedule.jobs): Promise<DueTimes> {
    return this.database.read(async (tx) => {
      const dueTimes = new DueTimes();
      const due = await this.nextDue(tx, jobs);
      for (const job of jobs) {
        const first = due.get(job.name);
        const isOverdue = first !== undefined && first <= now;
        dueTimes.note(job, { isOverdue, next: isOverdue ? await nextDueAfter(tx, job, now) : first });
      }
      return dueTimes;
    });
  }

  /**
   * Runs the jobs that are due by `now`, and those that become due through them. Example: after a long outage, a roll-over
   * opens a term whose notice deadline has already passed. Stops when nothing is due or a pass makes no progress, and returns
   * the new due times. `others` says whether to skip a job that another instance is running, or to wait for it. `dueTimes`
   * holds the due times of the same jobs.
   */
  async runDue(now: Date, dueTimes: DueTimes, others: 'leave' | 'wait', jobs = this.schedule.jobs): Promise<CaughtUp> {
    const runs: JobRun[] = [];
    // A failed job is retried at the next tick.
    const failed = new Set<JobName>();
    let latest = dueTimes;
    for (let pass = 0; pass < mostPasses && [...latest.dueBy(now)].some((name) => !failed.has(name)); pass += 1) {
      const passed = await this.#pass(now, jobs, { due: latest.dueBy(now), except: failed, others });
      runs.push(...passed);
      for (const { job, outcome } of passed) if (outcome === 'failed') failed.add(job);
      latest = await this.dueTimes(now, jobs);
      if (!passed.some(({ outcome }) => outcome === 'succeeded')) break;
    }
    return { runs, dueTimes: latest };
  }

  /** Runs the jobs that are marked `atStart`, except those that another instance is running. */
  async runAtStart(now: Date): Promise<void> {
    for (const job of this.schedule.jobs) {
      if (job.due !== 'timed' || !job.atStart || this.#stopping) continue;
      const lock = await this.#lock(job, 0);
      if (lock) await this.#run(job, now, 'schedule', lock);
    }
  }

  /**
   * Runs a job on request, whether or not anything is due.
   * @throws Refusal `job-running` while another run of the job is in progress
   */
  async runNow(name: JobName, now: Date): Promise<JobRun> {
    const job = this.schedule.job(name);
    const lock = await this.#lock(job, patienceMs);
    if (!lock) throw new Refusal('job-running', { name });
    return this.#run(job, now, 'person', lock);
  }

  /**
   * Returns what a run would do, without a record. It holds the job's lock, because it would conflict with a real run.
   * @throws Refusal `dry-run-not-supported`, `job-running`
   */
  async dryRun(name: JobName, now: Date): Promise<DryRun> {
    const job = this.schedule.job(name);
    if (!job.dryRun) {
      const others = this.schedule.jobs.filter((other) => other.dryRun !== undefined);
      throw new Refusal('dry-run-not-supported', { name, jobs: others.map((other) => other.name).join(', ') });
    }
    const lock = await this.#lock(job, patienceMs);
    if (!lock) throw new Refusal('job-running', { name });
    try {
      return await job.dryRun(now);
    } finally {
      await lock.release();
    }
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Starts no further job, and returns when the runs in progress have ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.allSettled(this.#inProgress);
  }

  /** Runs the due jobs in the order of the schedule, and later jobs that these make due. */
  async #pass(
    now: Date,
    jobs: readonly Job[],
    { due, except, others }: { due: ReadonlySet<JobName>; except: ReadonlySet<JobName>; others: 'leave' | 'wait' },
  ): Promise<JobRun[]> {
    const runs: JobRun[] = [];
    for (const job of jobs) {
      if (this.#stopping) break;
      if (except.has(job.name)) continue;
      // A job that was not due can only have become due through a job that ran before it.
      const mayBeDue =
        due.has(job.name) || (runs.length > 0 && job.due === 'backlog' && (await this.#hasBacklog(job, now)));
      if (!mayBeDue) continue;
      const run = await this.#runIfDue(job, now, others === 'wait' ? patienceMs : 0);
      if (run) runs.push(run);
    }
    return runs;
  }

  async #runIfDue(job: Job, now: Date, waitMs: number): Promise<JobRun | undefined> {
    const lock = await this.#lock(job, waitMs);
    if (!lock) return undefined;
    // The previous holder of the lock may have done all the work.
    const isDue = await this.#isDue(job, lock.doneThrough, now).catch(async (error: unknown) => {
      await lock.release();
      throw error;
    });
    if (isDue) return this.#run(job, now, 'schedule', lock);
    await lock.release();
    return undefined;
  }

  /** Runs of this instance wait for their turn before they take a connection, because the run before them may need it. */
  async #lock(job: Job, waitMs: number): Promise<JobLock | undefined> {
    const isShared = job.due === 'backlog' && job.shared === true;
    const until = performance.now() + waitMs;
    const turns = isShared ? this.#sharedTurns : this.#turns;
    const freePlace = await turns.takeWithin(job.name, waitMs);
    if (!freePlace) return undefined;
    const leftMs = waitMs === 0 ? 0 : Math.max(1, until - performance.now());
    const lock = await (isShared ? this.store.join() : this.store.lock(job.name, leftMs)).catch((error: unknown) => {
      freePlace();
      throw error;
    });
    if (!lock) {
      freePlace();
      return undefined;
    }
    return {
      ...lock,
      finish: (run) => lock.finish(run).finally(freePlace),
      release: () => lock.release().finally(freePlace),
    };
  }

  async #isDue(job: Job, doneThrough: Date | null, now: Date): Promise<boolean> {
    return job.due === 'timed' ? job.nextDueAfter(doneThrough ?? beginning) <= now : this.#hasBacklog(job, now);
  }

  async #hasBacklog(job: BacklogJob, now: Date): Promise<boolean> {
    const due = await this.database.read((tx) => job.nextDueAfter(tx, beginning));
    return due !== undefined && due <= now;
  }

  async #run(job: Job, now: Date, askedBy: AskedBy, lock: JobLock): Promise<JobRun> {
    const run = this.#runToEnd(job, now, askedBy, lock);
    this.#inProgress.add(run);
    try {
      return await run;
    } finally {
      this.#inProgress.delete(run);
    }
  }

  async #runToEnd(job: Job, now: Date, askedBy: AskedBy, lock: JobLock): Promise<JobRun> {
    const run = newRun(job.name, askedBy, now);
    try {
      await this.store.begin(run, lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
    try {
      run.counts = await job.run(now, askedBy);
      run.outcome = 'succeeded';
    } catch (error) {
      run.outcome = 'failed';
      run.error = error instanceof Error ? error.message : String(error);
      this.#logger.error(`${job.name} failed`, error instanceof Error ? error.stack : run.error);
    }
    run.finishedAt = this.clock.now();
    await lock.finish(run);
    return run;
  }
}

function dueAt(tx: Transaction, job: Job, doneThrough: Date | null): Promise<Date | undefined> {
  return nextDueAfter(tx, job, job.due === 'timed' ? (doneThrough ?? beginning) : beginning);
}

async function nextDueAfter(tx: Transaction, job: Job, instant: Date): Promise<Date | undefined> {
  return job.due === 'timed' ? job.nextDueAfter(instant) : job.nextDueAfter(tx, instant);
}
