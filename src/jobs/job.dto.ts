import { IsIn, IsOptional } from 'class-validator';
import { MailHoldAnswer } from '../platform/mail/mail-hold.dto.js';
import { PageQuery } from '../platform/http/paging.js';
import { MailServerAnswer } from '../platform/mail/mail-server.dto.js';
import { jobNames, type JobName } from './job.js';

export class JobRunsQuery extends PageQuery {
  /** Only the runs of this job. */
  @IsOptional()
  @IsIn([...jobNames])
  job?: JobName;
}

export class JobRunAnswer {
  id!: string;
  job!: string;
  askedBy!: 'schedule' | 'person';
  dueAt!: Date;
  startedAt!: Date;
  finishedAt!: Date | null;
  outcome!: 'running' | 'succeeded' | 'failed' | 'interrupted';
  /** What the run did, as numbers by name. */
  counts!: Record<string, number>;
  error!: string | null;
}

export class DryRunEventAnswer {
  subscriptionId!: string;
  termId!: string;
  /** For example `renewal-reminder-75`, `locked`, `renewed` or `ended`; `set-aside` if it would fail. */
  what!: string;
  /** Why it would fail. */
  error!: string | null;
}

export class DryRunAnswer {
  job!: string;
  asOf!: Date;
  /** The numbers that the run would report. */
  counts!: Record<string, number>;
  /** The first 200 events of the run. */
  wouldHappen!: DryRunEventAnswer[];
}

/** A subscription for which the job failed. It does not stop others, and the job tries it again until it succeeds. */
export class QuarantineAnswer {
  subscriptionId!: string;
  /** The term that was due. */
  termId!: string;
  error!: string;
  /** The time of the first failure. */
  since!: Date;
  lastTriedAt!: Date;
  tries!: number;
  tryAgainAt!: Date;
}

export class JobAnswer {
  name!: string;
  why!: string;
  /** When the job is due next. A time in the past is overdue. `null` if nothing is due as things stand. */
  nextDueAt!: Date | null;
  latestRun!: JobRunAnswer | null;
  /**
   * The subscriptions for which the job failed, oldest failure first, at most 100. Running the job now tries all of
   * these again.
   */
  setAside!: QuarantineAnswer[];
}

export class JobRunList {
  /** The schedule. */
  jobs!: JobAnswer[];
  /** Runs, newest first. */
  data!: JobRunAnswer[];
  nextCursor!: string | null;
  /** Whether mails are held until an administrator releases them, and why. */
  mailHold!: MailHoldAnswer;
  mailServer!: MailServerAnswer;
}
