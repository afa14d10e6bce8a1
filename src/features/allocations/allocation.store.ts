import { Injectable } from '@nestjs/common';
import type { Allocation } from '../../domain/allocation.js';
import type { Day } from '../../domain/calendar.js';
import type { DatedAllocationSet } from '../../domain/contract.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** A set to be inserted. `setBy` is null if a roll-over copied the set. */
export interface NewAllocationSet extends DatedAllocationSet {
  id: string;
  termId: string;
  setAt: Date;
  setBy: string | null;
}

interface SetRow {
  termId: string;
  sequence: number;
  fromOn: Day;
  consultantId: string | null;
  productLineId: string | null;
  minutes: number | null;
  isPrimary: boolean | null;
}

const setColumns = `s.term_id as "termId", s.sequence, s.from_on as "fromOn", a.consultant_id as "consultantId",
  a.product_line_id as "productLineId", a.minutes, a.is_primary as "isPrimary"`;

/** All SQL of the allocation sets and of the minutes allocated to each pair. */
@Injectable()
export class AllocationStore {
  /** The sets of each term, by sequence. Terms without a set are left out. */
  async setsOf(tx: Transaction, termIds: readonly string[]): Promise<Map<string, DatedAllocationSet[]>> {
    const rows = await tx.prepared<SetRow>(
      'allocation-sets-of-terms',
      `select ${setColumns}
       from allocation_sets s left join allocations a on a.set_id = s.id
       where s.term_id = any($1::uuid[])
       order by s.term_id, s.sequence, a.position`,
      [termIds],
    );
    return grouped(rows);
  }

  /** The current set of each term. Terms without a set are left out. */
  async currentSets(tx: Transaction, termIds: readonly string[]): Promise<Map<string, DatedAllocationSet>> {
    const rows = await tx.prepared<SetRow>(
      'allocation-sets-current',
      `select ${setColumns}
       from (select distinct on (term_id) id, term_id, sequence, from_on from allocation_sets
             where term_id = any($1::uuid[]) order by term_id, sequence desc) s
       left join allocations a on a.set_id = s.id
       order by s.term_id, a.position`,
      [termIds],
    );
    return new Map([...grouped(rows)].map(([termId, sets]) => [termId, sets[0]!]));
  }

  /** Inserts sets. A set is never changed afterwards. */
  async insert(tx: Transaction, sets: readonly NewAllocationSet[]): Promise<void> {
    if (sets.length === 0) return;
    await tx.query(
      `insert into allocation_sets (id, term_id, sequence, from_on, set_at, set_by)
       select * from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::date[], $5::timestamptz[], $6::uuid[])`,
      [
        sets.map(({ id }) => id),
        sets.map(({ termId }) => termId),
        sets.map(({ sequence }) => sequence),
        sets.map(({ fromOn }) => fromOn),
        sets.map(({ setAt }) => setAt),
        sets.map(({ setBy }) => setBy),
      ],
    );
    const lines = sets.flatMap(({ id, allocations }) =>
      allocations.map((allocation, at) => ({ ...allocation, setId: id, position: at + 1 })),
    );
    if (lines.length === 0) return;
    await tx.query(
      `insert into allocations (set_id, consultant_id, product_line_id, position, minutes, is_primary)
       select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[], $5::integer[], $6::boolean[])`,
      [
        lines.map(({ setId }) => setId),
        lines.map(({ consultantId }) => consultantId),
        lines.map(({ productLineId }) => productLineId),
        lines.map(({ position }) => position),
        lines.map(({ minutes }) => minutes),
        lines.map(({ primary }) => primary),
      ],
    );
  }
}

/** An empty set has one row, without a consultant. */
function grouped(rows: readonly SetRow[]): Map<string, DatedAllocationSet[]> {
  const sets = new Map<string, (DatedAllocationSet & { allocations: Allocation[] })[]>();
  for (const { termId, sequence, fromOn, consultantId, productLineId, minutes, isPrimary } of rows) {
    const ofTerm = sets.get(termId) ?? [];
    sets.set(termId, ofTerm);
    let set = ofTerm.at(-1);
    if (set?.sequence !== sequence) ofTerm.push((set = { sequence, fromOn, allocations: [] }));
    if (consultantId === null || productLineId === null) continue;
    set.allocations.push({ consultantId, productLineId, minutes: minutes ?? 0, primary: isPrimary === true });
  }
  return sets;
}
