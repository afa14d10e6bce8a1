import type { SelectQueryBuilder } from 'typeorm';
import type { Sight } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Customer } from './customer.entity.js';
import { nameContains, nameKey, type Named } from './named.js';

export async function insertCustomer(tx: Transaction, customer: Customer): Promise<void> {
  await tx.manager.insert(Customer, customer);
}

/** `hold` keeps it as it is until the end of the transaction, `change` keeps others from changing it too. */
export function findCustomer(
  tx: Transaction,
  sight: Sight,
  id: string,
  lock?: 'hold' | 'change',
): Promise<Customer | null> {
  const customers = inSight(tx, sight).andWhere('c.id = :id', { id });
  if (lock) customers.setLock(lock === 'hold' ? 'pessimistic_read' : 'for_no_key_update');
  return customers.getOne();
}

/** Customers in the order in which they were entered, after a given one; with `name`, only customers whose name contains it. */
export function customersAfter(
  tx: Transaction,
  sight: Sight,
  { name, afterId, limit }: { name?: string; afterId?: string; limit: number },
): Promise<Customer[]> {
  const customers = inSight(tx, sight).orderBy('c.id').limit(limit);
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

/** A portfolio is the customers of one's own subscriptions or entered by oneself (§13). */
function inSight(tx: Transaction, sight: Sight): SelectQueryBuilder<Customer> {
  const customers = tx.manager.createQueryBuilder(Customer, 'c');
  if (sight.kind === 'all') return customers.where('true');
  if (sight.kind === 'own') return customers.where('c.id = :customerId', { customerId: sight.customerId });
  return customers.where(
    `(c.enteredBy = :csmId or exists (select from subscriptions s where s.customer_id = c.id and s.csm_id = :csmId
      and s.status <> 'annulled'))`,
    { csmId: sight.csmId },
  );
}

/** The customers in sight that have a name, for each of these names. */
export function customersNamed(tx: Transaction, sight: Sight, names: readonly string[]): Promise<Named[]> {
  const values: unknown[] = [names];
  return tx.query(
    `select asked.name, (array_agg(c.id order by c.id))[1:2] as ids
     from unnest($1::text[]) asked (name) join customers c on ${nameKey('c.name')} = ${nameKey('asked.name')}
     where ${inSightSql(sight, values)} group by asked.name`,
    values,
  );
}

/** As `inSight`, in SQL: what it needs to know is added to the values. */
function inSightSql(sight: Sight, values: unknown[]): string {
  if (sight.kind === 'all') return 'true';
  if (sight.kind === 'own') return `c.id = $${values.push(sight.customerId)}`;
  const csm = `$${values.push(sight.csmId)}`;
  return `(c.entered_by = ${csm} or exists (select from subscriptions s where s.customer_id = c.id and s.csm_id = ${csm}
    and s.status <> 'annulled'))`;
}
