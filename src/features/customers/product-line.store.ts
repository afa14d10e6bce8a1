import { In } from 'typeorm';
import type { Transaction } from '../../platform/database/transaction.js';
import { nameKey, type NamedRow } from './name-lookup.js';
import { ProductLine } from './product-line.entity.js';

export async function insertProductLine(tx: Transaction, productLine: ProductLine): Promise<void> {
  await tx.manager.insert(ProductLine, productLine);
}

export function findProductLine(tx: Transaction, id: string): Promise<ProductLine | null> {
  return tx.manager.findOneBy(ProductLine, { id });
}

export function findProductLines(tx: Transaction, ids: readonly string[]): Promise<ProductLine[]> {
  return tx.manager.findBy(ProductLine, { id: In([...ids]) });
}

export function lockProductLine(tx: Transaction, id: string): Promise<ProductLine | null> {
  return tx.manager.findOne(ProductLine, { where: { id }, lock: { mode: 'for_no_key_update' } });
}

export async function updateProductLine(tx: Transaction, { id, ...productLine }: ProductLine): Promise<void> {
  await tx.manager.update(ProductLine, { id }, productLine);
}

/** Product lines in the order of creation, after `afterId`. */
export function productLinesAfter(tx: Transaction, afterId: string | undefined, limit: number): Promise<ProductLine[]> {
  const rows = tx.manager.createQueryBuilder(ProductLine, 'r').orderBy('r.id').limit(limit);
  return (afterId === undefined ? rows : rows.where('r.id > :afterId', { afterId })).getMany();
}

/** Product lines with one of these codes, or else one of these names. An exact code goes before all other matches. */
export function productLinesNamed(tx: Transaction, names: readonly string[]): Promise<NamedRow[]> {
  const sameAs = (rank: number, ours: string, asked: string): string =>
    `select asked.name, ${rank} as rank, (array_agg(p.id order by p.id))[1:2] as ids
     from unnest($1::text[]) asked (name) join product_lines p on ${ours} = ${asked} group by asked.name`;
  return tx.query(
    `select distinct on (name) name, ids from (
       ${sameAs(1, 'p.code', 'asked.name')}
       union all ${sameAs(2, nameKey('p.code'), nameKey('asked.name'))}
       union all ${sameAs(3, nameKey('p.name'), nameKey('asked.name'))}
     ) found order by name, rank`,
    [names],
  );
}
