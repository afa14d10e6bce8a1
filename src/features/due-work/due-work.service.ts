import { Injectable, Logger } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import { databaseIsAway, isLockTimeout, limitLockWaits } from '../../platform/database/database-errors.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';
import type { DryRun, DueCounts, DueJob, DueWorkCounts, DueWorkOptions } from './due-job.js';
import { DueRun, type ChunkDone } from './due-run.js';
import type { DueTerm, DueTermInOrder } from './due-terms.js';
import type { QuarantinedTerm } from './quarantine.js';
import { QuarantineStore } from './quarantine.store.js';

/** The quarantined subscriptions that are listed for each job. */
const mostListed = 100;

/** How many subscriptions one query finds for work in single transactions. */
const singlesAtOnce = 200;

/** How long a run waits for a locked subscription. A booking holds the lock for milliseconds. */
const lockWaitMs = 2_000;

const longestError = 2_000;

/**
 * Runs a job for everything that is due, in order of the due time, one chunk a transaction. Subscriptions that another
 * transaction has locked are retried one by one at the end. If a chunk fails, its halves are tried, down to the single
 * subscription that fails: this goes into quarantine, and the others are done.
 */
@Injectable()
export class DueWorkService {
  readonly #logger = new Logger(DueWorkService.name);

  constructor(
    private readonly database: Database,
    private readonly locks: SubscriptionLockStore,
    private readonly quarantine: QuarantineStore,
  ) {}

  /** Does everything that is due by `now`. Throws if the database is unavailable; no subscription is blamed for that. */
  async run<C extends DueCounts>(job: DueJob<C>, now: Date, options: DueWorkOptions = {}): Promise<C & DueWorkCounts> {
    const run = new DueRun(job, now, false);
    await this.#retryQuarantined(run, options.retry === 'at-once' ? undefined : now);
    const size = options.chunkSize ?? job.chunkSize;
    await this.#forEachChunk(run, { size, workers: 2 }, (due) => this.#workOnFree(run, due));
    if (run.busy > 0) {
      run.busy = 0;
      await this.#forEachChunk(run, { size: singlesAtOnce, workers: 1 }, async (due) => {
        for (const one of due) await this.#workOnSingle(run, one, 'due');
      });
    }
    return run.allCounts();
  }

  /** Runs the same code in transactions that are rolled back, and returns what would happen. */
  async dryRun(job: DueJob, now: Date): Promise<DryRun> {
    const run = new DueRun(job, now, true);
    await this.#retryQuarantined(run, undefined);
    await this.#forEachChunk(run, { size: job.chunkSize, workers: 1 }, (due) => this.#workOnFree(run, due));
    return { counts: run.allCounts(), wouldHappen: run.happened };
  }

  /** The first time after `instant` at which a term falls due or a retry is planned; undefined if there is none. */
  nextDueAfter(tx: Transaction, job: DueJob, instant: Date): Promise<Date | undefined> {
    return job.due.nextAfter(tx, job.name, instant);
  }

  /** The subscriptions in quarantine by job, the oldest first, up to 100 a job. */
  async listQuarantined(tx: Transaction): Promise<Map<string, QuarantinedTerm[]>> {
    const byJob = new Map<string, QuarantinedTerm[]>();
    for (const term of await this.quarantine.list(tx, mostListed)) {
      byJob.set(term.job, [...(byJob.get(term.job) ?? []), term]);
    }
    return byJob;
  }

  /**
   * Lets the next run of a job retry a subscription in quarantine, before its pause is over.
   * @throws Refusal `not-found` if it is not in quarantine
   */
  async release(tx: Transaction, job: string, subscriptionId: string, now: Date): Promise<void> {
    if (!(await this.quarantine.endPause(tx, job, subscriptionId, now))) throw new Refusal('not-found');
  }

  /**
   * Pages through the due terms by keyset, so each term is found once, whether its work succeeds or fails. With two workers, the
   * database writes one chunk while Node.js decides about the next.
   */
  async #forEachChunk<C extends DueCounts>(
    { job, now }: DueRun<C>,
    { size, workers }: { size: number; workers: number },
    work: (due: DueTermInOrder[]) => Promise<void>,
  ): Promise<void> {
    let last: DueTermInOrder | undefined;
    let isOver = false;
    const find = async (): Promise<DueTermInOrder[]> => {
      const due = isOver ? [] : await this.database.read((tx) => job.due.by(tx, job.name, now, last, size));
      last = due.at(-1);
      isOver ||= due.length < size;
      return due;
    };
    let found = Promise.resolve<DueTermInOrder[]>([]);
    const worker = async (): Promise<void> => {
      for (;;) {
        // The workers' queries form a chain: each continues after the last term of the one before.
        found = found.then(find);
        const due = await found;
        if (due.length === 0) return;
        await work(due).catch((error: unknown) => {
          // The other worker finishes its chunk and finds no further one.
          isOver = true;
          throw error;
        });
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: workers }, worker));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /** Retries the quarantined subscriptions whose pause ends by `by`; without it, all of them. */
  async #retryQuarantined<C extends DueCounts>(run: DueRun<C>, by: Date | undefined): Promise<void> {
    let afterId: string | undefined;
    do {
      const retries = await this.database.read((tx) =>
        this.quarantine.toRetry(tx, run.job.name, by, afterId, singlesAtOnce),
      );
      for (const one of retries) await this.#workOnSingle(run, one, 'quarantined');
      afterId = retries.length < singlesAtOnce ? undefined : retries.at(-1)!.subscriptionId;
    } while (afterId !== undefined);
  }

  /** Works in one transaction on all subscriptions that are not locked. If that fails, works on each half. */
  async #workOnFree<C extends DueCounts>(run: DueRun<C>, due: readonly DueTerm[]): Promise<void> {
    try {
      await this.#write(run, async (tx) => {
        const ids = due.map(({ subscriptionId }) => subscriptionId);
        const free = new Set((await this.locks.lockFree(tx, ids)).map(({ subscriptionId }) => subscriptionId));
        const work = due.filter(({ subscriptionId }) => free.has(subscriptionId));
        return { ...(await run.job.work(tx, work, run.now)), busy: due.length - work.length };
      });
    } catch (error) {
      if (databaseIsAway(error)) throw error;
      if (due.length === 1) return this.#putIntoQuarantine(run, due[0]!, error);
      this.#logger.warn(`${run.job.name}: a chunk of ${due.length} failed; its halves are tried: ${String(error)}`);
      const middle = Math.ceil(due.length / 2);
      await this.#workOnFree(run, due.slice(0, middle));
      await this.#workOnFree(run, due.slice(middle));
    }
  }

  /** Works on one subscription, after a wait for its lock. */
  async #workOnSingle<C extends DueCounts>(run: DueRun<C>, due: DueTerm, was: 'due' | 'quarantined'): Promise<void> {
    try {
      await this.#write(run, async (tx) => {
        await this.#lockOrGiveUp(tx, due.subscriptionId);
        const done = await run.job.work(tx, [due], run.now);
        // The work succeeded, or the term is no longer due.
        if (was === 'quarantined') await this.quarantine.clear(tx, run.job.name, due.subscriptionId);
        return { ...done, busy: 0 };
      });
    } catch (error) {
      if (databaseIsAway(error)) throw error;
      if (error instanceof StillLocked) run.busy += 1;
      else await this.#putIntoQuarantine(run, due, error);
    }
  }

  async #lockOrGiveUp(tx: Transaction, subscriptionId: string): Promise<void> {
    await tx.query(limitLockWaits(lockWaitMs));
    try {
      await this.locks.lock(tx, [subscriptionId]);
    } catch (error) {
      throw isLockTimeout(error) ? new StillLocked() : error;
    }
    await tx.query('set local lock_timeout to default');
  }

  async #write<C extends DueCounts>(run: DueRun<C>, work: (tx: Transaction) => Promise<ChunkDone<C>>): Promise<void> {
    const done = await this.database.write((tx) => {
      if (run.isDry) tx.rollBackAtEnd();
      return work(tx);
    });
    run.add(done);
  }

  async #putIntoQuarantine<C extends DueCounts>(run: DueRun<C>, due: DueTerm, error: unknown): Promise<void> {
    const { subscriptionId, termId } = due;
    const text = (error instanceof Error ? error.message : String(error)).slice(0, longestError);
    run.fail({ subscriptionId, termId, what: 'set-aside', error: text });
    if (run.isDry) return;
    const job = run.job.name;
    const tries = await this.database.write((tx) =>
      this.quarantine.add(tx, { job, subscriptionId, termId, error: text }, run.now),
    );
    // Only the first failure is logged; GET /v1/jobs lists the subscription until it succeeds.
    if (tries > 1) return;
    this.#logger.error(
      `${job} failed for subscription ${subscriptionId}, which is now in quarantine`,
      error instanceof Error ? error.stack : error,
    );
  }
}

class StillLocked extends Error {}
