import { Injectable } from '@nestjs/common';
import type { TermEvent } from '../features/due-work/due-job.js';
import { DueWorkService } from '../features/due-work/due-work.service.js';
import { Clock } from '../platform/clock.js';
import type { Transaction } from '../platform/database/transaction.js';
import { page, readCursor, rowsToFetch } from '../platform/http/paging.js';
import { MailHold } from '../platform/mail/mail-hold.js';
import { MailServer } from '../platform/mail/mail-server.js';
import type { DryRunAnswer, DryRunEventAnswer, JobRunList, JobRunAnswer, JobRunsQuery, JobAnswer } from './job.dto.js';
import { jobNamed, JobStore } from './job.store.js';
import type { JobName } from './job.js';
import { JobRunner } from './runner.js';
import { Schedule } from './schedule.js';

/** The jobs and their runs, for administrators. */
@Injectable()
export class JobService {
  constructor(
    private readonly schedule: Schedule,
    private readonly runner: JobRunner,
    private readonly store: JobStore,
    private readonly dueWork: DueWorkService,
    private readonly hold: MailHold,
    private readonly mailServer: MailServer,
    private readonly clock: Clock,
  ) {}

  /** The schedule, and a page of runs. */
  async list(tx: Transaction, query: JobRunsQuery): Promise<JobRunList> {
    const [beforeId] = readCursor(query.cursor, ['id']) ?? [];
    const runs = await this.store.runs(tx, { job: query.job, beforeId, limit: rowsToFetch(query.limit) });
    const mailHold = await this.hold.state(tx);
    const mailServer = await this.mailServer.state(tx);
    return { jobs: await this.#jobs(tx), ...page(runs, query.limit, ({ id }) => [id]), mailHold, mailServer };
  }

  /**
   * Runs a job, whether or not anything is due, and returns when the run has ended.
   * @throws Refusal `job-unknown`, `job-running`
   */
  run(name: string): Promise<JobRunAnswer> {
    return this.runner.runNow(jobNamed(name), this.clock.now());
  }

  /**
   * What a run would do now.
   * @throws Refusal `job-unknown`, `dry-run-not-supported`, `job-running`
   */
  async dryRun(name: string): Promise<DryRunAnswer> {
    const job = jobNamed(name);
    const now = this.clock.now();
    const { counts, wouldHappen } = await this.runner.dryRun(job, now);
    return { job, asOf: now, counts, wouldHappen: wouldHappen.map(shownEvent) };
  }

  /** Whether `dryRun` can show what a run of the job would do. */
  hasDryRun(name: JobName): boolean {
    return this.schedule.job(name).dryRun !== undefined;
  }

  /**
   * Lets the next run of a job retry a subscription in quarantine, before its pause is over.
   * @throws Refusal `job-unknown`, `not-found`
   */
  release(tx: Transaction, name: string, subscriptionId: string): Promise<void> {
    return this.dueWork.release(tx, jobNamed(name), subscriptionId, this.clock.now());
  }

  async #jobs(tx: Transaction): Promise<JobAnswer[]> {
    const due = await this.runner.nextDue(tx);
    const latest = await this.store.latestRuns(tx);
    const quarantined = await this.dueWork.listQuarantined(tx);
    return this.schedule.jobs.map(({ name, why }) => ({
      name,
      why,
      nextDueAt: due.get(name) ?? null,
      latestRun: latest.get(name) ?? null,
      setAside: (quarantined.get(name) ?? []).map(({ job: _job, ...term }) => term),
    }));
  }
}

const shownEvent = (event: TermEvent): DryRunEventAnswer => ({ ...event, error: event.error ?? null });
