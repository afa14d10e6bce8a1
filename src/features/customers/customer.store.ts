import { Injectable } from '@nestjs/common';
import { In, type SelectQueryBuilder } from 'typeorm';
import type { Visibility } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Customer } from './customer.entity.js';
import { findKey, matchOf, nameContains, nameKey, type NamedRow } from './name-lookup.js';
import { PortfolioConditions } from './portfolio.js';

/** The number of characters by which names are sorted, so that a cursor stays short. */
const sortedCharacters = 100;

/** The place of a customer in the order of the names. */
export interface CustomerPlace {
  id: string;
  key: string;
}
/** A customer that the finder shows. */
export type MatchedCustomer = Pick<Customer, 'id' | 'name' | 'code'>;

/** All SQL of the customers. */
@Injectable()
export class CustomerStore {
  constructor(private readonly portfolioConditions: PortfolioConditions) {}

  async insert(tx: Transaction, customer: Customer): Promise<void> {
    await tx.manager.insert(Customer, customer);
  }

  /** `hold` locks the row against changes until the end of the transaction. `change` also locks out other `hold`s. */
  find(tx: Transaction, visibility: Visibility, id: string, lock?: 'hold' | 'change'): Promise<Customer | null> {
    const customers = this.#visibleTo(tx, visibility).andWhere('c.id = :id', { id });
    if (lock) customers.setLock(lock === 'hold' ? 'pessimistic_read' : 'for_no_key_update');
    return customers.getOne();
  }

  /** Customers in the order of creation, after `afterId`. `name` filters by a part of the name. */
  list(
    tx: Transaction,
    visibility: Visibility,
    { name, afterId, limit }: { name?: string; afterId?: string; limit: number },
  ): Promise<Customer[]> {
    const customers = this.#visibleTo(tx, visibility).orderBy('c.id').limit(limit);
    if (name !== undefined) customers.andWhere(nameContains('c.name', ':name'), { name });
    if (afterId !== undefined) customers.andWhere('c.id > :afterId', { afterId });
    return customers.getMany();
  }

  /** Visible customers in the order of their names, after a place. `search` is a part of the name or of the code. */
  async search(
    tx: Transaction,
    visibility: Visibility,
    { search, after, limit }: { search?: string; after?: CustomerPlace; limit: number },
  ): Promise<CustomerPlace[]> {
    const values: unknown[] = [];
    const conditions = [this.#visibleSql(visibility, values)];
    const key = `left(${nameKey('c.name')}, ${sortedCharacters}) collate "C"`;
    if (search !== undefined) {
      const text = `$${values.push(search)}::text`;
      conditions.push(`(${nameContains('c.name', text)} or ${nameContains('c.code', text)})`);
    }
    if (after) conditions.push(`(${key}, c.id) > ($${values.push(after.key)}, $${values.push(after.id)}::uuid)`);
    return tx.query(
      `select c.id, ${key} as "key" from customers c where ${conditions.join(' and ')}
       order by "key", c.id limit $${values.push(limit)}`,
      values,
    );
  }

  /** Customers by id, in no order. */
  findAll(tx: Transaction, ids: readonly string[]): Promise<Customer[]> {
    return tx.manager.findBy(Customer, { id: In([...ids]) });
  }

  names(tx: Transaction, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
    return tx.prepared('customer-names', 'select id, name from customers where id = any($1::uuid[])', [ids]);
  }

  async update(tx: Transaction, { id, ...customer }: Customer): Promise<void> {
    await tx.manager.update(Customer, { id }, customer);
  }

  /** For each of these names, the visible customers with that name. */
  named(tx: Transaction, visibility: Visibility, names: readonly string[]): Promise<NamedRow[]> {
    const values: unknown[] = [names];
    return tx.query(
      `select asked.name, (array_agg(c.id order by c.id))[1:2] as ids
       from unnest($1::text[]) asked (name) join customers c on ${nameKey('c.name')} = ${nameKey('asked.name')}
       where ${this.#visibleSql(visibility, values)} group by asked.name`,
      values,
    );
  }

  /** Visible customers whose name or code contains a text, best match first. */
  matching(tx: Transaction, visibility: Visibility, text: string, limit: number): Promise<MatchedCustomer[]> {
    const values: unknown[] = [text, limit];
    return tx.query(
      // `offset 0`: each key is computed once.
      `select id, name, code from (
         select c.id, c.name, c.code, least(${matchOf('k.name', 'asked.key')}, ${matchOf('k.code', 'asked.key')}) as rank
         from (select ${findKey('$1::text')} as key offset 0) asked
         cross join customers c
         cross join lateral (select ${findKey('c.name')} as name, ${findKey('c.code')} as code offset 0) k
         where ${this.#visibleSql(visibility, values)}
       ) found where rank is not null order by rank, name collate "C", id limit $2`,
      values,
    );
  }

  #visibleTo(tx: Transaction, visibility: Visibility): SelectQueryBuilder<Customer> {
    const customers = tx.manager.createQueryBuilder(Customer, 'c');
    if (visibility.kind === 'all') return customers.where('true');
    if (visibility.kind === 'own') return customers.where('c.id = :customerId', { customerId: visibility.customerId });
    const names = visibility.csmIds.map((_, at) => `csm${at}`);
    const ids = Object.fromEntries(names.map((name, at) => [name, visibility.csmIds[at]]));
    return customers.where(
      this.#inPortfolios(
        'c.enteredBy',
        names.map((name) => `:${name}`),
      ),
      ids,
    );
  }

  /** `#visibleTo` as an SQL condition. Its parameters are added to the values. */
  #visibleSql(visibility: Visibility, values: unknown[]): string {
    if (visibility.kind === 'all') return 'true';
    if (visibility.kind === 'own') return `c.id = $${values.push(visibility.customerId)}`;
    const csmIds = visibility.csmIds.map((csmId) => `$${values.push(csmId)}`);
    return this.#inPortfolios('c.entered_by', csmIds);
  }

  /** A portfolio holds the customers of a CSM's subscriptions and those that the CSM entered (§13). */
  #inPortfolios(enteredBy: string, csmIds: readonly string[]): string {
    const conditions = csmIds.flatMap((csmId) => [
      `${enteredBy} = ${csmId}`,
      ...this.portfolioConditions.inOrder().map((condition) => condition('c.id', csmId)),
    ]);
    return `(${conditions.join(' or ')})`;
  }
}
