import { Readable } from 'node:stream';
import { daysOf } from '../../src/domain/report-schedule.js';
import type { ServiceRules } from '../../src/domain/service-rules.js';
import type { UserAnswer } from '../../src/features/people/people.dto.js';
import type { UserService } from '../../src/features/people/user.service.js';
import type { PeriodService } from '../../src/features/periods/period.service.js';
import { ReportLinks } from '../../src/features/schedules/report-link.js';
import type { ReportService } from '../../src/features/reports/report.service.js';
import type { ReportName } from '../../src/features/reports/reports.js';
import {
  reportContactMissingKind,
  scheduledReportKind,
  type ReportContactMissingFacts,
  type ScheduledReportFacts,
  type UnreachedRoles,
} from '../../src/features/schedules/scheduled-report-facts.js';
import { ScheduledReportWriter } from '../../src/features/schedules/scheduled-report.writer.js';
import type { Clock } from '../../src/platform/clock.js';
import type { Config } from '../../src/platform/settings/config.js';
import type { Language } from '../../src/domain/language.js';
import type { MailQueue } from '../../src/platform/mail/mail-queue.js';
import type { Sample } from './samples.js';

/** The size of each report in the samples. */
const sizes: Partial<Record<ReportName, { rows: number; minutes: number | null; bytes: number }>> = {
  'usage-summary': { rows: 48, minutes: 13_290, bytes: 100 },
  'travel-expenses': { rows: 7, minutes: null, bytes: 100 },
  'expired-hours': { rows: 0, minutes: 0, bytes: 100 },
  'usage-lines': { rows: 90_000, minutes: 5_400_000, bytes: 6 * 1024 * 1024 },
};

const reports: Pick<ReportService, 'write'> = {
  write(_viewer, { name }, { format }, _reader, tally) {
    const size = sizes[name as ReportName]!;
    Object.assign(tally!, { rowCount: size.rows, totalMinutes: size.minutes });
    const body = Readable.from([Buffer.alloc(size.bytes)]);
    return Promise.resolve({ name: `${name}_from_2026-10-01.${format}`, mediaType: 'text/csv', body });
  },
};

const owner: UserAnswer = {
  id: '01a0b5c2-7d3e-7f10-9a4b-000000000009',
  name: 'Hanako Sato',
  email: 'sato@vendor.example',
  role: 'finance',
  customerId: null,
  locale: null,
  timeZone: null,
  nudges: true,
  shortcuts: true,
  active: true,
  version: 1,
  createdAt: new Date('2026-04-01T00:00:00Z'),
};

const rules: Pick<ServiceRules, 'reportAttachmentMegabytes' | 'reportLinkDays'> = {
  reportAttachmentMegabytes: 5,
  reportLinkDays: 14,
};

/** The writer of the service, with the reports of the samples. */
export function reportWriter(queue: MailQueue, config: Config): ScheduledReportWriter {
  // A user who is not found may read nothing.
  const users: Pick<UserService, 'findWithRights'> = {
    findWithRights: (_tx, id) => Promise.resolve(id === owner.id ? { ...owner, deputyFor: [] } : undefined),
  };
  const periods: Pick<PeriodService, 'closedThrough'> = { closedThrough: () => Promise.resolve('2026-10') };
  const clock: Clock = { now: () => new Date('2026-11-05T00:00:00Z') };
  return new ScheduledReportWriter(
    queue,
    reports as ReportService,
    users as UserService,
    periods as PeriodService,
    new ReportLinks(config),
    rules as ServiceRules,
    config,
    clock,
  );
}

/** Every mail about a scheduled report, in every variant. */
export function reportSamples(language: Language): Sample[] {
  const japanese = language === 'ja';
  const facts: ScheduledReportFacts = {
    ownerId: owner.id,
    ownerName: japanese ? '佐藤 花子' : 'Hanako Sato',
    ownerEmail: 'sato@vendor.example',
    report: 'usage-summary',
    format: 'xlsx',
    options: { headings: language, bom: false, charset: 'utf-8' },
    filter: { basis: 'closed', ...daysOf('previous-month', '2026-11', 4) },
    period: 'previous-month',
    month: '2026-11',
    moment: { dayOfMonth: 5, timeOfDay: '09:00', timeZone: japanese ? 'Asia/Tokyo' : 'America/New_York' },
    customerName: null,
    csmName: null,
    askedForBy: null,
  };
  const sample = (name: string, change: Partial<ScheduledReportFacts> = {}): Sample => ({
    name: `report-${name}`,
    kind: scheduledReportKind,
    role: 'reader',
    queuedAt: '2026-11-05T00:00:00Z',
    facts: { ...facts, ...change },
  });
  const contactMissing = (name: string, unreached: UnreachedRoles): Sample => {
    const missing: ReportContactMissingFacts = { ...facts, customerName, customerCode: 'C-0815', unreached };
    return { ...sample(name), kind: reportContactMissingKind, facts: missing };
  };
  const customerName = japanese ? '株式会社あおい' : 'Carter & Sons Ltd.';
  return [
    sample('attached'),
    sample('attached-filtered', {
      report: 'travel-expenses',
      format: 'csv',
      options: { headings: language, bom: false, charset: japanese ? 'cp932' : 'utf-8' },
      filter: { basis: 'corrected', package: 'premier', ...daysOf('previous-three-months', '2026-11', 4) },
      period: 'previous-three-months',
      moment: { ...facts.moment, dayOfMonth: 31 },
      customerName,
      customerCode: 'C-0815',
      csmName: facts.ownerName,
      askedForBy: japanese ? '田中 実' : 'Minoru Tanaka',
    }),
    sample('empty', {
      report: 'expired-hours',
      format: 'csv',
      options: { headings: language, bom: true, charset: 'utf-8' },
      filter: { basis: 'corrected' },
      period: 'everything',
      moment: { ...facts.moment, dayOfMonth: 30 },
    }),
    sample('linked', {
      report: 'usage-lines',
      format: 'ndjson',
      filter: { basis: 'closed', ...daysOf('coming-three-months', '2026-11', 4) },
      period: 'coming-three-months',
    }),
    sample('for-contact', {
      filter: { basis: 'corrected', ...daysOf('fiscal-year-to-date', '2026-11', 4) },
      period: 'fiscal-year-to-date',
      customerName,
      customerCode: 'C-0815',
      forContacts: true,
    }),
    contactMissing('contact-missing', { roles: ['usage', 'billing'], because: 'no-contact' }),
    contactMissing('contact-missing-owner-lost-sight', { roles: ['billing'], because: 'owner-lost-sight' }),
    sample('refused', { ownerId: '01a0b5c2-7d3e-7f10-9a4b-000000000010' }),
  ];
}
