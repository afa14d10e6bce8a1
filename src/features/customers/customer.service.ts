import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor, type Visibility, type Viewer } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import { refuseBroken } from '../../platform/database/constraint-refusals.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { changesNothing, refuseStale } from '../../platform/http/etag.js';
import { listAsked, page, readCursor, readCursorOf, rowsToFetch, type PageQuery } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import type { Customer } from './customer.entity.js';
import type { CustomerChange, CustomerAnswer, CustomerList, CustomersQuery, NewCustomer } from './customer.dto.js';
import { CustomerStore, type MatchedCustomer } from './customer.store.js';
import type { NamedRow } from './name-lookup.js';
import { TimeZoneSteps } from './time-zone-change.js';

const constraints = { customers_code_once: 'code-already-used' } as const;

/** The customers: organisations that buy subscriptions (§2). */
@Injectable()
export class CustomerService {
  constructor(
    private readonly clock: Clock,
    private readonly store: CustomerStore,
    private readonly timeZoneSteps: TimeZoneSteps,
  ) {}

  /** @throws Refusal `code-already-used` */
  async enter(tx: Transaction, actor: Actor, body: NewCustomer): Promise<CustomerAnswer> {
    const customer: Customer = {
      id: newId(),
      name: body.name,
      code: body.code ?? null,
      locale: body.locale,
      timeZone: body.timeZone,
      country: body.country ?? null,
      contacts: body.contacts ?? [],
      version: 1,
      createdAt: this.clock.now(),
      enteredBy: actor.userId,
    };
    await refuseBroken(this.store.insert(tx, customer), constraints, { code: customer.code ?? '' });
    return show(customer);
  }

  async list(tx: Transaction, actor: Actor, { name, limit, cursor }: CustomersQuery): Promise<CustomerList> {
    const [afterId] = readCursor(cursor, ['id']) ?? [];
    const rows = await this.store.list(tx, visibilityOf(actor, 'customers.read'), {
      name,
      afterId,
      limit: rowsToFetch(limit),
    });
    return page(rows, limit, ({ id }) => [id], show);
  }

  /** The visible customers in the order of their names. `search` is a part of the name or of the code. */
  async search(
    tx: Transaction,
    actor: Actor,
    { search, limit, cursor }: PageQuery & { search?: string },
  ): Promise<CustomerList> {
    const asked = listAsked({ search });
    const [key, id] = readCursorOf(asked, cursor, ['text', 'id']) ?? [];
    const after = key !== undefined && id !== undefined ? { key, id } : undefined;
    const visibility = visibilityOf(actor, 'customers.read');
    const places = await this.store.search(tx, visibility, { search, after, limit: rowsToFetch(limit) });
    const { data, nextCursor } = page(places, limit, (place) => [asked, place.key, place.id]);
    const found = await this.store.findAll(
      tx,
      data.map((place) => place.id),
    );
    const byId = new Map(found.map((customer) => [customer.id, customer]));
    return { data: data.map((place) => show(byId.get(place.id)!)), nextCursor };
  }

  async read(tx: Transaction, actor: Actor, id: string): Promise<CustomerAnswer> {
    const customer = await this.find(tx, actor, id);
    if (!customer) throw new Refusal('not-found');
    return customer;
  }

  /** Undefined if the viewer cannot see the customer. */
  async find(tx: Transaction, viewer: Viewer, id: string): Promise<CustomerAnswer | undefined> {
    const customer = await this.store.find(tx, visibilityOf(viewer, 'customers.read'), id);
    return customer ? show(customer) : undefined;
  }

  /**
   * The customer for a new contract. Its zone is locked until the end of the transaction. Undefined if the actor cannot see the
   * customer.
   */
  async hold(tx: Transaction, actor: Actor, id: string): Promise<CustomerAnswer | undefined> {
    const customer = await this.store.find(tx, visibilityOf(actor, 'customers.read'), id, 'hold');
    return customer ? show(customer) : undefined;
  }

  /** The names of customers by id. It does not check the visibility. */
  async names(tx: Transaction, ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.store.names(tx, ids);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** Finds visible customers by name, ignoring case, width and spaces. Names without a match are left out. */
  named(tx: Transaction, visibility: Visibility, names: readonly string[]): Promise<NamedRow[]> {
    return this.store.named(tx, visibility, names);
  }

  /** Visible customers whose name or code contains a text, best match first. Width, case, spaces and kind of kana are ignored. */
  matching(tx: Transaction, viewer: Viewer, text: string, limit: number): Promise<MatchedCustomer[]> {
    return this.store.matching(tx, visibilityOf(viewer, 'customers.read'), text, limit);
  }

  async change(
    tx: Transaction,
    actor: Actor,
    id: string,
    version: number,
    change: CustomerChange,
  ): Promise<CustomerAnswer> {
    const customer = await this.store.find(tx, visibilityOf(actor, 'customers.write'), id, 'change');
    if (!customer) throw new Refusal('not-found');
    refuseStale(customer.version, version);
    const changed: Customer = { ...customer, ...change, version: customer.version + 1 };
    if (changesNothing(customer, changed)) return show(customer);
    await refuseBroken(this.store.update(tx, changed), constraints, { code: changed.code ?? '' });
    if (changed.timeZone !== customer.timeZone) {
      const zones = { customerId: id, from: customer.timeZone, to: changed.timeZone };
      for (const step of this.timeZoneSteps.inOrder()) await step(tx, zones);
    }
    return show(changed);
  }
}

function show({ enteredBy: _enteredBy, ...shown }: Customer): CustomerAnswer {
  return shown;
}
