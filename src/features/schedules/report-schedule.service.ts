import { Injectable } from '@nestjs/common';
import { scopeOf, visibilityOf, type Actor } from '../../domain/access.js';
import type { Month } from '../../domain/calendar.js';
import { lastMonthDue, nextMoment, type MonthlyMoment } from '../../domain/report-schedule.js';
import { Refusal, refuseByRules, type Violation } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { changesNothing, refuseStale } from '../../platform/http/etag.js';
import { page, readCursor, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { MailQueue } from '../../platform/mail/mail-queue.js';
import { CustomerService } from '../customers/customer.service.js';
import { UserService } from '../people/user.service.js';
import { reports } from '../reports/reports.js';
import { reportsForCustomers } from './report-reading.js';
import type {
  NewReportSchedule,
  ReportRunAnswer,
  ReportScheduleAnswer,
  ReportScheduleChange,
  ReportScheduleList,
} from './report-schedule.dto.js';
import { ReportScheduleStore, type ReportSchedule, type WantedReport } from './report-schedule.store.js';
import { ScheduledReportsService } from './scheduled-reports.service.js';

const permission = 'reports.schedule';

/** The default time, in office hours. */
const morning = '09:00';

/** Manages the reports that are sent by mail each month. */
@Injectable()
export class ReportScheduleService {
  constructor(
    private readonly store: ReportScheduleStore,
    private readonly scheduled: ScheduledReportsService,
    private readonly mails: MailQueue,
    private readonly customers: CustomerService,
    private readonly users: UserService,
    private readonly rules: ServiceRules,
    private readonly clock: Clock,
  ) {}

  /**
   * Creates a schedule. Its first report is sent on the next matching day.
   * @throws Refusal `forbidden` for a report that the actor may not read; a rule's refusal for an unknown customer or
   *   CSM
   */
  async enter(tx: Transaction, actor: Actor, body: NewReportSchedule): Promise<ReportScheduleAnswer> {
    const now = this.clock.now();
    const moment = {
      dayOfMonth: body.dayOfMonth,
      timeOfDay: body.timeOfDay ?? morning,
      timeZone: body.timeZone ?? this.rules.houseTimeZone,
    };
    const doneThrough = lastMonthDue(moment, now);
    const wanted: WantedReport = {
      ...moment,
      report: body.report,
      format: body.format,
      options: {
        headings: body.headings ?? body.locale,
        bom: body.bom ?? false,
        charset: body.charset ?? 'utf-8',
      },
      basis: body.basis ?? 'corrected',
      customerId: body.customerId ?? null,
      csmId: body.csmId ?? null,
      package: body.package ?? null,
      period: body.period ?? 'previous-month',
      recipients: body.recipients ?? [],
      recipientRoles: body.recipientRoles ?? [],
      locale: body.locale,
      doneThrough,
      nextAt: nextMoment(moment, doneThrough),
    };
    await this.#refuseWrong(tx, actor, wanted, body);
    const id = newId();
    await this.store.insert(tx, { id, ownerId: actor.userId, createdAt: now }, wanted);
    return this.read(tx, actor, id);
  }

  async list(tx: Transaction, actor: Actor, { limit, cursor }: PageQuery): Promise<ReportScheduleList> {
    const [afterId] = readCursor(cursor, ['id']) ?? [];
    const rows = await this.store.list(tx, visibilityOf(actor, permission), afterId, rowsToFetch(limit));
    return page(rows, limit, ({ id }) => [id], shown);
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<ReportScheduleAnswer> {
    return shown(await this.#see(tx, actor, id));
  }

  /**
   * Changes future reports. A month that was not sent yet is sent on its new day, at once if that day has passed. A
   * month that was sent is not sent again.
   * @throws Refusal `not-found`, `etag-stale`, and those of `enter`
   */
  async change(
    tx: Transaction,
    actor: Actor,
    id: string,
    version: number,
    change: ReportScheduleChange,
  ): Promise<ReportScheduleAnswer> {
    const schedule = await this.#lock(tx, actor, id);
    refuseStale(schedule.version, version);
    const { headings, bom, charset, ...others } = change;
    const { options } = schedule;
    const isLocaleHeading = options.headings === schedule.locale;
    const changed: ReportSchedule = {
      ...schedule,
      ...others,
      options: {
        headings: headings ?? (isLocaleHeading && others.locale ? others.locale : options.headings),
        bom: bom ?? options.bom,
        charset: charset ?? options.charset,
      },
    };
    if (changesNothing(schedule, changed)) return this.read(tx, actor, id);
    await this.#refuseWrong(tx, actor, changed, change);
    const doneThrough = await this.#doneThrough(tx, schedule, changed);
    await this.store.update(tx, id, { ...changed, doneThrough, nextAt: nextMoment(changed, doneThrough) });
    return this.read(tx, actor, id);
  }

  /**
   * Deletes a schedule: nothing more is sent, waiting mails are cancelled, and links in earlier mails are no longer
   * valid.
   * @throws Refusal `not-found`, `etag-stale`
   */
  async delete(tx: Transaction, actor: Actor, id: string, version: number): Promise<void> {
    const schedule = await this.#lock(tx, actor, id);
    refuseStale(schedule.version, version);
    await this.store.delete(tx, id, this.clock.now());
    await this.mails.giveUpReports(tx, id, 'The report is not sent any more: not sent');
  }

  /** @throws Refusal `not-found` */
  async run(tx: Transaction, actor: Actor, id: string): Promise<ReportRunAnswer> {
    const schedule = await this.#lock(tx, actor, id);
    return { mails: await this.scheduled.sendNow(tx, schedule, actor.name, this.clock.now()) };
  }

  async #see(tx: Transaction, actor: Actor, id: string): Promise<ReportSchedule> {
    const schedule = await this.store.find(tx, visibilityOf(actor, permission), id);
    if (!schedule) throw new Refusal('not-found');
    return schedule;
  }

  async #lock(tx: Transaction, actor: Actor, id: string): Promise<ReportSchedule> {
    const schedule = await this.store.lock(tx, visibilityOf(actor, permission), id);
    if (!schedule) throw new Refusal('not-found');
    return schedule;
  }

  /** The month before the first month that is still to be sent. */
  async #doneThrough(tx: Transaction, { id, doneThrough }: ReportSchedule, changed: MonthlyMoment): Promise<Month> {
    const due = lastMonthDue(changed, this.clock.now());
    // Its day is in the future again.
    const isOpen = due < doneThrough && !(await this.store.hasGoneOut(tx, id, doneThrough));
    return isOpen ? due : doneThrough;
  }

  /** `given` are the values in this request. Only they are checked, not the stored ones. */
  async #refuseWrong(
    tx: Transaction,
    actor: Actor,
    wanted: WantedReport,
    given: Pick<ReportScheduleChange, 'customerId' | 'csmId'>,
  ): Promise<void> {
    if (scopeOf(reports[wanted.report].permission, actor.role) === 'never') throw new Refusal('forbidden');
    if (wanted.options.bom && wanted.options.charset === 'cp932') {
      throw new Refusal('malformed-body', {}, { errors: [{ pointer: '/bom', code: 'unicode-only' }] });
    }
    if (wanted.recipients.length + wanted.recipientRoles.length === 0) {
      throw new Refusal('malformed-body', {}, { errors: [{ pointer: '/recipients', code: 'no-recipient' }] });
    }
    const violations: Violation[] = wrongForRoles(wanted);
    const { customerId, csmId } = given;
    if (customerId && !(await this.customers.hold(tx, actor, customerId))) {
      violations.push({ code: 'customer-unknown', params: { id: customerId }, pointer: '/customerId' });
    }
    if (csmId && !['csm', 'admin'].includes((await this.users.find(tx, csmId))?.role ?? '')) {
      violations.push({ code: 'not-a-csm', params: { id: csmId }, pointer: '/csmId' });
    }
    if (violations.length > 0) throw refuseByRules(violations);
  }
}

/** Contacts of a customer get only reports about that customer, and only reports that customers may read (§13). */
function wrongForRoles({ recipientRoles, customerId, report }: WantedReport): Violation[] {
  const violations: Violation[] = [];
  if (recipientRoles.length === 0) return violations;
  if (customerId === null) violations.push({ code: 'roles-need-customer', pointer: '/recipientRoles' });
  if (!reportsForCustomers.includes(report)) {
    const params = { report, reports: reportsForCustomers.join(', ') };
    violations.push({ code: 'report-not-for-customers', params, pointer: '/report' });
  }
  return violations;
}

function shown(schedule: ReportSchedule): ReportScheduleAnswer {
  return {
    id: schedule.id,
    owner: { id: schedule.ownerId, name: schedule.ownerName },
    report: schedule.report,
    format: schedule.format,
    dayOfMonth: schedule.dayOfMonth,
    timeOfDay: schedule.timeOfDay,
    timeZone: schedule.timeZone,
    recipients: schedule.recipients,
    recipientRoles: schedule.recipientRoles,
    locale: schedule.locale,
    period: schedule.period,
    basis: schedule.basis,
    customerId: schedule.customerId,
    csmId: schedule.csmId,
    package: schedule.package,
    ...schedule.options,
    nextAt: schedule.nextAt,
    version: schedule.version,
    createdAt: schedule.createdAt,
  };
}
