/** A moment in milliseconds on the one monotonic clock of the run. */
export type Moment = number;

/** A time entry as a client wants it. No two requests of a run have the same summary, except repeats with one key. */
export interface WantedEntry {
  subscriptionId: string;
  workDate: string;
  minutes: number;
  consultantId: string;
  productLineId: string;
  delivery: 'remote' | 'onsite';
  summary: string;
}

/** A request that books. `entryId` is an entry that an earlier answer has named. */
export type BookingRequest =
  | { kind: 'log'; entry: WantedEntry }
  | { kind: 'adjust'; entry: WantedEntry }
  | { kind: 'reverse'; entryId: string; subscriptionId: string; reason: string }
  | { kind: 'correct'; entryId: string; reason: string; entry: WantedEntry }
  | { kind: 'batch'; atomic: boolean; entries: readonly WantedEntry[] };

export type ReadRequest =
  | { kind: 'balance'; subscriptionId: string }
  /** `afterId`: the ledger row before the page; undefined for the first page. */
  | { kind: 'ledger'; subscriptionId: string; afterId: string | undefined }
  | { kind: 'entry'; subscriptionId: string; entryId: string }
  | { kind: 'entries'; subscriptionId: string; workDate: string; consultantId: string };

/** A request that was sent, with its answer if one has arrived. */
export interface Call<Request = BookingRequest | ReadRequest> {
  /** The calls of a run are numbered as they were sent. */
  number: number;
  /** The calls of one connection arrive at the service in the order of their numbers. */
  connection: number;
  userId: string;
  /** The `Idempotency-Key`. */
  key?: string;
  request: Request;
  startedAt: Moment;
  /** Absent if the connection ended before the answer. */
  answered?: { at: Moment; status: number; replayed: boolean; body: unknown };
}

/** The agreement of a subscription, which does not change during the run. */
export interface Agreement {
  subscriptionId: string;
  onsiteCapMinutes: number;
  allocations: readonly { consultantId: string; productLineId: string; minutes: number }[];
}

export interface LedgerRow {
  subscriptionId: string;
  id: string;
  sequence: number;
  kind: string;
  minutes: number;
  onsiteMinutes: number;
  timeEntryId: string | null;
  balanceAfterMinutes: number;
}

export interface StoredEntry extends WantedEntry {
  id: string;
}

/** The database after the run, when no instance runs any more. Each subscription has one term. */
export interface Stored {
  ledger: readonly LedgerRow[];
  entries: readonly StoredEntry[];
  reversals: readonly { timeEntryId: string; reason: string }[];
  balances: readonly { subscriptionId: string; usedMinutes: number; onsiteUsedMinutes: number; lastSequence: number }[];
}

/** Everything that the checker needs. */
export interface History {
  agreements: readonly Agreement[];
  /** The most minutes of a consultant on one day, over all subscriptions. */
  consultantDayMinutes: number;
  calls: readonly Call[];
  stored: Stored;
}

/** The promises that the checker looks at. */
export type PromiseName =
  | 'no answer is unexpected'
  | 'an acknowledged booking stands exactly once'
  | 'an unacknowledged booking stands at most once'
  | 'a refused booking does not stand'
  | 'all that stands was asked for'
  | 'a key has one answer'
  | 'the chain of balances has no gap'
  | 'no limit is exceeded'
  | 'a booking stands whole and in its order'
  | 'an answer shows the balance after its booking'
  | 'a read shows what stands'
  | 'no read goes back'
  | 'a refusal is justified'
  | 'bookings keep the order of their requests';

/** A promise that the history breaks, and how. */
export interface Violation {
  promise: PromiseName;
  found: string;
}
