import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../platform/http/paging.js';
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

export class JobAnswer {
  name!: string;
  why!: string;
  /** A moment that has passed is one that is overdue; null where nothing will fall due as things stand. */
  nextDueAt!: Date | null;
  latestRun!: JobRunAnswer | null;
}

export class JobRunList {
  /** The schedule. */
  jobs!: JobAnswer[];
  /** Runs, newest first. */
  data!: JobRunAnswer[];
  nextCursor!: string | null;
}
