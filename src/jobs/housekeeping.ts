import { Injectable } from '@nestjs/common';
import { Database, type Transaction } from '../platform/database.js';
import { forgetAllowances } from '../platform/http/user-allowances.js';
import { forgetExpired } from '../platform/idempotency.js';
import { JobStore } from './job.store.js';

/** Long enough to look into what happened around the last reminders, lock and roll-over of a term. */
const daysRunsAreKept = 100;

/** Rows of one transaction: it holds their locks and its snapshot for milliseconds, however much there is to forget. */
const rowsAtOnce = 1_000;

/** Forgets what has served its time. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly jobs: JobStore,
    private readonly database: Database,
  ) {}

  async tidy(now: Date): Promise<{ idempotencyKeys: number; jobRuns: number }> {
    const oldestRun = new Date(now.getTime() - daysRunsAreKept * 86_400_000);
    await this.#inPieces((tx) => forgetAllowances(tx, rowsAtOnce));
    return {
      idempotencyKeys: await this.#inPieces((tx) => forgetExpired(tx, now, rowsAtOnce)),
      jobRuns: await this.#inPieces((tx) => this.jobs.forgetRunsBefore(tx, oldestRun, rowsAtOnce)),
    };
  }

  /** Each piece is a transaction. `forget` deletes up to `rowsAtOnce` rows, and a piece that has fewer is the last one. */
  async #inPieces(forget: (tx: Transaction) => Promise<number>): Promise<number> {
    let total = 0;
    let gone: number;
    do {
      gone = await this.database.write(forget);
      total += gone;
    } while (gone === rowsAtOnce);
    return total;
  }
}
