import { Injectable, Logger } from '@nestjs/common';
import { databaseIsAway, isLockTimeout, limitLockWaits } from '../../platform/database/database-errors.js';
import { Database, type Transaction } from '../../platform/database/database.js';
import { SubscriptionLockStore } from '../ledger/subscription-lock.store.js';
import type { Due, DueInOrder, DueTerms } from './due-terms.js';
import type { QuarantinedTerm } from './quarantine.js';
import { QuarantineStore } from './quarantine.store.js';

/** What happened to a term, or would happen. */
export interface TermEvent {
  subscriptionId: string;
  termId: string;
  /** For instance `renewed`; `set-aside` where it cannot be done. */
  what: string;
  /** Why it cannot be done. */
  error?: string;
}

type Counts = Record<string, number>;

/** What was done for a chunk. */
export interface ChunkResult<C extends Counts> {
  counts: C;
  happened: readonly TermEvent[];
}

/** A job that goes through subscriptions of which something is due. */
export interface DueJob<C extends Counts> {
  /** What is set aside is kept under this name. */
  readonly name: string;
  /** How many subscriptions share a transaction. */
  readonly chunkSize: number;
  /** The counts of a run that finds nothing to do. */
  readonly nothing: C;
  /** When something is due for it. */
  readonly due: DueTerms;
  /** Does it, under the locks of the subscriptions. What was read before these may be done by now: it asks again. */
  work(tx: Transaction, due: readonly Due[], now: Date): Promise<ChunkResult<C>>;
}

/**
 * Subscriptions that could not be dealt with: they are set aside and reported; and those that somebody was working on all
 * the while: they are left for the next run.
 */
export type DueWorkCounts = Readonly<Record<'setAside' | 'busy', number>>;

export interface DueWorkOptions {
  /** Whether what is set aside is tried when its pause is over, or at once: by hand, after a cure. */
  setAsides?: 'when-due' | 'at-once';
  chunkSize?: number;
}

/** What a run would do. */
export interface DryRun {
  counts: Readonly<Counts>;
  /** The first things that would happen. */
  wouldHappen: TermEvent[];
}

const mostHappeningsShown = 200;
const mostSetAsidesShown = 100;

/** How many subscriptions are looked up at once that are then taken one by one. */
const aloneAtOnce = 200;

/** How long one waits for a subscription that somebody is working on: bookings take milliseconds. */
const patienceMs = 2_000;

/**
 * Goes through everything that is due for a job, a chunk in a transaction, in the order of its moments. What somebody is
 * working on is taken up alone afterwards. A chunk that fails is halved until what fails stands alone: that is set aside
 * and reported, and the rest go on.
 */
@Injectable()
export class DueWorkService {
  readonly #logger = new Logger(DueWorkService.name);

  constructor(
    private readonly database: Database,
    private readonly locks: SubscriptionLockStore,
    private readonly setAsides: QuarantineStore,
  ) {}

  /** Does all that is due by `now`. Throws where the database is away, which is nobody's fault in particular. */
  async run<C extends Counts>(job: DueJob<C>, now: Date, options: DueWorkOptions = {}): Promise<C & DueWorkCounts> {
    const sweep = new Sweep(job, now, false);
    await this.#tryAgain(sweep, options.setAsides === 'at-once' ? undefined : now);
    await this.#chunks(sweep, { size: options.chunkSize ?? job.chunkSize, lanes: 2 }, (due) => this.#free(sweep, due));
    if (sweep.busy > 0) {
      sweep.busy = 0;
      await this.#chunks(sweep, { size: aloneAtOnce, lanes: 1 }, async (due) => {
        for (const one of due) await this.#alone(sweep, one, 'due');
      });
    }
    return sweep.allCounts();
  }

  /** Runs the same code in transactions that are rolled back, and says what would happen. */
  async dryRun<C extends Counts>(job: DueJob<C>, now: Date): Promise<DryRun> {
    const sweep = new Sweep(job, now, true);
    await this.#tryAgain(sweep, undefined);
    await this.#chunks(sweep, { size: job.chunkSize, lanes: 1 }, (due) => this.#free(sweep, due));
    return { counts: sweep.allCounts(), wouldHappen: sweep.happened };
  }

  /** When something falls due, or is tried again, after an instant; undefined where nothing will as things stand. */
  nextDueAfter(tx: Transaction, job: DueJob<Counts>, instant: Date): Promise<Date | undefined> {
    return job.due.nextAfter(tx, job.name, instant);
  }

  /** What is set aside, by job, the longest waiting first; of each job only so many. */
  async listSetAsides(tx: Transaction): Promise<Map<string, QuarantinedTerm[]>> {
    const byJob = new Map<string, QuarantinedTerm[]>();
    for (const aside of await this.setAsides.list(tx, mostSetAsidesShown)) {
      byJob.set(aside.job, [...(byJob.get(aside.job) ?? []), aside]);
    }
    return byJob;
  }

  /**
   * By keyset: each is come by once, however it ends. In several lanes the database writes one chunk while the rules
   * decide about the next.
   */
  async #chunks<C extends Counts>(
    { job, now }: Sweep<C>,
    { size, lanes }: { size: number; lanes: number },
    work: (due: DueInOrder[]) => Promise<void>,
  ): Promise<void> {
    let last: DueInOrder | undefined;
    let isOver = false;
    const take = async (): Promise<DueInOrder[]> => {
      const due = isOver ? [] : await this.database.read((tx) => job.due.by(tx, job.name, now, last, size));
      last = due.at(-1);
      isOver ||= due.length < size;
      return due;
    };
    let taken = Promise.resolve<DueInOrder[]>([]);
    const lane = async (): Promise<void> => {
      for (;;) {
        // One takes after the other, each from where the one before it has come to.
        taken = taken.then(take);
        const due = await taken;
        if (due.length === 0) return;
        await work(due).catch((error: unknown) => {
          // The other lanes finish what they have, and take nothing more.
          isOver = true;
          throw error;
        });
      }
    };
    const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #tryAgain<C extends Counts>(sweep: Sweep<C>, by: Date | undefined): Promise<void> {
    let afterId: string | undefined;
    do {
      const again = await this.database.read((tx) =>
        this.setAsides.toTry(tx, sweep.job.name, by, afterId, aloneAtOnce),
      );
      for (const one of again) await this.#alone(sweep, one, 'set-aside');
      afterId = again.length < aloneAtOnce ? undefined : again.at(-1)!.subscriptionId;
    } while (afterId !== undefined);
  }

  /** Those that nobody is working on, together; where that fails, in halves. */
  async #free<C extends Counts>(sweep: Sweep<C>, due: readonly Due[]): Promise<void> {
    try {
      await this.#write(sweep, async (tx) => {
        const ids = due.map(({ subscriptionId }) => subscriptionId);
        const free = new Set((await this.locks.lockFree(tx, ids)).map(({ subscriptionId }) => subscriptionId));
        const work = due.filter(({ subscriptionId }) => free.has(subscriptionId));
        return { done: await sweep.job.work(tx, work, sweep.now), busy: due.length - work.length };
      });
    } catch (error) {
      if (databaseIsAway(error)) throw error;
      if (due.length === 1) return this.#failed(sweep, due[0]!, error);
      this.#logger.warn(`A chunk of ${due.length} of ${sweep.job.name} failed and is halved: ${String(error)}`);
      const middle = Math.ceil(due.length / 2);
      await this.#free(sweep, due.slice(0, middle));
      await this.#free(sweep, due.slice(middle));
    }
  }

  /** One subscription, after whoever is working on it. */
  async #alone<C extends Counts>(sweep: Sweep<C>, due: Due, was: 'due' | 'set-aside'): Promise<void> {
    try {
      await this.#write(sweep, async (tx) => {
        await this.#lockInTime(tx, due.subscriptionId);
        const done = await sweep.job.work(tx, [due], sweep.now);
        // It works again, or is no longer due.
        if (was === 'set-aside') await this.setAsides.clear(tx, sweep.job.name, due.subscriptionId);
        return { done, busy: 0 };
      });
    } catch (error) {
      if (databaseIsAway(error)) throw error;
      if (error instanceof StillBusy) sweep.busy += 1;
      else await this.#failed(sweep, due, error);
    }
  }

  async #lockInTime(tx: Transaction, subscriptionId: string): Promise<void> {
    await tx.query(limitLockWaits(patienceMs));
    try {
      await this.locks.lock(tx, [subscriptionId]);
    } catch (error) {
      throw isLockTimeout(error) ? new StillBusy() : error;
    }
    await tx.query('set local lock_timeout to default');
  }

  async #write<C extends Counts>(sweep: Sweep<C>, work: (tx: Transaction) => Promise<Worked<C>>): Promise<void> {
    const worked = await this.database.write((tx) => {
      if (sweep.isDry) tx.rollBackAtEnd();
      return work(tx);
    });
    sweep.add(worked);
  }

  async #failed<C extends Counts>(sweep: Sweep<C>, { subscriptionId, termId }: Due, error: unknown): Promise<void> {
    const { job, now } = sweep;
    const text = (error instanceof Error ? error.message : String(error)).slice(0, longestError);
    sweep.fail({ subscriptionId, termId, what: 'set-aside', error: text });
    if (sweep.isDry) return;
    const failed = { job: job.name, subscriptionId, termId, error: text };
    const tries = await this.database.write((tx) => this.setAsides.add(tx, failed, now));
    // Once, and not at every try: until it works it is shown with the jobs.
    if (tries > 1) return;
    this.#logger.error(
      `${job.name} cannot deal with subscription ${subscriptionId} and sets it aside`,
      error instanceof Error ? error.stack : error,
    );
  }
}

interface Worked<C extends Counts> {
  done: ChunkResult<C>;
  busy: number;
}

/** One run, and what it has come to so far. */
class Sweep<C extends Counts> {
  setAside = 0;
  busy = 0;
  /** Of a dry run only. */
  readonly happened: TermEvent[] = [];
  readonly #counts: Counts;

  constructor(
    readonly job: DueJob<C>,
    readonly now: Date,
    readonly isDry: boolean,
  ) {
    this.#counts = { ...job.nothing };
  }

  add({ done, busy }: Worked<C>): void {
    for (const [name, count] of Object.entries(done.counts)) this.#counts[name] = (this.#counts[name] ?? 0) + count;
    this.busy += busy;
    this.#show(done.happened);
  }

  fail(failed: TermEvent): void {
    this.setAside += 1;
    this.#show([failed]);
  }

  allCounts(): C & DueWorkCounts {
    return { ...(this.#counts as C), setAside: this.setAside, busy: this.busy };
  }

  #show(happened: readonly TermEvent[]): void {
    if (this.isDry) this.happened.push(...happened.slice(0, mostHappeningsShown - this.happened.length));
  }
}

class StillBusy extends Error {}

const longestError = 2_000;
