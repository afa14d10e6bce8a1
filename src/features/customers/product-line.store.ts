import { In } from 'typeorm';
import type { Transaction } from '../../platform/database.js';
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

/** In the order in which they were entered, after one of them. */
export function productLinesAfter(tx: Transaction, afterId: string | undefined, limit: number): Promise<ProductLine[]> {
  const rows = tx.manager.createQueryBuilder(ProductLine, 'r').orderBy('r.id').limit(limit);
  return (afterId === undefined ? rows : rows.where('r.id > :afterId', { afterId })).getMany();
}
