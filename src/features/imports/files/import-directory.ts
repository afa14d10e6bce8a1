import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../../domain/access.js';
import { Memo } from '../../../domain/memo.js';
import type { Day } from '../../../domain/calendar.js';
import { enrolledOn, visitsTaking, type ContractVisit } from '../../../domain/contract.js';
import type { Delivery } from '../../../domain/time-entry.js';
import { Database } from '../../../platform/database/database.js';
import type { Transaction } from '../../../platform/database/transaction.js';
import { isId } from '../../../platform/http/fields.js';
import { ConsultantService } from '../../customers/consultant.service.js';
import { CustomerService } from '../../customers/customer.service.js';
import type { NamedRow } from '../../customers/name-lookup.js';
import { ProductLineService } from '../../customers/product-line.service.js';
import { HoursService } from '../../hours/hours.service.js';
import { VisitService } from '../../onsite/visit.service.js';
import type { CoveredDays } from '../../subscriptions/contract.js';
import { ContractService } from '../../subscriptions/contract.service.js';
import { detached } from './import-values.js';

/** The services that a directory queries. */
@Injectable()
export class LookupRows {
  constructor(
    readonly database: Database,
    readonly customers: CustomerService,
    readonly consultants: ConsultantService,
    readonly productLines: ProductLineService,
    readonly contracts: ContractService,
    readonly visits: VisitService,
    readonly hours: HoursService,
  ) {}
}

/** The references of a row, in the words of its file; empty if the row has none. */
export interface Words {
  subscriptionId: string;
  /** Name or id, as in the fields below. */
  customer: string;
  consultant: string;
  productLine: string;
  visitId: string;
  /** For a row of one of our own reports. */
  entryId: string;
  workDate: Day;
  delivery: Delivery;
}

/** A name has at most 200 characters and an e-mail address 254, so a longer text cannot match. */
const longestName = 300;

const nobody: readonly string[] = [];
const everything: Visibility = { kind: 'all' };

/**
 * Looks up the references of a file, within the visibility of its sender. Each portion of rows is looked up at once, in a few
 * queries. Words that are already known are not queried again.
 */
export class ImportDirectory {
  readonly #customers = new Memory<readonly string[]>();
  readonly #consultants = new Memory<readonly string[]>();
  readonly #productLines = new Memory<readonly string[]>();
  readonly #subscriptions = new Memory<string>();
  readonly #outOfSight = new Memory<string>();
  readonly #covered = new Memory<readonly CoveredDays[]>();
  readonly #visits = new Memory<readonly ContractVisit[]>();
  readonly #ids = new Memory<string>();
  #kept: ReadonlySet<string> = new Set();

  constructor(
    private readonly visibility: Visibility,
    private readonly ask: LookupRows,
  ) {}

  /** Looks up the subscriptions of the rows, and finds which subscriptions of reports do not exist in this service. */
  async lookUpSubscriptions(rows: readonly Words[]): Promise<void> {
    const { visibility, ask } = this;
    const known = async (tx: Transaction, within: Visibility, some: readonly string[]) =>
      new Map((await ask.contracts.visible(tx, within, some)).map((id) => [id, id]));
    const idsOf = (some: readonly Words[]) => [
      ...new Set(some.map(({ subscriptionId }) => subscriptionId).filter(isId)),
    ];
    await this.#learn(this.#subscriptions, idsOf(rows), (tx, some) => known(tx, visibility, some));
    // A sender who does not see the right subscription must not book the row on another one.
    const unseen = rows.filter(
      ({ entryId, subscriptionId }) => entryId !== '' && this.subscription(subscriptionId) === undefined,
    );
    await this.#learn(this.#outOfSight, idsOf(unseen), (tx, some) => known(tx, everything, some));
  }

  /** Whether a row comes from a report of another service: no subscription here has its reference. */
  isOfAnotherService({ entryId, subscriptionId }: Words): boolean {
    if (entryId === '' || !isId(subscriptionId) || this.subscription(subscriptionId) !== undefined) return false;
    return this.#outOfSight.get(subscriptionId) === undefined;
  }

  /** Looks up the other references of the rows. Call it before the queries below. */
  async lookUp(rows: readonly Words[]): Promise<void> {
    const { visibility, ask } = this;
    const said = (...words: ((row: Words) => string)[]): string[] => [
      ...new Set(words.flatMap((word) => rows.map(word)).filter((one) => one !== '')),
    ];
    const customers = said(({ customer }) => customer);
    const consultants = said(({ consultant }) => consultant);
    const productLines = said(({ productLine }) => productLine);
    const ids = [...consultants, ...productLines, ...said(({ visitId }) => visitId)].map(lowerCase).filter(isId);
    const entries = said(({ entryId }) => entryId).filter(isId);

    for (const id of this.#ids.missing(ids)) this.#ids.keep(id, detached(id));
    await this.#learn(this.#customers, customers.filter(isName), (tx, names) =>
      ask.customers.named(tx, visibility, names).then(idsByName),
    );
    await this.#learn(this.#consultants, consultants.filter(isName), (tx, names) =>
      ask.consultants.named(tx, names).then(idsByName),
    );
    await this.#learn(this.#productLines, productLines.filter(isName), (tx, names) =>
      ask.productLines.named(tx, names).then(idsByName),
    );
    await this.#learn(this.#covered, this.#customersOf(rows), async (tx, some) => {
      const covered = await ask.contracts.coveredDays(tx, visibility, some);
      const found = new Map(some.map((id): [string, CoveredDays[]] => [id, []]));
      for (const days of covered) found.get(days.customerId)!.push(days);
      return found;
    });
    await this.#learn(this.#visits, this.#visitedBy(rows), (tx, some) => ask.visits.ofSubscriptions(tx, some));
    if (entries.length > 0) this.#kept = await ask.database.read((tx) => ask.hours.known(tx, visibility, entries));
  }

  customer(nameOrId: string): readonly string[] {
    const id = nameOrId.toLowerCase();
    return isId(id) ? [id] : (this.#customers.get(nameOrId) ?? nobody);
  }

  consultant(nameOrId: string): readonly string[] {
    const id = this.#ids.get(nameOrId.toLowerCase());
    return id === undefined ? (this.#consultants.get(nameOrId) ?? nobody) : [id];
  }

  productLine(nameOrId: string): readonly string[] {
    const id = this.#ids.get(nameOrId.toLowerCase());
    return id === undefined ? (this.#productLines.get(nameOrId) ?? nobody) : [id];
  }

  subscription(id: string): string | undefined {
    return this.#subscriptions.get(id);
  }

  visitId(id: string): string | undefined {
    return this.#ids.get(id);
  }

  /** Whether an entry with this id, from one of our reports, exists in this service. */
  isKept(entryId: string): boolean {
    return entryId !== '' && this.#kept.has(entryId);
  }

  /**
   * The subscriptions of a customer that cover a day, or only those in which a product line is enrolled on it. A subscription
   * that continues also covers the days after its last term.
   */
  subscriptionsOn(customerId: string, day: Day, productLineId?: string): string[] {
    const covered = this.#covered.get(customerId) ?? [];
    return covered
      .filter(({ startsOn, endsOn }) => startsOn <= day && (endsOn === null || day <= endsOn))
      .filter(({ enrolments }) => productLineId === undefined || enrolledOn(enrolments, day).includes(productLineId))
      .map(({ subscriptionId }) => subscriptionId);
  }

  /** The visits of a subscription that accept entries of a consultant on a day. */
  visitsOn(subscriptionId: string, day: Day, consultantId: string): string[] {
    return visitsTaking(this.#visits.get(subscriptionId) ?? [], day, consultantId).map(({ id }) => id);
  }

  /** The customers whose subscriptions must be found by day. */
  #customersOf(rows: readonly Words[]): string[] {
    const found = rows.map(({ subscriptionId, customer }) =>
      subscriptionId === '' ? this.customer(customer) : nobody,
    );
    return [...new Set(found.flatMap((ids) => (ids.length === 1 ? ids : [])))];
  }

  /** The subscriptions with onsite work that names no visit. */
  #visitedBy(rows: readonly Words[]): string[] {
    const unnamed = rows.filter(({ delivery, visitId }) => delivery === 'onsite' && visitId === '');
    const found = unnamed.flatMap(({ subscriptionId, customer, workDate }) => {
      const named = this.subscription(subscriptionId);
      return named === undefined ? this.subscriptionsOn(this.customer(customer)[0] ?? '', workDate) : [named];
    });
    return [...new Set(found)];
  }

  /** Queries what is not in memory yet. It holds the connection only for this query. */
  async #learn<Found>(
    memory: Memory<Found>,
    words: readonly string[],
    find: (tx: Transaction, words: readonly string[]) => Promise<ReadonlyMap<string, Found>>,
  ): Promise<void> {
    const missing = memory.missing(words);
    if (missing.length === 0) return;
    const found = await this.ask.database.read((tx) => find(tx, missing));
    for (const word of missing) memory.keep(word, found.get(word));
  }
}

const lowerCase = (word: string): string => word.toLowerCase();
const isName = (word: string): boolean => word.length <= longestName && !isId(word.toLowerCase());
const idsByName = (found: readonly NamedRow[]): Map<string, readonly string[]> =>
  new Map(found.map(({ name, ids }) => [name, ids]));

/** Remembers what the database found for a word, also if it found nothing. It remembers more words than a block of rows has. */
class Memory<Found> {
  readonly #known = new Memo<{ found: Found | undefined }>(10_000);

  get(word: string): Found | undefined {
    return this.#known.get(word)?.found;
  }

  missing(words: readonly string[]): string[] {
    return words.filter((word) => this.#known.get(word) === undefined);
  }

  keep(word: string, found: Found | undefined): void {
    this.#known.set(detached(word), { found });
  }
}
