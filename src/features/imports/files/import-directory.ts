import { Injectable } from '@nestjs/common';
import type { Visibility } from '../../../domain/access.js';
import { Memo } from '../../../domain/memo.js';
import type { Day } from '../../../domain/calendar.js';
import { enrolledOn, visitsTaking, type ContractVisit } from '../../../domain/contract.js';
import type { Delivery } from '../../../domain/time-entry.js';
import { Database, type Transaction } from '../../../platform/database/database.js';
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

/** Whom a directory asks. */
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

/** What a row refers to, in the words of its file; empty where it says nothing. */
export interface Words {
  subscriptionId: string;
  /** Name or id, as the following. */
  customer: string;
  consultant: string;
  productLine: string;
  visitId: string;
  /** Of a row of our own reports. */
  entryId: string;
  workDate: Day;
  delivery: Delivery;
}

/** A name is at most 200 characters long, an e-mail address 254: what is longer names nothing. */
const longestName = 300;

const nobody: readonly string[] = [];
const everything: Visibility = { kind: 'all' };

/**
 * Who and what the words of a file refer to, as far as its sender may see it. Each lot of rows is looked up at once, in a few
 * statements of which a word that was known before costs none.
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

  /** Finds out which subscriptions the rows refer to, and which of those that stand in reports are none of these books. */
  async lookUpSubscriptions(rows: readonly Words[]): Promise<void> {
    const { visibility, ask } = this;
    const known = async (tx: Transaction, within: Visibility, some: readonly string[]) =>
      new Map((await ask.contracts.visible(tx, within, some)).map((id) => [id, id]));
    const idsOf = (some: readonly Words[]) => [
      ...new Set(some.map(({ subscriptionId }) => subscriptionId).filter(isId)),
    ];
    await this.#learn(this.#subscriptions, idsOf(rows), (tx, some) => known(tx, visibility, some));
    // Nobody may book a row elsewhere because they do not see where it belongs.
    const unseen = rows.filter(
      ({ entryId, subscriptionId }) => entryId !== '' && this.subscription(subscriptionId) === undefined,
    );
    await this.#learn(this.#outOfSight, idsOf(unseen), (tx, some) => known(tx, everything, some));
  }

  /** Whether a row comes from a report of a service with other books: what it calls a subscription exists nowhere in these. */
  isOfAnotherService({ entryId, subscriptionId }: Words): boolean {
    if (entryId === '' || !isId(subscriptionId) || this.subscription(subscriptionId) !== undefined) return false;
    return this.#outOfSight.get(subscriptionId) === undefined;
  }

  /** Finds out what else the rows refer to; only then it can be asked for. */
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

  /** Whether an entry with this id, of a report of ours, is in these very books. */
  isKept(entryId: string): boolean {
    return entryId !== '' && this.#kept.has(entryId);
  }

  /**
   * The subscriptions of a customer that cover a day, all of them or those in which a product line is enrolled on it. One that goes
   * on also covers what comes after its last term.
   */
  subscriptionsOn(customerId: string, day: Day, productLineId?: string): string[] {
    const covered = this.#covered.get(customerId) ?? [];
    return covered
      .filter(({ startsOn, endsOn }) => startsOn <= day && (endsOn === null || day <= endsOn))
      .filter(({ enrolments }) => productLineId === undefined || enrolledOn(enrolments, day).includes(productLineId))
      .map(({ subscriptionId }) => subscriptionId);
  }

  /** The visits of a subscription that take entries of a consultant on a day. */
  visitsOn(subscriptionId: string, day: Day, consultantId: string): string[] {
    return visitsTaking(this.#visits.get(subscriptionId) ?? [], day, consultantId).map(({ id }) => id);
  }

  /** The customers whose subscriptions are to be found by the day. */
  #customersOf(rows: readonly Words[]): string[] {
    const found = rows.map(({ subscriptionId, customer }) =>
      subscriptionId === '' ? this.customer(customer) : nobody,
    );
    return [...new Set(found.flatMap((ids) => (ids.length === 1 ? ids : [])))];
  }

  /** The subscriptions of onsite work that names no visit. */
  #visitedBy(rows: readonly Words[]): string[] {
    const unnamed = rows.filter(({ delivery, visitId }) => delivery === 'onsite' && visitId === '');
    const found = unnamed.flatMap(({ subscriptionId, customer, workDate }) => {
      const named = this.subscription(subscriptionId);
      return named === undefined ? this.subscriptionsOn(this.customer(customer)[0] ?? '', workDate) : [named];
    });
    return [...new Set(found)];
  }

  /** Asks for what is not remembered, on a connection that is held for no longer. */
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

/** What the database found for a word, or that it found nothing. A block of rows has fewer words than it remembers. */
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
