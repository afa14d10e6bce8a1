import type { Type } from '@nestjs/common';
import type { DueCounts, DueJob, DueWorkCounts, DueWorkOptions } from '../../src/features/due-work/due-job.js';
import { DueWorkService } from '../../src/features/due-work/due-work.service.js';
import type { TestService } from './service.js';

type Declaring<C extends DueCounts> = Type<{ readonly job: DueJob<C> }>;

/** Runs the job that a class declares, for all work due by `now`. Neither the job schedule nor the job runs are involved. */
export function runDue<C extends DueCounts>(
  { app, clock }: Pick<TestService, 'app' | 'clock'>,
  declaring: Declaring<C>,
  now = clock.now(),
  options?: DueWorkOptions,
): Promise<C & DueWorkCounts> {
  return app.get(DueWorkService).run(app.get(declaring).job, now, options);
}

/** The next due time after `instant` of the job that a class declares. */
export function nextDueAfter(
  { app, database }: Pick<TestService, 'app' | 'database'>,
  declaring: Declaring<DueCounts>,
  instant: Date,
): Promise<Date | undefined> {
  return database.read((tx) => app.get(DueWorkService).nextDueAfter(tx, app.get(declaring).job, instant));
}
