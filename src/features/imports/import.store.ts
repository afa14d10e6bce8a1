import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/transaction.js';
import type { Statement } from '../../platform/database/snapshot.js';
import { newId } from '../../platform/ids.js';
import type { ImportCounts, KeptImport } from './import-status.js';

/** What the service knows about an import when it begins. */
export interface NewImport {
  fileName: string | null;
  map: string | null;
  rows: number;
}

interface ImportRecord extends Omit<KeptImport, 'undo'> {
  undoReason: string | null;
  undoneBy: string | null;
  undoStartedAt: Date | null;
  undoneAt: Date | null;
  reversed: number;
}

/** Which files were imported, and which entries they wrote. */
@Injectable()
export class ImportStore {
  async begin(
    tx: Transaction,
    id: string,
    { fileName, map, rows }: NewImport,
    userId: string,
    now: Date,
  ): Promise<void> {
    await tx.query(
      `insert into imports (id, file_name, map, status, started_at, started_by, rows)
       values ($1, $2, $3, 'running', $4, $5, $6)`,
      [id, fileName, map, now, userId, rows],
    );
  }

  /** Locks a running import until the end of the transaction. Returns false if it no longer runs, because it is being undone. */
  async lock(tx: Transaction, importId: string): Promise<boolean> {
    const locked = await tx.prepared<{ id: string }>(
      'import-lock',
      `select id from imports where id = $1 and status = 'running' for update`,
      [importId],
    );
    return locked.length > 0;
  }

  /** Adds the outcomes of a chunk, and the entries that its transaction books. */
  async add(tx: Transaction, importId: string, counts: ImportCounts, entryIds: readonly string[]): Promise<void> {
    const { accepted, present, refused, minutes } = counts;
    await tx.prepared(
      'import-add',
      `with chunk as (insert into import_chunks (id, import_id, entry_ids) select $6, $1, $7::uuid[] where cardinality($7::uuid[]) > 0)
       update imports set accepted = accepted + $2, present = present + $3, refused = refused + $4, minutes = minutes + $5,
         alive_at = now()
       where id = $1`,
      [importId, accepted, present, refused, minutes, newId(), `{${entryIds.join()}}`],
    );
  }

  /** Records that an import has ended, unless it is being undone. */
  async end(tx: Transaction, importId: string, status: 'done' | 'interrupted', now: Date): Promise<void> {
    await tx.query(
      `update imports set status = $2, ended_at = $3,
         refused = case when $2 = 'done' then rows - accepted - present else refused end
       where id = $1 and status = 'running'`,
      [importId, status, now],
    );
  }

  /** Imports of one user or of all, newest first. */
  async list(
    tx: Transaction,
    { userIds, id }: { userIds?: readonly string[]; id?: string },
    before: readonly string[] | undefined,
    limit: number,
  ): Promise<KeptImport[]> {
    const rows = await tx.query<ImportRecord>(
      `${selectImports}
       where ($1::uuid[] is null or i.started_by = any($1)) and ($2::uuid is null or i.id = $2)
         and ($3::timestamptz is null or (i.started_at, i.id) < ($3, $4::uuid))
       order by i.started_at desc, i.id desc limit $5`,
      [userIds ?? null, id ?? null, before?.[0] ?? null, before?.[1] ?? null, limit],
    );
    return rows.map(({ undoReason, undoneBy, undoStartedAt, undoneAt, reversed, ...kept }) => ({
      ...kept,
      undo:
        undoReason === null
          ? null
          : { reason: undoReason, startedAt: undoStartedAt!, endedAt: undoneAt, undoneBy: undoneBy!, reversed },
    }));
  }

  /** Marks an import as being undone, after its running chunk has ended. A second call changes nothing. */
  async beginUndo(tx: Transaction, importId: string, reason: string, userId: string, now: Date): Promise<void> {
    await tx.query(
      `update imports set status = 'undoing', undo_reason = $2, undone_by = $3, undo_started_at = $4
       where id = $1 and status not in ('undoing', 'undone')`,
      [importId, reason, userId, now],
    );
  }

  /** Whether the import has an entry on a subscription of another CSM. */
  async reachesBeyond(tx: Transaction, importId: string, csmIds: readonly string[]): Promise<boolean> {
    const [found] = await tx.query<{ beyond: boolean }>(
      `select exists (select from import_chunks c cross join unnest(c.entry_ids) as w (id)
         join time_entries e on e.id = w.id join subscriptions s on s.id = e.subscription_id
         where c.import_id = $1 and s.csm_id <> all($2::uuid[])) as beyond`,
      [importId, csmIds],
    );
    return found!.beyond;
  }

  /** The next chunk of an import after `chunkId`, with its standing entries. */
  async chunkAfter(
    tx: Transaction,
    importId: string,
    chunkId: string | undefined,
  ): Promise<{ id: string; entryIds: string[] } | undefined> {
    const [chunk] = await tx.query<{ id: string; entryIds: string[] }>(
      `select c.id, array(select w.id from unnest(c.entry_ids) with ordinality as w (id, place)
           where not exists (select from time_entry_reversals r where r.time_entry_id = w.id) order by place) as "entryIds"
       from import_chunks c where c.import_id = $1 and ($2::uuid is null or c.id > $2) order by c.id limit 1`,
      [importId, chunkId ?? null],
    );
    return chunk;
  }

  /** Adds to the number of entries that the undo has reversed. It commits together with their reversals. */
  addReversed(importId: string, count: number): Statement {
    return { sql: 'update imports set reversed = reversed + $2 where id = $1', values: [importId, count] };
  }

  async endUndo(tx: Transaction, importId: string, now: Date): Promise<void> {
    await tx.query(`update imports set status = 'undone', undone_at = $2 where id = $1 and status = 'undoing'`, [
      importId,
      now,
    ]);
  }
}

/** If a running import has booked no chunk for so long, its process has gone: a chunk takes a second, and waits a few more. */
const silence = '5 minutes';

const selectImports = `
select i.id, case when i.status = 'running' and i.alive_at < now() - interval '${silence}' then 'interrupted' else i.status end as status,
  i.file_name as "fileName", i.map, i.started_at as "startedAt", i.started_by as "startedBy", u.name as "startedByName",
  i.ended_at as "endedAt", i.rows, i.accepted, i.present, i.refused, i.minutes,
  i.undo_reason as "undoReason", i.undone_by as "undoneBy", i.undo_started_at as "undoStartedAt", i.undone_at as "undoneAt",
  i.reversed
from imports i left join users u on u.id = i.started_by`;
