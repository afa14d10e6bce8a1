import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database.js';
import { forgetAllowances } from '../platform/http/user-allowances.js';
import { forgetExpired } from '../platform/idempotency.js';
import { JobStore } from './job.store.js';

/** Long enough to look into what happened around the last reminders, lock and roll-over of a term. */
const daysRunsAreKept = 100;

/** Forgets what has served its time. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly jobs: JobStore,
    private readonly database: Database,
  ) {}

  async tidy(now: Date): Promise<{ idempotencyKeys: number; jobRuns: number }> {
    const oldestRun = new Date(now.getTime() - daysRunsAreKept * 86_400_000);
    return this.database.write(async (tx) => {
      await forgetAllowances(tx);
      return {
        idempotencyKeys: await forgetExpired(tx, now),
        jobRuns: await this.jobs.forgetRunsBefore(tx, oldestRun),
      };
    });
  }
}
