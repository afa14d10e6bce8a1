import { Injectable } from '@nestjs/common';
import { AttentionService } from '../features/attention/attention.service.js';
import { MailMornings } from '../features/mails/mail-mornings.service.js';
import { ScheduledReportsService } from '../features/schedules/scheduled-reports.service.js';
import { SessionService } from '../features/sign-in/session.service.js';
import { ZoneRulesService } from '../features/subscriptions/zone-rules.service.js';
import { Database } from '../platform/database/database.js';
import type { Transaction } from '../platform/database/transaction.js';
import { forgetAllowances } from '../platform/http/user-allowances.js';
import { forgetExpired } from '../platform/idempotency.js';
import { JobStore } from './job.store.js';

/** Long enough to investigate the last reminders, lock and roll-over of a term. */
const daysRunsAreKept = 100;

/** Rows per transaction, so that each transaction takes only milliseconds, however many rows there are to delete. */
const rowsAtOnce = 1_000;

type Counted =
  'idempotencyKeys' | 'jobRuns' | 'termsMoved' | 'schedulesMoved' | 'mailsMoved' | 'attentions' | 'sessions';

/** Deletes old records, corrects due times after a change of time zone rules, and computes the stale reasons of attention. */
@Injectable()
export class Housekeeping {
  constructor(
    private readonly jobs: JobStore,
    private readonly zoneRules: ZoneRulesService,
    private readonly schedules: ScheduledReportsService,
    private readonly mornings: MailMornings,
    private readonly attentions: AttentionService,
    private readonly sessions: SessionService,
    private readonly database: Database,
  ) {}

  /** Returns the numbers of deleted rows, of corrected due times, and of subscriptions whose reasons were computed. */
  async tidy(now: Date): Promise<Record<Counted, number>> {
    const oldestRun = new Date(now.getTime() - daysRunsAreKept * 86_400_000);
    await this.#inPieces((tx) => forgetAllowances(tx, rowsAtOnce));
    await this.#inPieces((tx) => this.sessions.forgetOldLinks(tx, now, rowsAtOnce));
    return {
      idempotencyKeys: await this.#inPieces((tx) => forgetExpired(tx, now, rowsAtOnce)),
      jobRuns: await this.#inPieces((tx) => this.jobs.forgetRunsBefore(tx, oldestRun, rowsAtOnce)),
      sessions: await this.#inPieces((tx) => this.sessions.forgetOld(tx, now, rowsAtOnce)),
      termsMoved: await this.zoneRules.recheck(now),
      schedulesMoved: await this.schedules.recheck(now),
      mailsMoved: await this.mornings.recheck(now),
      attentions: await this.attentions.refresh(),
    };
  }

  /** Each call of `forget` is one transaction and deletes up to `rowsAtOnce` rows. The call that deletes fewer is the last one. */
  async #inPieces(forget: (tx: Transaction) => Promise<number>): Promise<number> {
    let total = 0;
    let gone: number;
    do {
      gone = await this.database.write(forget);
      total += gone;
    } while (gone === rowsAtOnce);
    return total;
  }
}
