import type { Chain } from './chain.js';
import type { BookingRequest, Call, History, Moment, StoredEntry, Violation, WantedEntry } from './history.js';

/** The rows that a booking has in the ledger of a subscription: a run without a gap. */
export interface Run {
  first: number;
  last: number;
}

/** A booking as the service may carry it out once: one call, or all calls with one key. */
export interface Booking {
  name: string;
  request: BookingRequest;
  /** It was carried out after this moment, and before `endedAt`; that is infinite if no call had an answer that decides it. */
  startedAt: Moment;
  endedAt: Moment;
  answer?: { status: number; body: unknown };
  /** Its connection, and its number among all calls. Absent if a call with the same key may have come between. */
  sent?: { connection: number; number: number };
  /** By subscription. */
  runs: ReadonlyMap<string, Run>;
}

export type BookingCall = Call<BookingRequest>;

/** The entries that a request wants. */
export function entriesOf(request: BookingRequest): readonly WantedEntry[] {
  if (request.kind === 'reverse') return [];
  return request.kind === 'batch' ? request.entries : [request.entry];
}

export function subscriptionsOf(request: BookingRequest): Set<string> {
  if (request.kind === 'reverse') return new Set([request.subscriptionId]);
  return new Set(entriesOf(request).map(({ subscriptionId }) => subscriptionId));
}

export const nameOf = ({ number, key, request }: Call): string =>
  `call ${number} (${request.kind}${key === undefined ? '' : `, key ${key}`})`;

/** What an answer says about its booking. */
type Meaning =
  | 'decided'
  /** The service has not even tried. */
  | 'nothing done'
  | 'unknown';

function meaningOf({ answered }: BookingCall): Meaning {
  if (answered === undefined) return 'unknown';
  const { status } = answered;
  const code = codeOf(answered.body);
  if (status === 503) return code === 'database-unavailable' ? 'unknown' : 'nothing done';
  return code === 'idempotency-key-in-use' ? 'nothing done' : 'decided';
}

export const codeOf = (body: unknown): string | undefined => (body as { code?: string } | undefined)?.code;

/** Finds the rows of every booking of the history, and whether each stands as often as its answers say. */
export class Bookings {
  readonly all: Booking[] = [];
  readonly violations: Violation[] = [];
  readonly #bySummary = new Map<string, StoredEntry[]>();
  readonly #byReason = new Map<string, string[]>();

  constructor(
    { calls, stored }: History,
    private readonly chains: ReadonlyMap<string, Chain>,
    private readonly entries: ReadonlyMap<string, StoredEntry>,
  ) {
    for (const entry of stored.entries) {
      this.#bySummary.set(entry.summary, [...(this.#bySummary.get(entry.summary) ?? []), entry]);
    }
    for (const { reason, timeEntryId } of stored.reversals) {
      this.#byReason.set(reason, [...(this.#byReason.get(reason) ?? []), timeEntryId]);
    }
    for (const group of byKey(calls.filter(isBooking))) this.all.push(this.#booking(group));
    this.#nothingElseStands(stored);
  }

  #booking(calls: readonly BookingCall[]): Booking {
    this.#oneAnswerTo(calls);
    const [first] = calls as [BookingCall];
    const decided = calls.filter((call) => meaningOf(call) === 'decided');
    const executed = decided.find(({ answered }) => !answered!.replayed);
    const isAlone = (call: BookingCall): boolean =>
      calls.every((other) => other === call || other.startedAt > (call.answered?.at ?? Infinity));
    const request = first.request;
    const answer = (executed ?? decided[0])?.answered;
    const nothingDone = calls.every((call) => meaningOf(call) === 'nothing done');
    const name = nameOf(executed ?? first);
    const carrier = executed ?? (decided.length === 0 ? first : undefined);
    return {
      name,
      request,
      startedAt: executed?.startedAt ?? first.startedAt,
      endedAt: executed?.answered!.at ?? Math.min(...decided.map(({ answered }) => answered!.at)),
      ...(answer && { answer }),
      ...(carrier && isAlone(carrier) && { sent: { connection: carrier.connection, number: carrier.number } }),
      runs: this.#runsOf(name, request, answer, nothingDone),
    };
  }

  /** All answers to one key that decide it are equal, and at most one answer is not a repetition. */
  #oneAnswerTo(calls: readonly BookingCall[]): void {
    const decided = calls.filter((call) => meaningOf(call) === 'decided');
    const say = (found: string): void => this.#say('a key has one answer', `${nameOf(calls[0]!)}: ${found}`);
    const executed = decided.filter(({ answered }) => !answered!.replayed);
    if (executed.length > 1) say(`carried out by ${executed.map(nameOf).join(' and ')}`);
    const texts = new Set(decided.map(({ answered: { status, body } = {} }) => JSON.stringify([status, body])));
    if (texts.size > 1) say(`answered with ${[...texts].join(' and ')}`);
    const requests = new Set(calls.map(({ request }) => JSON.stringify(request)));
    if (requests.size > 1) throw new Error(`The history has two requests with the key of ${nameOf(calls[0]!)}`);
  }

  #runsOf(name: string, request: BookingRequest, answer: Booking['answer'], nothingDone: boolean): Map<string, Run> {
    const found = entriesOf(request).map((wanted) => this.#storedOf(name, wanted));
    const reversed = this.#reversedBy(name, request);
    if (answer || nothingDone) this.#compareWith(answer, name, request, found, reversed);
    else this.#wholeOrNothing(name, request, found, reversed);

    const rows = new Map<string, number[]>();
    const add = (subscriptionId: string, position: number | undefined): void => {
      if (position !== undefined) rows.set(subscriptionId, [...(rows.get(subscriptionId) ?? []), position]);
    };
    for (const entry of reversed)
      add(entry.subscriptionId, this.chains.get(entry.subscriptionId)?.reversalOf(entry.id));
    for (const entry of found) {
      if (entry) add(entry.subscriptionId, this.chains.get(entry.subscriptionId)?.useOf(entry.id));
    }
    return new Map([...rows].map(([subscriptionId, positions]) => [subscriptionId, this.#runOf(name, positions)]));
  }

  /** The rows of one booking follow each other in the order of its items. */
  #runOf(name: string, positions: readonly number[]): Run {
    if (positions.some((position, at) => position !== positions[0]! + at)) {
      this.#say('a booking stands whole and in its order', `${name} has the rows ${positions.join(', ')}`);
    }
    return { first: Math.min(...positions), last: Math.max(...positions) };
  }

  #storedOf(name: string, wanted: WantedEntry): StoredEntry | undefined {
    const found = this.#bySummary.get(wanted.summary) ?? [];
    if (found.length > 1) {
      this.#say(
        'an unacknowledged booking stands at most once',
        `${name}: ${wanted.summary} stands ${found.length} times`,
      );
    }
    const [entry] = found;
    const differing = entry && fields.filter((field) => entry[field] !== wanted[field]);
    if (differing && differing.length > 0) {
      this.#say(
        'all that stands was asked for',
        `${name}: ${wanted.summary} stands with another ${differing.join(', ')}`,
      );
    }
    return entry;
  }

  #reversedBy(name: string, request: BookingRequest): StoredEntry[] {
    if (request.kind !== 'reverse' && request.kind !== 'correct') return [];
    const ids = this.#byReason.get(request.reason) ?? [];
    if (ids.length > 1)
      this.#say('an unacknowledged booking stands at most once', `${name} has reversed ${ids.join(', ')}`);
    if (ids.some((id) => id !== request.entryId)) {
      this.#say('all that stands was asked for', `${name} has reversed ${ids.join(', ')}, not ${request.entryId}`);
    }
    const entry = ids[0] === undefined ? undefined : this.entries.get(ids[0]);
    return entry ? [entry] : [];
  }

  /** Compares what stands with the answer; without one, nothing may stand. */
  #compareWith(
    answer: Booking['answer'],
    name: string,
    request: BookingRequest,
    found: readonly (StoredEntry | undefined)[],
    reversed: readonly StoredEntry[],
  ): void {
    const ids = acceptedBy(answer, request);
    entriesOf(request).forEach(({ summary }, at) => {
      const stands = found[at]?.id;
      if (ids[at] === undefined && stands !== undefined) {
        this.#say('a refused booking does not stand', `${name}: ${summary} stands as ${stands}`);
      } else if (ids[at] !== stands) {
        const how = stands === undefined ? 'does not stand' : `stands as ${stands}`;
        this.#say('an acknowledged booking stands exactly once', `${name}: ${summary} ${how}, not as ${ids[at]!}`);
      }
    });
    if (request.kind !== 'reverse' && request.kind !== 'correct') return;
    const accepted = answer?.status === 201;
    if (accepted && reversed.length === 0) {
      this.#say('an acknowledged booking stands exactly once', `${name}: ${request.entryId} is not reversed`);
    }
    if (!accepted && reversed.length > 0) {
      this.#say('a refused booking does not stand', `${name}: ${request.entryId} is reversed`);
    }
  }

  /** A correction and an atomic batch stand completely or not at all, also without an answer. */
  #wholeOrNothing(
    name: string,
    request: BookingRequest,
    found: readonly (StoredEntry | undefined)[],
    reversed: readonly StoredEntry[],
  ): void {
    if (!isAtomic(request)) return;
    const wanted = found.length + (request.kind === 'correct' ? 1 : 0);
    const standing = found.filter((entry) => entry !== undefined).length + reversed.length;
    if (standing !== 0 && standing !== wanted) {
      this.#say('a booking stands whole and in its order', `${name}: ${standing} of ${wanted} parts stand`);
    }
  }

  #nothingElseStands({ entries, reversals }: History['stored']): void {
    const summaries = new Set(this.all.flatMap(({ request }) => entriesOf(request).map(({ summary }) => summary)));
    const reasons = new Set(this.all.map(({ request }) => ('reason' in request ? request.reason : '')));
    const unasked = 'all that stands was asked for';
    for (const { id, summary, subscriptionId } of entries) {
      if (!summaries.has(summary)) this.#say(unasked, `no request wanted the entry ${id} (${summary})`);
      if (this.chains.get(subscriptionId)?.useOf(id) === undefined) {
        this.#say(
          'an acknowledged booking stands exactly once',
          `the entry ${id} (${summary}) has no row in the ledger`,
        );
      }
    }
    for (const { timeEntryId, reason } of reversals) {
      if (!reasons.has(reason)) this.#say(unasked, `no request wanted the reversal of ${timeEntryId} (${reason})`);
      const entry = this.entries.get(timeEntryId);
      if (entry && this.chains.get(entry.subscriptionId)?.reversalOf(timeEntryId) === undefined) {
        this.#say(
          'an acknowledged booking stands exactly once',
          `the reversal of ${timeEntryId} has no row in the ledger`,
        );
      }
    }
  }

  #say(promise: Violation['promise'], found: string): void {
    this.violations.push({ promise, found });
  }
}

const fields = ['subscriptionId', 'workDate', 'minutes', 'consultantId', 'productLineId', 'delivery'] as const;

/** Whether a request books all its parts or none. */
export const isAtomic = (request: BookingRequest): boolean =>
  request.kind === 'correct' || (request.kind === 'batch' && request.atomic);

const isBooking = (call: Call): call is BookingCall =>
  !['balance', 'ledger', 'entry', 'entries'].includes(call.request.kind);

/** The ids that an answer gives to the entries of its request; undefined for an entry that is refused. */
function acceptedBy(answer: Booking['answer'], request: BookingRequest): (string | undefined)[] {
  if (request.kind === 'batch') {
    const { results = [] } = (answer?.body ?? {}) as { results?: { entry?: { id: string } }[] };
    return request.entries.map((_, at) => (answer?.status === 200 ? results[at]?.entry?.id : undefined));
  }
  return entriesOf(request).map(() =>
    answer?.status === 201 ? (answer.body as { entry: { id: string } }).entry.id : undefined,
  );
}

/** The entries that an answer has accepted. */
export function acceptedEntries(
  answer: NonNullable<Booking['answer']>,
  request: BookingRequest,
): { id: string; entry: WantedEntry }[] {
  const ids = acceptedBy(answer, request);
  return entriesOf(request).flatMap((entry, at) => (ids[at] === undefined ? [] : [{ id: ids[at], entry }]));
}

/** Calls without a key stand alone; those with one share it with all calls of the user with the same key. */
function byKey(calls: readonly BookingCall[]): BookingCall[][] {
  const groups = new Map<string, BookingCall[]>();
  for (const call of calls) {
    const group = call.key === undefined ? `call ${call.number}` : `${call.userId} ${call.key}`;
    groups.set(group, [...(groups.get(group) ?? []), call]);
  }
  return [...groups.values()];
}
