import { dueJobNames, type DryRun } from '../features/due-work/due-job.js';
import type { Transaction } from '../platform/database/transaction.js';

export const jobNames = [
  ...dueJobNames,
  'scheduled-reports',
  'mail-delivery',
  'ledger-verification',
  'housekeeping',
] as const;
export type JobName = (typeof jobNames)[number];

/** The numbers that a run reports, by name: `{ locked: 3, mails: 6 }`. */
export type Counts = Readonly<Record<string, number>>;

/** Who started the run. A run started by a person retries quarantined subscriptions at once. */
export type AskedBy = 'schedule' | 'person';

interface AnyJob {
  readonly name: JobName;
  /** The purpose of the job, in a sentence for operators. */
  readonly why: string;
  /** Does everything that is due by `now`. Safe if it runs late, twice, beside another instance, or is cut off by a crash. */
  run(now: Date, askedBy: AskedBy): Promise<Counts>;
  /** Does the same and rolls back. Absent if the job acts outside the database or writes nothing. */
  dryRun?(now: Date): Promise<DryRun>;
}

/** A job that is due as long as it has a backlog: its work waits in a table until it is done, however late. */
export interface BacklogJob extends AnyJob {
  readonly due: 'backlog';
  /** Its runs may be concurrent and share the due rows. Each run ends only when the others have finished their rows too. */
  readonly shared?: true;
  /** The first moment strictly after `instant` at which something falls due; undefined if nothing is planned. */
  nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined>;
}

/** A job that is due when one of its times has passed since its last run. */
interface TimedJob extends AnyJob {
  readonly due: 'timed';
  /** It also runs whenever an instance that runs jobs starts, before the due jobs. */
  readonly atStart?: true;
  /** The first time of the job strictly after `instant`. */
  nextDueAfter(instant: Date): Date;
}

/** One row of the schedule. */
export type Job = BacklogJob | TimedJob;
