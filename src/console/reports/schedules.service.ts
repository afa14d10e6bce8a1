import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Form } from '../../platform/pages/form.js';
import { CustomerService } from '../../features/customers/customer.service.js';
import { RenewalService } from '../../features/renewals/renewal.service.js';
import type { ReportDeliveryAnswer } from '../../features/schedules/report-delivery.dto.js';
import { ReportDeliveryService } from '../../features/schedules/report-delivery.service.js';
import type { ReportScheduleAnswer } from '../../features/schedules/report-schedule.dto.js';
import { ReportScheduleService } from '../../features/schedules/report-schedule.service.js';
import { isId } from '../../platform/http/fields.js';
import type { PageReader } from '../page/console-page.js';
import { periodOfRange } from './report-range.js';
import type { ReportChoice } from './report-choice.js';
import { ReportsService } from './reports.service.js';
import { recipientsText } from './schedule.form.js';

/** A schedule that is being entered: its fields, and the names of its customer and CSM. */
export interface FreshSchedule {
  defaults: Readonly<Record<string, string>>;
  customer: string | undefined;
  csm: string | undefined;
}

/** A schedule with its mails, newest first. */
export interface OneSchedule {
  schedule: ReportScheduleAnswer;
  customer: string | undefined;
  csm: string | undefined;
  deliveries: readonly ReportDeliveryAnswer[];
}

const mostDeliveries = 50;

/** Puts together what the pages about report schedules show. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly reports: ReportsService,
    private readonly schedules: ReportScheduleService,
    private readonly deliveries: ReportDeliveryService,
    private readonly customers: CustomerService,
    private readonly renewals: RenewalService,
    private readonly database: Database,
  ) {}

  /** The form for a chosen report; undefined if the customer has to be chosen first. */
  async fresh(form: Form<ReportChoice>, reader: PageReader): Promise<FreshSchedule | undefined> {
    const chosen = await this.reports.ofFile(form, reader);
    if (chosen === undefined) return undefined;
    const { actor, language, timeZone } = reader;
    const { report, range, headings, request } = chosen;
    const defaults = {
      ...{
        report,
        headings,
        period: periodOfRange[range],
        basis: request.basis ?? 'corrected',
        format: request.format,
      },
      ...(request.charset !== undefined && { charset: request.charset }),
      ...(request.bom === true && { bom: 'true' }),
      ...(request.customerId !== undefined && { customerId: request.customerId }),
      ...(request.csmId !== undefined && { csmId: request.csmId }),
      ...(request.package !== undefined && { package: request.package }),
      ...{ dayOfMonth: '5', timeOfDay: '09:00', timeZone, locale: language },
      recipients: recipientsText([{ name: actor.name, email: actor.email }]),
    };
    return this.database.read((tx) => this.typed(tx, actor, defaults));
  }

  /** The form with these values. */
  async typed(tx: Transaction, actor: Actor, values: Readonly<Record<string, string>>): Promise<FreshSchedule> {
    return { defaults: values, ...(await this.#names(tx, actor, values)) };
  }

  /** @throws Refusal `not-found` */
  async one(tx: Transaction, actor: Actor, id: string): Promise<OneSchedule> {
    const schedule = await this.schedules.read(tx, actor, id);
    const { data } = await this.deliveries.list(tx, actor, id, { limit: mostDeliveries });
    return { schedule, ...(await this.#names(tx, actor, schedule)), deliveries: [...data].reverse() };
  }

  async #names(
    tx: Transaction,
    actor: Actor,
    { customerId, csmId }: { customerId?: string | null; csmId?: string | null },
  ): Promise<{ customer: string | undefined; csm: string | undefined }> {
    const customer = isId(customerId) ? await this.customers.find(tx, actor, customerId) : undefined;
    const csms = isId(csmId) ? await this.renewals.csms(tx, actor) : [];
    return { customer: customer?.name, csm: csms.find(({ id }) => id === csmId)?.name };
  }
}
