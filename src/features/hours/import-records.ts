import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import { Database, type Transaction } from '../../platform/database/database.js';
import { page, readCursor, rowsToFetch, type Page, type PageQuery } from '../../platform/http/paging.js';
import { BookingQueue } from './booking-queue.js';
import { mostAtomicRows } from './import-row.js';
import { ImportStore, type KeptImport } from './import.store.js';

/** An entry of a chunk may be reversed by itself between reading the chunk and reversing it. */
const tries = 5;

/** The imports that were made, and the way to take one back. A CSM sees their own, an admin all. */
@Injectable()
export class ImportRecords {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly queue: BookingQueue,
    private readonly store: ImportStore,
  ) {}

  /** From the newest to the oldest. */
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
   * Reverses every entry of an import that still stands. Up to 10,000 entries are reversed in one transaction; more go chunk by
   * chunk, and the import is `undoing` until the last one. An undoing that was cut off goes on when it is asked for again.
   * An import that is still running books no further row.
   * @throws Refusal `not-found`; `import-beyond-portfolio` where an entry belongs to a subscription of another CSM
   */
  async undo(actor: Actor, importId: string, reason: string): Promise<KeptImport> {
    const found = await this.database.write(async (tx) => {
      await this.read(tx, actor, importId);
      const visibility = visibilityOf(actor, 'time-entries.log');
      if (visibility.kind === 'portfolio' && (await this.store.reachesBeyond(tx, importId, visibility.csmId))) {
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

  /** Reverses what stands of the chunk after another one, or of all of them as one; undefined where there is none. */
  async #reverseAfter(
    actor: Actor,
    { id: importId, undo }: KeptImport,
    chunkId: string | undefined,
    asOne: boolean,
  ): Promise<string | undefined> {
    for (let attempt = 1; ; attempt++) {
      const { upTo, entryIds } = await this.database.read((tx) => this.#standingAfter(tx, importId, chunkId, asOne));
      if (entryIds.length === 0) return upTo;
      const { answer } = await this.queue.book({
        actor,
        lines: entryIds.map((timeEntryId) => ({
          kind: 'reverse',
          timeEntryId,
          why: { reason: undo!.reason, customerNote: null },
        })),
        atomic: true,
        dryRun: false,
        answer: (outcomes) => {
          const refusal = outcomes.find((outcome) => outcome instanceof Refusal);
          return refusal ? { refusal } : { status: 200, body: undefined };
        },
        alsoWrite: (tx) => this.store.addReversed(tx, importId, entryIds.length),
      });
      if (!('refusal' in answer)) return upTo;
      if (answer.refusal.code !== 'already-reversed' || attempt === tries) throw answer.refusal;
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

const ownOf = (actor: Actor): { userId?: string } =>
  visibilityOf(actor, 'time-entries.log').kind === 'all' ? {} : { userId: actor.userId };
