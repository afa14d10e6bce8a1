import type { SelectQueryBuilder } from 'typeorm';
import type { Visibility } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Customer } from './customer.entity.js';
import { nameContains, nameKey, type NamedRow } from './name-lookup.js';

export async function insertCustomer(tx: Transaction, customer: Customer): Promise<void> {
  await tx.manager.insert(Customer, customer);
}

/** `hold` locks the row against changes until the end of the transaction. `change` also locks out other `hold`s. */
export function findCustomer(
  tx: Transaction,
  visibility: Visibility,
  id: string,
  lock?: 'hold' | 'change',
): Promise<Customer | null> {
  const customers = visibleTo(tx, visibility).andWhere('c.id = :id', { id });
  if (lock) customers.setLock(lock === 'hold' ? 'pessimistic_read' : 'for_no_key_update');
  return customers.getOne();
}

/** Customers in the order of creation, after `afterId`. `name` filters by a part of the name. */
export function customersAfter(
  tx: Transaction,
  visibility: Visibility,
  { name, afterId, limit }: { name?: string; afterId?: string; limit: number },
): Promise<Customer[]> {
  const customers = visibleTo(tx, visibility).orderBy('c.id').limit(limit);
  if (name !== undefined) customers.andWhere(nameContains('c.name', ':name'), { name });
  if (afterId !== undefined) customers.andWhere('c.id > :afterId', { afterId });
  return customers.getMany();
}

export function customerNames(tx: Transaction, ids: readonly string[]): Promise<{ id: string; name: string }[]> {
  return tx.prepared('customer-names', 'select id, name from customers where id = any($1::uuid[])', [ids]);
}

export async function updateCustomer(tx: Transaction, { id, ...customer }: Customer): Promise<void> {
  await tx.manager.update(Customer, { id }, customer);
}

/** A portfolio holds the customers of a CSM's subscriptions and those that the CSM entered (§13). */
function visibleTo(tx: Transaction, visibility: Visibility): SelectQueryBuilder<Customer> {
  const customers = tx.manager.createQueryBuilder(Customer, 'c');
  if (visibility.kind === 'all') return customers.where('true');
  if (visibility.kind === 'own') return customers.where('c.id = :customerId', { customerId: visibility.customerId });
  return customers.where(
    `(c.enteredBy = :csmId or exists (select from subscriptions s where s.customer_id = c.id and s.csm_id = :csmId
      and s.status <> 'annulled'))`,
    { csmId: visibility.csmId },
  );
}

/** For each of these names, the visible customers with that name. */
export function customersNamed(tx: Transaction, visibility: Visibility, names: readonly string[]): Promise<NamedRow[]> {
  const values: unknown[] = [names];
  return tx.query(
    `select asked.name, (array_agg(c.id order by c.id))[1:2] as ids
     from unnest($1::text[]) asked (name) join customers c on ${nameKey('c.name')} = ${nameKey('asked.name')}
     where ${visibleSql(visibility, values)} group by asked.name`,
    values,
  );
}

/** `visibleTo` as an SQL condition. Its parameters are added to the values. */
function visibleSql(visibility: Visibility, values: unknown[]): string {
  if (visibility.kind === 'all') return 'true';
  if (visibility.kind === 'own') return `c.id = $${values.push(visibility.customerId)}`;
  const csm = `$${values.push(visibility.csmId)}`;
  return `(c.entered_by = ${csm} or exists (select from subscriptions s where s.customer_id = c.id and s.csm_id = ${csm}
    and s.status <> 'annulled'))`;
}
