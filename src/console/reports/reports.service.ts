import { Injectable } from '@nestjs/common';
import { scopeOf, type Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Form } from '../../platform/pages/form.js';
import { CustomerService } from '../../features/customers/customer.service.js';
import { RenewalService } from '../../features/renewals/renewal.service.js';
import type { ReportPreview } from '../../features/reports/report-preview.js';
import { ReportService } from '../../features/reports/report.service.js';
import { reports } from '../../features/reports/reports.js';
import type { PageReader } from '../page/console-page.js';
import { chosenReport, type ChosenReport, type ReportChoice } from './report-choice.js';

interface Named {
  id: string;
  name: string;
}

/** The customer of a choice. `several`: a typed name fits all of these, and the reader has to choose one. */
export type ChosenCustomer = { kind: 'all' | 'unknown' } | ({ kind: 'one' } & Named) | { kind: 'several'; of: Named[] };

/** What the page of a report shows. */
export interface ShownReport {
  typed: Readonly<Record<string, string>>;
  chosen: ChosenReport;
  customer: ChosenCustomer;
  /** Empty if the reader sees only one portfolio. */
  csms: readonly Named[];
  maySchedule: boolean;
  /** Missing if something is wrong with the choice. */
  preview: ReportPreview | undefined;
  /** What is wrong with the choice, or why the report cannot be made now. */
  refusal: Refusal | undefined;
}

/** A list of names to choose from has at most this many; more do not help. */
const mostCustomers = 20;

export const previewedRows = 50;

/** Puts together what the page of a report shows. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly reports: ReportService,
    private readonly customers: CustomerService,
    private readonly renewals: RenewalService,
    private readonly database: Database,
    private readonly rules: ServiceRules,
  ) {}

  /** A choice with its preview. A refusal is part of the page, so that nothing typed is lost. */
  async show({ typed, checked }: Form<ReportChoice>, reader: PageReader): Promise<ShownReport> {
    const { actor } = reader;
    const choice = 'value' in checked ? checked.value : {};
    const { customer, csms } = await this.database.read(async (tx) => ({
      customer: await this.#customer(tx, actor, choice),
      csms: scopeOf('reports.read', actor.role) === 'all' ? await this.renewals.csms(tx, actor) : [],
    }));
    const chosen = this.chosen(choice, customer, reader);
    const shown = { typed, chosen, customer, csms, maySchedule: scopeOf('reports.schedule', actor.role) !== 'never' };
    if ('errors' in checked) {
      return { ...shown, preview: undefined, refusal: new Refusal('invalid-query', {}, { errors: checked.errors }) };
    }
    if (customer.kind === 'unknown' || customer.kind === 'several') {
      return { ...shown, preview: undefined, refusal: undefined };
    }
    try {
      const { headings, format: _, ...filter } = chosen.request;
      const asked = { ...filter, headings: headings ?? undefined };
      const preview = await this.reports.preview(actor, reports[chosen.report], asked, previewedRows);
      return { ...shown, preview, refusal: undefined };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { ...shown, preview: undefined, refusal: error };
    }
  }

  /**
   * The choice of a file. Undefined if the reader must choose the customer first.
   * @throws Refusal `invalid-query`
   */
  async ofFile({ checked }: Form<ReportChoice>, reader: PageReader): Promise<ChosenReport | undefined> {
    if ('errors' in checked) throw new Refusal('invalid-query', {}, { errors: checked.errors });
    const customer = await this.database.read((tx) => this.#customer(tx, reader.actor, checked.value));
    if (customer.kind === 'unknown' || customer.kind === 'several') return undefined;
    return this.chosen(checked.value, customer, reader);
  }

  chosen(choice: ReportChoice, customer: ChosenCustomer, reader: PageReader): ChosenReport {
    const customerId = customer.kind === 'one' ? customer.id : undefined;
    return chosenReport({ ...choice, customerId }, reader, this.rules.fiscalYearStartMonth);
  }

  /** A customer that the reader may not see is as unknown as one that does not exist. */
  async #customer(tx: Transaction, actor: Actor, { customer, customerId }: ReportChoice): Promise<ChosenCustomer> {
    if (customerId !== undefined) {
      const found = await this.customers.find(tx, actor, customerId);
      return found ? { kind: 'one', id: found.id, name: found.name } : { kind: 'unknown' };
    }
    if (customer === undefined) return { kind: 'all' };
    const found = await this.customers.matching(tx, actor, customer, mostCustomers);
    const [first, ...others] = found;
    if (first === undefined) return { kind: 'unknown' };
    if (others.length === 0) return { kind: 'one', id: first.id, name: first.name };
    return { kind: 'several', of: found.map(({ id, name }) => ({ id, name })) };
  }
}
