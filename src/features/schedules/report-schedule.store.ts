import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../domain/access.js';
import type { Month } from '../../domain/calendar.js';
import type { PackageCode } from '../../domain/package.js';
import type { ReportPeriod } from '../../domain/report-schedule.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Language } from '../../domain/language.js';
import { idBeforeAll } from '../../platform/ids.js';
import type { ContactRole } from '../customers/contact.js';
import { isOneOf } from '../people/visibility.js';
import type { FormatName } from '../reports/formats.js';
import type { Charset } from '../reports/report-format.js';
import type { Basis } from '../reports/report.js';
import type { ReportName } from '../reports/reports.js';
import type { HeadingChoice, ReportRecipient } from './report-schedule.dto.js';
import { scheduledReportKind } from './scheduled-report-facts.js';

/** How the file of a schedule is written. */
export interface ScheduledOptions {
  headings: HeadingChoice;
  bom: boolean;
  charset: Charset;
}

/** The stored settings of a schedule. */
export interface WantedReport {
  report: ReportName;
  format: FormatName;
  options: ScheduledOptions;
  basis: Basis;
  customerId: string | null;
  csmId: string | null;
  package: PackageCode | null;
  period: ReportPeriod;
  dayOfMonth: number;
  timeOfDay: string;
  timeZone: string;
  recipients: ReportRecipient[];
  recipientRoles: ContactRole[];
  locale: Language;
  /** The last month that has been handled. */
  doneThrough: Month;
  nextAt: Date;
}

/** A schedule that is not deleted, with the names of its owner, customer and CSM. */
export interface ReportSchedule extends WantedReport {
  id: string;
  ownerId: string;
  ownerName: string;
  ownerEmail: string;
  customerName: string | null;
  customerCode: string | null;
  csmName: string | null;
  version: number;
  createdAt: Date;
}

/** SQL of `report_schedules`. */
@Injectable()
export class ReportScheduleStore {
  async insert(
    tx: Transaction,
    { id, ownerId, createdAt }: { id: string; ownerId: string; createdAt: Date },
    wanted: WantedReport,
  ): Promise<void> {
    await tx.query(
      `insert into report_schedules (id, owner_id, created_at, ${wantedColumns.join(', ')})
       values ($1, $2, $3, ${wantedColumns.map((_, at) => `$${at + 4}`).join(', ')})`,
      [id, ownerId, createdAt, ...wantedValues(wanted)],
    );
  }

  /** Replaces the settings. */
  async update(tx: Transaction, id: string, wanted: WantedReport): Promise<void> {
    await tx.query(
      `update report_schedules set version = version + 1, ${wantedColumns.map((name, at) => `${name} = $${at + 2}`).join(', ')}
       where id = $1`,
      [id, ...wantedValues(wanted)],
    );
  }

  /** Marks the schedule as deleted. The row remains, because its mails refer to it. */
  async delete(tx: Transaction, id: string, deletedAt: Date): Promise<void> {
    await tx.query('update report_schedules set deleted_at = $2, next_at = null, version = version + 1 where id = $1', [
      id,
      deletedAt,
    ]);
  }

  async moveOn(tx: Transaction, id: string, doneThrough: Month, nextAt: Date): Promise<void> {
    await tx.query('update report_schedules set done_through = $2, next_at = $3 where id = $1', [
      id,
      doneThrough,
      nextAt,
    ]);
  }

  /** Undefined if there is none that is visible. */
  async find(tx: Transaction, visibility: Visibility, id: string): Promise<ReportSchedule | undefined> {
    const values: string[] = [id];
    const [schedule] = await tx.query<ReportSchedule>(
      `select ${scheduleColumns} where s.id = $1 and s.deleted_at is null and ${visibleTo(visibility, values)}`,
      values,
    );
    return schedule;
  }

  /** As `find`, with its row locked. The values are read after the lock. */
  async lock(tx: Transaction, visibility: Visibility, id: string): Promise<ReportSchedule | undefined> {
    await tx.query('select from report_schedules where id = $1 for no key update', [id]);
    return this.find(tx, visibility, id);
  }

  /** Schedules in the order in which they were created, after a given one. */
  list(tx: Transaction, visibility: Visibility, afterId: string | undefined, limit: number): Promise<ReportSchedule[]> {
    const values: (string | number)[] = [afterId ?? idBeforeAll, limit];
    return tx.query(
      `select ${scheduleColumns} where s.id > $1 and s.deleted_at is null and ${visibleTo(visibility, values)} order by s.id limit $2`,
      values,
    );
  }

  async nextDueAfter(tx: Transaction, instant: Date): Promise<Date | undefined> {
    const [row] = await tx.query<{ at: Date | null }>(
      'select min(next_at) as at from report_schedules where next_at > $1',
      [instant],
    );
    return row?.at ?? undefined;
  }

  /** The ids of the schedules that are due by `now`, in order. */
  async dueBy(tx: Transaction, now: Date): Promise<string[]> {
    const due = await tx.query<{ id: string }>(
      'select id from report_schedules where next_at <= $1 order by next_at, id',
      [now],
    );
    return due.map(({ id }) => id);
  }

  /** Whether a month was sent to anyone. */
  async hasGoneOut(tx: Transaction, id: string, month: Month): Promise<boolean> {
    const [row] = await tx.query<{ found: boolean }>(
      'select exists (select from mails where report_schedule_id = $1 and kind = $3 and occasion = $2) as found',
      [id, month, scheduledReportKind],
    );
    return row!.found;
  }
}

const wantedColumns = [
  'report',
  'format',
  'file_options',
  'basis',
  'customer_id',
  'csm_id',
  'package',
  'period',
  'day_of_month',
  'time_of_day',
  'time_zone',
  'recipients',
  'recipient_roles',
  'locale',
  'done_through',
  'next_at',
];

const wantedValues = (wanted: WantedReport): unknown[] => [
  wanted.report,
  wanted.format,
  wanted.options,
  wanted.basis,
  wanted.customerId,
  wanted.csmId,
  wanted.package,
  wanted.period,
  wanted.dayOfMonth,
  wanted.timeOfDay,
  wanted.timeZone,
  JSON.stringify(wanted.recipients),
  wanted.recipientRoles,
  wanted.locale,
  wanted.doneThrough,
  wanted.nextAt,
];

const scheduleColumns = `s.id, s.owner_id as "ownerId", owner.name as "ownerName", owner.email as "ownerEmail", s.report,
  s.format, s.file_options as options, s.basis, s.customer_id as "customerId", c.name as "customerName",
  c.code as "customerCode",
  s.csm_id as "csmId", csm.name as "csmName", s.package, s.period, s.day_of_month as "dayOfMonth",
  s.time_of_day as "timeOfDay", s.time_zone as "timeZone", s.recipients, s.recipient_roles as "recipientRoles", s.locale, s.done_through as "doneThrough",
  s.next_at as "nextAt", s.version, s.created_at as "createdAt"
  from report_schedules s
  join users owner on owner.id = s.owner_id
  left join customers c on c.id = s.customer_id
  left join users csm on csm.id = s.csm_id`;

/** A CSM sees the schedules that he or she owns, and as a deputy those of the other CSM. */
function visibleTo(visibility: Visibility, values: { push(value: string): number }): string {
  switch (visibility.kind) {
    case 'all':
      return 'true';
    case 'portfolio':
      return isOneOf('s.owner_id', visibility.csmIds, values);
    case 'own':
      return 'false';
  }
}
