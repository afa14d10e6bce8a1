import { Chain } from './chain.js';
import type { BookingRequest, Call, History, LedgerRow, ReadRequest, StoredEntry, WantedEntry } from './history.js';

type Change<T> = { -readonly [Field in keyof T]: T[Field] };

/** A history in which a test plants a violation. */
export interface PlantedHistory {
  agreements: History['agreements'];
  consultantDayMinutes: number;
  calls: Call[];
  stored: {
    ledger: LedgerRow[];
    entries: StoredEntry[];
    reversals: { timeEntryId: string; reason: string }[];
    balances: Change<History['stored']['balances'][number]>[];
  };
}

export const subscriptionId = 'S';
export const otherId = 'T';

/** One minute of remote work of consultant C on line L of subscription S; 1,000 minutes are granted, and 100 minutes are allocated to C. */
export const work = (summary: string, change: Partial<WantedEntry> = {}): WantedEntry => ({
  subscriptionId,
  workDate: '2026-07-10',
  minutes: 1,
  consultantId: 'C',
  productLineId: 'L',
  delivery: 'remote',
  summary,
  ...change,
});

/** Writes a history call by call, with the ledger that a service without mistakes has after it. */
export class Planting {
  readonly history: PlantedHistory;
  #now = 0;

  constructor() {
    const allocations = [
      { consultantId: 'C', productLineId: 'L', minutes: 100 },
      { consultantId: 'D', productLineId: 'L', minutes: 0 },
    ];
    const agreement = { onsiteCapMinutes: 250, allocations };
    this.history = {
      agreements: [subscriptionId, otherId].map((id) => ({ subscriptionId: id, ...agreement })),
      consultantDayMinutes: 1_440,
      calls: [],
      stored: { ledger: [], entries: [], reversals: [], balances: [] },
    };
    for (const id of [subscriptionId, otherId]) {
      this.history.stored.balances.push({ subscriptionId: id, usedMinutes: 0, onsiteUsedMinutes: 0, lastSequence: 0 });
      this.#post(id, 'grant', 1_000, 0, null);
    }
  }

  /** A call that starts after all calls before it have ended, unless `extra` says otherwise. */
  call(
    request: BookingRequest | ReadRequest,
    answer: { status: number; body: unknown; replayed?: boolean } | undefined,
    extra: Partial<Pick<Call, 'key' | 'connection' | 'startedAt'>> & { endedAt?: number } = {},
  ): Call {
    const { endedAt, ...given } = extra;
    const startedAt = given.startedAt ?? ++this.#now;
    const at = endedAt ?? Math.max(startedAt, this.#now) + 1;
    this.#now = Math.max(this.#now, at);
    const call: Call = {
      number: this.history.calls.length + 1,
      connection: this.history.calls.length + 1,
      userId: 'U',
      request,
      startedAt,
      ...given,
      ...(answer && { answered: { at, replayed: false, ...answer } }),
    };
    this.history.calls.push(call);
    return call;
  }

  /** Lets an entry stand; returns its id. */
  stand(entry: WantedEntry): string {
    const id = `entry ${this.history.stored.entries.length + 1}`;
    this.history.stored.entries.push({ id, ...entry });
    this.#post(entry.subscriptionId, 'use', -entry.minutes, entry.delivery === 'onsite' ? -entry.minutes : 0, id);
    return id;
  }

  reverse(id: string, reason: string): void {
    const { minutes, delivery, subscriptionId: of } = this.history.stored.entries.find((entry) => entry.id === id)!;
    this.history.stored.reversals.push({ timeEntryId: id, reason });
    this.#post(of, 'reversal', minutes, delivery === 'onsite' ? minutes : 0, id);
  }

  /** What `GET …/balance` answers after all rows so far. */
  balance(of = subscriptionId): object {
    const agreement = this.history.agreements.find((one) => one.subscriptionId === of)!;
    const { stored } = this.history;
    const chain = new Chain(agreement, stored, new Map(stored.entries.map((entry) => [entry.id, entry])));
    const { onsiteUsedMinutes, ...minutes } = chain.at(chain.length);
    return { ...minutes, onsite: { usedMinutes: onsiteUsedMinutes } };
  }

  /** Logs an entry that is accepted. */
  log(entry: WantedEntry, extra: Parameters<Planting['call']>[2] = {}): string {
    const id = this.stand(entry);
    this.call({ kind: 'log', entry }, this.accepted(id, entry.subscriptionId), extra);
    return id;
  }

  accepted(id: string, of = subscriptionId): { status: number; body: unknown } {
    return { status: 201, body: { entry: { id }, balance: this.balance(of) } };
  }

  #post(of: string, kind: string, minutes: number, onsiteMinutes: number, timeEntryId: string | null): void {
    const { ledger, balances } = this.history.stored;
    const rows = ledger.filter((row) => row.subscriptionId === of);
    const balanceAfterMinutes = (rows.at(-1)?.balanceAfterMinutes ?? 0) + minutes;
    const sequence = rows.length + 1;
    const id = `row ${of} ${sequence}`;
    ledger.push({ subscriptionId: of, id, sequence, kind, minutes, onsiteMinutes, timeEntryId, balanceAfterMinutes });
    const balance = balances.find((one) => one.subscriptionId === of)!;
    balance.lastSequence = sequence;
    if (kind === 'grant') return;
    balance.usedMinutes -= minutes;
    balance.onsiteUsedMinutes -= onsiteMinutes;
  }
}

/** Its code, the limit, the minutes used and the minutes that remain. */
export type LimitHit = readonly [code: string, limit: number, used: number, remaining: number];

/** The answer to a booking that exceeds limits. */
export function refused(...limits: readonly LimitHit[]): {
  status: number;
  body: { code: string; violations: object[] };
} {
  const violations = limits.map(([code, limitMinutes, usedMinutes, remainingMinutes]) => ({
    code,
    limitMinutes,
    usedMinutes,
    remainingMinutes,
  }));
  return { status: 422, body: { code: limits.length === 1 ? limits[0]![0] : 'rules-violated', violations } };
}
