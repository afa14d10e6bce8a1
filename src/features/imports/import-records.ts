import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { page, readCursor, rowsToFetch, type Page, type PageQuery } from '../../platform/http/paging.js';
import { HoursService } from '../hours/hours.service.js';
import { mostAtomicRows } from './import-row.js';
import type { KeptImport } from './import-status.js';
import { ImportStore } from './import.store.js';

/** Another user may reverse a single entry after its chunk was read and before the chunk is reversed. */
const tries = 5;

/** Lists imports and undoes them. A CSM sees their own imports, an admin sees all. */
@Injectable()
export class ImportRecords {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly hours: HoursService,
    private readonly store: ImportStore,
  ) {}

  /** Newest first. */
  async list(tx: Transaction, actor: Actor, { limit, cursor }: PageQuery): Promise<Page<KeptImport>> {
    const before = readCursor(cursor, ['instant', 'id']);
    const rows = await this.store.list(tx, ownOf(actor), before, rowsToFetch(limit));
    return page(rows, limit, ({ startedAt, id }) => [startedAt, id]);
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<KeptImport> {
    const [found] = await this.store.list(tx, { ...ownOf(actor), id }, undefined, 1);
    if (found === undefined) throw new Refusal('not-found');
    return found;
  }

  /**
   * Reverses every standing entry of an import. Up to 10,000 entries are reversed in one transaction, more entries chunk by chunk; the
   * import is `undoing` until the last one. If an undo was interrupted, the next request continues it. An import that is still
   * running books no further row.
   * @throws Refusal `not-found`; `import-beyond-portfolio` if an entry belongs to a subscription of another CSM
   */
  async undo(actor: Actor, importId: string, reason: string): Promise<KeptImport> {
    const found = await this.database.write(async (tx) => {
      await this.read(tx, actor, importId);
      const visibility = visibilityOf(actor, 'time-entries.log');
      if (visibility.kind === 'portfolio' && (await this.store.reachesBeyond(tx, importId, visibility.csmIds))) {
        throw new Refusal('import-beyond-portfolio');
      }
      await this.store.beginUndo(tx, importId, reason, actor.userId, this.clock.now());
      return this.read(tx, actor, importId);
    });
    if (found.status === 'undone') return found;
    const asOne = found.accepted <= mostAtomicRows;
    for (let lastChunk: string | undefined; ;) {
      const upTo = await this.#reverseAfter(actor, found, lastChunk, asOne);
      if (upTo === undefined) break;
      lastChunk = upTo;
    }
    return this.database.write(async (tx) => {
      await this.store.endUndo(tx, importId, this.clock.now());
      return this.read(tx, actor, importId);
    });
  }

  /** Reverses the next chunk after `chunkId`, or all chunks together. Returns the last chunk; undefined if there was none. */
  async #reverseAfter(
    actor: Actor,
    { id: importId, undo }: KeptImport,
    chunkId: string | undefined,
    asOne: boolean,
  ): Promise<string | undefined> {
    for (let attempt = 1; ; attempt++) {
      const { upTo, entryIds } = await this.database.read((tx) => this.#standingAfter(tx, importId, chunkId, asOne));
      if (entryIds.length === 0) return upTo;
      const why = { reason: undo!.reason, customerNote: null };
      try {
        await this.hours.reverseAll(actor, entryIds, why, this.store.addReversed(importId, entryIds.length));
        return upTo;
      } catch (error) {
        const isReversed = error instanceof Refusal && error.code === 'already-reversed';
        if (!isReversed || attempt === tries) throw error;
      }
    }
  }

  async #standingAfter(
    tx: Transaction,
    importId: string,
    chunkId: string | undefined,
    asOne: boolean,
  ): Promise<{ upTo: string | undefined; entryIds: string[] }> {
    const entryIds: string[] = [];
    let upTo: string | undefined;
    for (;;) {
      const chunk = await this.store.chunkAfter(tx, importId, upTo ?? chunkId);
      if (chunk === undefined) return { upTo, entryIds };
      upTo = chunk.id;
      for (const id of chunk.entryIds) entryIds.push(id);
      if (!asOne) return { upTo, entryIds };
    }
  }
}

/** A deputy sees the imports of the CSM as well. */
function ownOf(actor: Actor): { userIds?: readonly string[] } {
  const visibility = visibilityOf(actor, 'time-entries.log');
  return visibility.kind === 'portfolio' ? { userIds: visibility.csmIds } : {};
}
