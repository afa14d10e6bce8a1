import { IsIn, IsOptional } from 'class-validator';
import { QueryBoolean } from '../platform/http/fields.js';
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
  /** What it did: numbers by name. */
  counts!: Record<string, number>;
  error!: string | null;
}

export class JobRunQuery {
  /** Answers what the run would do; all of it is taken back, and nothing is kept. */
  @IsOptional()
  @QueryBoolean()
  dryRun?: boolean;
}

export class HappeningAnswer {
  subscriptionId!: string;
  termId!: string;
  /** For instance `renewal-reminder-75`, `locked`, `renewed`, `ended`; `set-aside` where it cannot be done. */
  what!: string;
  /** Why it cannot be done. */
  error!: string | null;
}

export class DryRunAnswer {
  job!: string;
  asOf!: Date;
  /** What a run would count. */
  counts!: Record<string, number>;
  /** The first things that would happen, up to 200. */
  wouldHappen!: HappeningAnswer[];
}

/** A subscription that a job could not deal with. It holds up no other, and is tried again until it works. */
export class SetAsideAnswer {
  subscriptionId!: string;
  /** The term that was due. */
  termId!: string;
  error!: string;
  /** When it failed first. */
  since!: Date;
  lastTriedAt!: Date;
  tries!: number;
  tryAgainAt!: Date;
}

export class JobAnswer {
  name!: string;
  why!: string;
  /** A moment that has passed is one that is overdue; null where nothing will fall due as things stand. */
  nextDueAt!: Date | null;
  latestRun!: JobRunAnswer | null;
  /** What it could not deal with, the longest waiting first, up to 100. A run that a person asks for tries all of it again. */
  setAside!: SetAsideAnswer[];
}

export class JobRunList {
  /** The schedule. */
  jobs!: JobAnswer[];
  /** Runs, newest first. */
  data!: JobRunAnswer[];
  nextCursor!: string | null;
  /** Whether mails wait until an administrator releases them, and why. */
  mailHold!: MailHoldAnswer;
  mailServer!: MailServerAnswer;
}
