import { Injectable } from '@nestjs/common';
import { RenewalLockService } from '../features/renewals/renewal-lock.service.js';
import { ReminderService } from '../features/renewals/reminder.service.js';
import { ScheduledReportsService } from '../features/schedules/scheduled-reports.service.js';
import { RollOverService } from '../features/subscriptions/roll-over.service.js';
import type { DueJob } from '../features/due-work/due-job.js';
import { DueWorkService } from '../features/due-work/due-work.service.js';
import { VerificationService } from '../features/subscriptions/verification.service.js';
import { PaceAlertService } from '../features/usage/pace-alert.service.js';
import { UsageStatementService } from '../features/usage/usage-statement.service.js';
import { MailQueue } from '../platform/mail/mail-queue.js';
import { Housekeeping } from './housekeeping.js';
import type { Job, JobName, OwedJob } from './job.js';

/**
 * Every job, in the order in which those that fall due at one moment run: what a day decides comes before what is told
 * about it, and mails go out after all that may queue one.
 */
@Injectable()
export class Schedule {
  readonly jobs: readonly Job[];

  constructor(
    private readonly dueWork: DueWorkService,
    locks: RenewalLockService,
    terms: RollOverService,
    reminders: ReminderService,
    alerts: PaceAlertService,
    statements: UsageStatementService,
    scheduled: ScheduledReportsService,
    mails: MailQueue,
    ledgers: VerificationService,
    records: Housekeeping,
  ) {
    this.jobs = [
      {
        name: 'renewal-lock',
        why: 'The last day for a notice has passed without one: from now on the term will renew (§11).',
        ...this.#perTerm(locks.job),
      },
      {
        name: 'term-roll-over',
        why: 'A term is over: what is unused expires, and the next term opens or the subscription ends (§11).',
        ...this.#perTerm(terms.job),
      },
      {
        name: 'renewal-reminders',
        why: 'A renewal comes near: its contacts and the CSM are told until when one can say no (§11).',
        ...this.#perTerm(reminders.job),
      },
      {
        name: 'pace-alerts',
        why: 'Hours are used up, or ahead of or behind their plan, or likely to expire: whoever is concerned is told, once (§6).',
        ...this.#perTerm(alerts.job),
      },
      {
        name: 'usage-statements',
        why: 'A service month is over: the contacts for usage are told what was used in it.',
        ...this.#perTerm(statements.job),
      },
      {
        name: 'scheduled-reports',
        why: 'The day of a report has come that somebody wants each month: it goes to its recipients (§12).',
        due: 'owed',
        nextDueAfter: (tx, instant) => scheduled.nextDueAfter(tx, instant),
        run: (now) => scheduled.runDue(now),
      },
      {
        name: 'mail-delivery',
        why: 'Mails wait in the database: they are handed over, and again after a failure (§11).',
        due: 'owed',
        shared: true,
        nextDueAfter: (tx, instant) => mails.nextDueAfter(tx, instant),
        run: (now, askedBy) => mails.runDue(now, { probe: askedBy === 'person' ? 'at-once' : 'when-due' }),
      },
      {
        name: 'ledger-verification',
        why: 'Every balance is rebuilt from its ledger each night, and a difference reported (§4).',
        ...nightly,
        run: async () => {
          const { subscriptions, terms, differences } = await ledgers.verifyAll();
          return { subscriptions, terms, differences };
        },
      },
      {
        name: 'housekeeping',
        why: 'Each night and at each start: deletes old idempotency keys and run records, and compares what falls due with the present rules of time zones (§3).',
        ...nightly,
        atStart: true,
        run: (now) => records.tidy(now),
      },
    ];
  }

  /** Hands mails over. A mail server may take its time: this job is no part of a loop with others, and no other job waits for it. */
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
  #perTerm(job: DueJob): Omit<OwedJob, 'name' | 'why'> {
    return {
      due: 'owed',
      nextDueAfter: (tx, instant) => this.dueWork.nextDueAfter(tx, job, instant),
      run: (now, askedBy) => this.dueWork.run(job, now, { retry: askedBy === 'person' ? 'at-once' : 'when-due' }),
      dryRun: (now) => this.dueWork.dryRun(job, now),
    };
  }
}

/** In UTC: the clocks of no zone skip or repeat it, and contracts do not ask when it is. */
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
