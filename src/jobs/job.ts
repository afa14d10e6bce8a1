import type { DryRun } from '../features/due-work/due-job.js';
import type { Transaction } from '../platform/database/transaction.js';

export const jobNames = [
  'renewal-lock',
  'term-roll-over',
  'renewal-reminders',
  'pace-alerts',
  'usage-statements',
  'scheduled-reports',
  'mail-delivery',
  'ledger-verification',
  'housekeeping',
] as const;
export type JobName = (typeof jobNames)[number];

/** What a run did, by name: `{ locked: 3, mails: 6 }`. */
export type Counts = Readonly<Record<string, number>>;

/** A person wants to see what is wrong, and that it is mended: what was set aside is then tried at once. */
export type AskedBy = 'schedule' | 'person';

interface AnyJob {
  readonly name: JobName;
  /** What it is there for, in a sentence for whoever operates the service. */
  readonly why: string;
  /** Does all that is due by `now`. Safe late, twice, beside another instance, and through the loss of the process. */
  run(now: Date, askedBy: AskedBy): Promise<Counts>;
  /** Does the same and takes it back; absent where a job reaches beyond the database, or writes nothing anyway. */
  dryRun?(now: Date): Promise<DryRun>;
}

/** What is due stands in a table until it is done, however long ago it fell due. */
export interface OwedJob extends AnyJob {
  readonly due: 'owed';
  /** Its runs go on side by side and share what is due, a row each; one comes back when the others have done theirs too. */
  readonly shared?: true;
  /** The first moment strictly after `instant` at which something falls due; undefined where nothing will as things stand. */
  nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined>;
}

/** It is due when one of its moments has passed since the last run. */
interface TimedJob extends AnyJob {
  readonly due: 'timed';
  /** It also runs at each start of an instance that ticks jobs, before all that is due. */
  readonly atStart?: true;
  /** The first moment strictly after `instant`. */
  nextDueAfter(instant: Date): Date;
}

/** One row of the schedule. */
export type Job = OwedJob | TimedJob;
