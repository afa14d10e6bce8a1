import type { Chain } from './chain.js';
import type { Call, ReadRequest, StoredEntry, Violation } from './history.js';
import { nameOf } from './bookings.js';

export type ReadCall = Call<ReadRequest>;

/** Whether a read can have been answered at a position of the ledger. */
export type Fits = (position: number) => boolean;

interface ShownBalance {
  grantedMinutes: number;
  usedMinutes: number;
  remainingMinutes: number;
  unallocatedMinutes: number;
  onsite: { usedMinutes: number };
}

interface ShownEntry {
  id: string;
  minutes: number;
  reversal: object | null;
}

interface ShownRow {
  id: string;
  kind: string;
  minutes: number;
  onsiteMinutes: number;
  balanceAfterMinutes: number;
}

export const isRead = (call: Call): call is ReadCall =>
  ['balance', 'ledger', 'entry', 'entries'].includes(call.request.kind);

/** The positions at which a balance has these figures. */
export function balanceFits(chain: Chain, body: unknown): Fits {
  const shown = body as ShownBalance;
  const figures = [
    shown.grantedMinutes,
    shown.usedMinutes,
    shown.remainingMinutes,
    Math.max(0, shown.unallocatedMinutes),
    shown.onsite.usedMinutes,
  ];
  return (position) => {
    const at = chain.at(position);
    const { grantedMinutes, usedMinutes, remainingMinutes, unallocatedMinutes, onsiteUsedMinutes } = at;
    const there = [grantedMinutes, usedMinutes, remainingMinutes, Math.max(0, unallocatedMinutes), onsiteUsedMinutes];
    return there.every((minutes, field) => minutes === figures[field]);
  };
}

/**
 * The positions at which a read can have been answered; undefined if it had no answer that shows anything. Reports rows and entries
 * that do not stand.
 */
export function seenBy(
  call: ReadCall,
  chain: Chain,
  entries: ReadonlyMap<string, StoredEntry>,
  report: (violation: Violation) => void,
): Fits | undefined {
  const { request, answered } = call;
  if (answered === undefined || (answered.status !== 200 && request.kind !== 'entry')) return undefined;
  const say = (found: string): void =>
    report({ promise: 'a read shows what stands', found: `${nameOf(call)}: ${found}` });
  switch (request.kind) {
    case 'balance':
      return balanceFits(chain, answered.body);
    case 'ledger':
      return ledgerFits(request.afterId, answered.body as { data: ShownRow[]; nextCursor: string | null }, chain, say);
    case 'entry': {
      const shown = answered.status === 200 ? (answered.body as ShownEntry) : undefined;
      if (answered.status !== 200 && answered.status !== 404) return undefined;
      return entryFits(chain, request.entryId, shown, entries, say);
    }
    case 'entries': {
      const { data, nextCursor } = answered.body as { data: ShownEntry[]; nextCursor: string | null };
      const shown = new Map(data.map((entry) => [entry.id, entry]));
      const { subscriptionId, workDate, consultantId } = request;
      const missing =
        nextCursor !== null
          ? []
          : [...entries.values()].filter(
              (entry) =>
                entry.subscriptionId === subscriptionId &&
                entry.workDate === workDate &&
                entry.consultantId === consultantId &&
                !shown.has(entry.id),
            );
      const fits = [
        ...data.map((entry) => entryFits(chain, entry.id, entry, entries, say)),
        ...missing.map(({ id }) => entryFits(chain, id, undefined, entries, say)),
      ];
      return (position) => fits.every((one) => one(position));
    }
  }
}

/** A page shows the rows after its start without a gap; the last page shows all rows up to the position of the read. */
function ledgerFits(
  afterId: string | undefined,
  { data, nextCursor }: { data: ShownRow[]; nextCursor: string | null },
  chain: Chain,
  say: (found: string) => void,
): Fits {
  const start = afterId === undefined ? 0 : chain.positionOf(afterId);
  if (start === undefined) {
    say(`the row ${afterId} was shown before and does not stand`);
    return () => true;
  }
  data.forEach((shown, at) => {
    const row = chain.rows[start + at];
    const differs = (['id', 'kind', 'minutes', 'onsiteMinutes', 'balanceAfterMinutes'] as const).filter(
      (field) => shown[field] !== row?.[field],
    );
    if (differs.length > 0) say(`row ${start + at + 1} is shown with another ${differs.join(', ')}`);
  });
  const end = start + data.length;
  return nextCursor === null ? (position) => position === end : (position) => position >= end;
}

function entryFits(
  chain: Chain,
  id: string,
  shown: ShownEntry | undefined,
  entries: ReadonlyMap<string, StoredEntry>,
  say: (found: string) => void,
): Fits {
  const from = chain.useOf(id);
  const reversedFrom = chain.reversalOf(id) ?? Infinity;
  if (shown === undefined) return (position) => from === undefined || position < from;
  const entry = entries.get(id);
  if (from === undefined || entry === undefined) {
    say(`the entry ${id} is shown and does not stand`);
    return () => true;
  }
  if (shown.minutes !== entry.minutes)
    say(`the entry ${id} is shown with ${shown.minutes} minutes, not ${entry.minutes}`);
  return shown.reversal === null
    ? (position) => position >= from && position < reversedFrom
    : (position) => position >= reversedFrom;
}
