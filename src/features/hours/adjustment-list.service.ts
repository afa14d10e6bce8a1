import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import type { Month } from '../../domain/calendar.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { AdjustmentListStore } from './adjustment-list.store.js';
import type { ListedAdjustment } from './listed-adjustment.js';

/** The adjustments of a month, and their number, listed or not. */
export interface AdjustmentList {
  listed: readonly ListedAdjustment[];
  count: number;
}

/** More are in the report of usage lines. */
const mostListed = 200;

/** Lists what was recorded for closed months afterwards (§12). */
@Injectable()
export class AdjustmentListService {
  constructor(private readonly store: AdjustmentListStore) {}

  /** The visible adjustments that a month took, or that were recorded for it later; newest first. */
  async list(tx: Transaction, actor: Actor, month: Month): Promise<AdjustmentList> {
    const rows = await this.store.list(tx, visibilityOf(actor, 'time-entries.read'), month, mostListed);
    return { listed: rows.map(({ count: _, ...row }) => row), count: rows[0]?.count ?? 0 };
  }
}
