import { Injectable } from '@nestjs/common';
import { AttentionService } from '../features/attention/attention.service.js';
import { RenewalLockService } from '../features/renewals/renewal-lock.service.js';
import { ReminderService } from '../features/renewals/reminder.service.js';
import { ScheduledReportsService } from '../features/schedules/scheduled-reports.service.js';
import { RollOverService } from '../features/subscriptions/roll-over.service.js';
import type { DueJob } from '../features/due-work/due-job.js';
import { DueWorkService } from '../features/due-work/due-work.service.js';
import { VerificationService } from '../features/balances/verification.service.js';
import { NudgeService } from '../features/nudges/nudge.service.js';
import { PaceAlertService } from '../features/usage/pace-alert.service.js';
import { UsageStatementService } from '../features/usage/usage-statement.service.js';
import { MailQueue } from '../platform/mail/mail-queue.js';
import { Housekeeping } from './housekeeping.js';
import type { BacklogJob, Job, JobName } from './job.js';

/**
 * All jobs. Jobs that fall due at the same moment run in this order: decisions come before the mails about them, and mail
 * delivery comes after all jobs that may queue a mail.
 */
@Injectable()
export class Schedule {
  readonly jobs: readonly Job[];

  constructor(
    private readonly dueWork: DueWorkService,
    private readonly attentions: AttentionService,
    locks: RenewalLockService,
    rollOvers: RollOverService,
    reminders: ReminderService,
    alerts: PaceAlertService,
    nudges: NudgeService,
    statements: UsageStatementService,
    scheduled: ScheduledReportsService,
    mails: MailQueue,
    ledgers: VerificationService,
    records: Housekeeping,
  ) {
    this.jobs = [
      this.#perTerm(
        locks.job,
        'Locks renewals whose notice deadline has passed without a notice: from then on the term will renew (§11).',
      ),
      this.#perTerm(
        rollOvers.job,
        'Closes terms that are over: unused minutes expire, and the next term opens or the subscription ends (§11).',
      ),
      this.#perTerm(reminders.job, 'Sends renewal reminders to the renewal contacts and the CSM (§11).'),
      this.#withNudges(
        this.#perTerm(
          alerts.job,
          'Sends alerts about hours that are used up, ahead of or behind their plan, or likely to expire: each alert once a term. Sends the Monday digest and requests to log time to CSMs (§6).',
        ),
        nudges,
      ),
      this.#perTerm(statements.job, 'Sends usage statements to the usage contacts after each service month.'),
      {
        name: 'scheduled-reports',
        why: 'Sends scheduled reports to their recipients on their day of the month (§12).',
        due: 'backlog',
        nextDueAfter: (tx, instant) => scheduled.nextDueAfter(tx, instant),
        run: (now) => scheduled.runDue(now),
      },
      {
        name: 'mail-delivery',
        why: 'Sends the queued mails, and retries after a failure (§11).',
        due: 'backlog',
        shared: true,
        nextDueAfter: (tx, instant) => mails.nextDueAfter(tx, instant),
        run: (now, askedBy) => mails.runDue(now, { probe: askedBy === 'person' ? 'at-once' : 'when-due' }),
      },
      {
        name: 'ledger-verification',
        why: 'Rebuilds every balance from its ledger each night, and reports differences (§4).',
        ...nightly,
        run: async () => {
          const { subscriptions, terms, differences } = await ledgers.verifyAll();
          return { subscriptions, terms, differences };
        },
      },
      {
        name: 'housekeeping',
        why: 'Each night and at each start: deletes old idempotency keys, run records and sessions, computes due times again if the rules of a time zone have changed (§3), and computes reasons of attention ahead of the lists (§6).',
        ...nightly,
        atStart: true,
        run: (now) => records.tidy(now),
      },
    ];
  }

  /** Sends mails. A mail server can be slow, so this job has its own loop and no other job waits for it. */
  get mailDelivery(): Job {
    return this.job('mail-delivery');
  }

  get allButMailDelivery(): readonly Job[] {
    return this.jobs.filter((job) => job !== this.mailDelivery);
  }

  job(name: JobName): Job {
    return this.jobs.find((job) => job.name === name)!;
  }

  /** A job that `DueWorkService` runs for every term that is due. */
  #perTerm(job: DueJob, why: string): BacklogJob {
    return {
      name: job.name,
      why,
      due: 'backlog',
      nextDueAfter: (tx, instant) => this.dueWork.nextDueAfter(tx, job, instant),
      run: (now, askedBy) => this.dueWork.run(job, now, { retry: askedBy === 'person' ? 'at-once' : 'when-due' }),
      dryRun: (now) => this.dueWork.dryRun(job, now),
    };
  }

  /** The nudges of CSMs are looked at after the alerts, and use the reasons of attention. A dry run shows the alerts alone, because nudges concern no single term. */
  #withNudges(alerts: BacklogJob, nudges: NudgeService): BacklogJob {
    return {
      ...alerts,
      nextDueAfter: async (tx, instant) =>
        earlierOf(await alerts.nextDueAfter(tx, instant), await nudges.nextDueAfter(tx, instant)),
      run: async (now, askedBy) => {
        const alerted = await alerts.run(now, askedBy);
        // It runs on most mornings, before CSMs begin to work. So their first lists find little to compute.
        await this.attentions.refresh();
        return { ...alerted, ...(await nudges.runDue(now)) };
      },
    };
  }
}

function earlierOf(one: Date | undefined, other: Date | undefined): Date | undefined {
  return one && other ? new Date(Math.min(one.getTime(), other.getTime())) : (one ?? other);
}

/** In UTC, which has no clock changes that would skip or repeat the hour. No contract depends on it. */
const nightlyAtUtcHour = 2;

const nightly = {
  due: 'timed' as const,
  nextDueAfter(instant: Date): Date {
    const next = new Date(instant);
    next.setUTCHours(nightlyAtUtcHour, 0, 0, 0);
    if (next <= instant) next.setUTCDate(next.getUTCDate() + 1);
    return next;
  },
};
