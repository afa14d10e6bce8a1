import { Injectable } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import { refuseBroken } from '../../platform/database/constraint-refusals.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { changesNothing, refuseStale } from '../../platform/http/etag.js';
import { page, PageQuery, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import type { ProductLineChange, ProductLineAnswer, ProductLineList, NewProductLine } from './product-line.dto.js';
import type { NamedRow } from './name-lookup.js';
import {
  productLinesAfter,
  productLinesNamed,
  findProductLine,
  findProductLines,
  insertProductLine,
  lockProductLine,
  updateProductLine,
} from './product-line.store.js';

const constraints = { product_lines_code_once: 'code-already-used' } as const;

/** Lines of products that consultants support (§7), each with a short code. */
@Injectable()
export class ProductLineService {
  constructor(private readonly clock: Clock) {}

  async enter(tx: Transaction, { code, name }: NewProductLine): Promise<ProductLineAnswer> {
    const productLine = { id: newId(), code, name, version: 1, createdAt: this.clock.now() };
    await refuseBroken(insertProductLine(tx, productLine), constraints, { code });
    return productLine;
  }

  async list(tx: Transaction, { limit, cursor }: PageQuery): Promise<ProductLineList> {
    const [afterId] = readCursor(cursor, ['id']) ?? [];
    return page(await productLinesAfter(tx, afterId, rowsToFetch(limit)), limit, ({ id }) => [id]);
  }

  async read(tx: Transaction, id: string): Promise<ProductLineAnswer> {
    const productLine = await findProductLine(tx, id);
    if (!productLine) throw new Refusal('not-found');
    return productLine;
  }

  /** The ids that exist, in no particular order. */
  find(tx: Transaction, ids: readonly string[]): Promise<ProductLineAnswer[]> {
    return findProductLines(tx, ids);
  }

  /** Finds product lines by code or name, ignoring case, width and spaces. Names without a match are left out. */
  named(tx: Transaction, names: readonly string[]): Promise<NamedRow[]> {
    return productLinesNamed(tx, names);
  }

  async change(tx: Transaction, id: string, version: number, change: ProductLineChange): Promise<ProductLineAnswer> {
    const productLine = await lockProductLine(tx, id);
    if (!productLine) throw new Refusal('not-found');
    refuseStale(productLine.version, version);
    const changed = { ...productLine, ...change, version: productLine.version + 1 };
    if (changesNothing(productLine, changed)) return productLine;
    await refuseBroken(updateProductLine(tx, changed), constraints, { code: changed.code });
    return changed;
  }
}
