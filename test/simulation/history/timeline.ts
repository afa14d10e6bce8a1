import { codeOf, isAtomic, nameOf, subscriptionsOf, type Booking } from './bookings.js';
import { Ceilings, type Start } from './ceilings.js';
import type { Chain } from './chain.js';
import type { History, Moment, StoredEntry, Violation } from './history.js';
import { followsFrom, judgedBy, type JudgedEntry } from './judgement.js';
import { balanceFits, isRead, seenBy, type Fits, type ReadCall } from './reads.js';

/** The earliest position that a call can have, and the call that says so. */
interface Floor {
  position: number;
  by: string;
  /** Set if both calls came on one connection. */
  sameConnection: boolean;
}

/** Where a call can have come to its answer on one subscription. */
interface Window {
  floor: Floor;
  ceiling: number;
}

type Step = { at: Moment; isEnd: boolean } & ({ booking: Booking } | { read: ReadCall });

/**
 * Looks for the position of each call in the ledgers.
 *
 * The ledger of a subscription is the order in which its bookings were carried out. Each read and each refusal saw one position of that
 * ledger: a number of rows. The position must not lie before a booking or a read that ended before the call started, nor after a
 * booking that started after the call ended. The calls are taken in the order of their start, and each gets the earliest position that
 * explains its answer. So if none is found, there is none.
 *
 * A call without an answer has no end: its booking may stand, and may have been carried out at any time after its start.
 */
export class Timeline {
  readonly #violations: Violation[] = [];
  /** By subscription: the floor for calls that start from now on. */
  readonly #floors = new Map<string, Floor>();
  /** By connection and subscription: the floor for later bookings of the connection. */
  readonly #floorsOfConnections = new Map<string, Floor>();
  /** The positions that calls have seen, to be raised at their end. */
  readonly #seen = new Map<Booking | ReadCall, Map<string, number>>();
  readonly #ceilings: ReadonlyMap<string, Ceilings>;
  /** By connection and subscription. */
  readonly #ceilingsOfConnections: ReadonlyMap<string, Ceilings>;
  /** Positions between the rows of an atomic booking, by subscription. Nobody may see them. */
  readonly #inside = new Map<string, Set<number>>();

  constructor(
    private readonly history: History,
    private readonly chains: ReadonlyMap<string, Chain>,
    private readonly bookings: readonly Booking[],
    private readonly entries: ReadonlyMap<string, StoredEntry>,
  ) {
    for (const id of chains.keys()) {
      this.#floors.set(id, { position: 0, by: 'the start', sameConnection: false });
      this.#inside.set(id, new Set());
    }
    const starts = new Map<string, Start[]>([...chains.keys()].map((id) => [id, []]));
    const sent = new Map<string, Start[]>();
    for (const { request, runs, startedAt, sent: as } of bookings) {
      for (const [id, { first, last }] of runs) {
        starts.get(id)!.push({ order: startedAt, first });
        if (as) {
          const place = placeOf(as.connection, id);
          if (!sent.has(place)) sent.set(place, []);
          sent.get(place)!.push({ order: as.number, first });
        }
        if (isAtomic(request)) for (let at = first; at < last; at++) this.#inside.get(id)!.add(at);
      }
    }
    const ceilings = (of: ReadonlyMap<string, Start[]>): Map<string, Ceilings> =>
      new Map([...of].map(([place, found]) => [place, new Ceilings(found)]));
    [this.#ceilings, this.#ceilingsOfConnections] = [ceilings(starts), ceilings(sent)];
  }

  violations(): Violation[] {
    for (const step of this.#steps()) {
      if (step.isEnd) this.#end('booking' in step ? step.booking : step.read);
      else if ('booking' in step) this.#startBooking(step.booking);
      else this.#startRead(step.read);
    }
    return this.#violations;
  }

  #steps(): Step[] {
    const steps: Step[] = [];
    for (const booking of this.bookings) {
      steps.push({ at: booking.startedAt, isEnd: false, booking });
      if (booking.endedAt !== Infinity) steps.push({ at: booking.endedAt, isEnd: true, booking });
    }
    for (const read of this.history.calls.filter(isRead)) {
      if (read.answered === undefined) continue;
      steps.push({ at: read.startedAt, isEnd: false, read }, { at: read.answered.at, isEnd: true, read });
    }
    // At one moment starts come first: such calls overlap.
    return steps.sort((one, other) => one.at - other.at || Number(one.isEnd) - Number(other.isEnd));
  }

  /** Later calls cannot see less than a call that has ended. */
  #end(call: Booking | ReadCall): void {
    for (const [id, position] of this.#seen.get(call) ?? []) {
      if (position > this.#floors.get(id)!.position) {
        const by = 'runs' in call ? call.name : nameOf(call);
        this.#floors.set(id, { position, by, sameConnection: false });
      }
    }
    this.#seen.delete(call);
  }

  #startBooking(booking: Booking): void {
    const { runs, sent } = booking;
    const ids = subscriptionsOf(booking.request);
    const windows = new Map([...this.chains.keys()].map((id) => [id, this.#windowOf(booking, id, ids.has(id))]));
    for (const [id, { first }] of runs) this.#keepsOrder(booking, id, first, windows.get(id)!.floor);
    const judged = judgedBy(booking, this.entries);
    const seen = new Map<string, number>();
    for (const id of ids) {
      const run = runs.get(id);
      const position = run ? run.last : this.#refusedAt(booking, id, windows, judged);
      if (position !== undefined) seen.set(id, position);
      if (run && judged.length > 0 && !this.#followsOn(id, booking, windows, judged)(run.first - 1)) {
        const found = `${booking.name} was carried out after row ${run.first - 1} of ${id}, against its figures there`;
        this.#say('a refusal is justified', found);
      }
      if (run) this.#showsBalanceAfter(booking, id, run.last);
    }
    this.#seen.set(booking, seen);
    if (sent === undefined) return;
    for (const [id, position] of seen) {
      const place = placeOf(sent.connection, id);
      if (position >= (this.#floorsOfConnections.get(place)?.position ?? 0)) {
        this.#floorsOfConnections.set(place, { position, by: booking.name, sameConnection: true });
      }
    }
  }

  #keepsOrder({ name }: Booking, id: string, first: number, floor: Floor): void {
    if (first > floor.position) return;
    const order = floor.sameConnection ? 'was sent before it on the same connection' : 'ended before it started';
    this.#say(
      'bookings keep the order of their requests',
      `${name} has row ${first} of ${id}, but ${floor.by}, which ${order}, stands or saw row ${floor.position}`,
    );
  }

  /** A position at which a refusal is justified; undefined if the booking has no answer that is judged by positions. */
  #refusedAt(
    booking: Booking,
    id: string,
    windows: ReadonlyMap<string, Window>,
    judged: readonly JudgedEntry[],
  ): number | undefined {
    const { answer, request, name } = booking;
    if (answer === undefined) return undefined;
    const { floor, ceiling } = windows.get(id)!;
    const chain = this.chains.get(id)!;
    const stands = (entryId: string, position: number): boolean =>
      position >= (chain.useOf(entryId) ?? Infinity) && position < (chain.reversalOf(entryId) ?? Infinity);
    const follows = this.#followsOn(id, booking, windows, judged);
    let fits: Fits;
    if (codeOf(answer.body) === 'already-reversed' && 'entryId' in request) {
      fits = (position) => position >= (chain.reversalOf(request.entryId) ?? Infinity);
    } else if (judged.some(({ entry }) => entry.subscriptionId === id)) {
      fits = (position) => (request.kind !== 'correct' || stands(request.entryId, position)) && follows(position);
    } else return undefined;
    const position = this.#search(fits, id, floor.position, ceiling);
    if (position === undefined) {
      const text = JSON.stringify(answer.body);
      this.#say(
        'a refusal is justified',
        `${name}: not at the positions ${floor.position} to ${ceiling} of ${id}: ${text}`,
      );
    }
    return position;
  }

  /** Whether the answer to a booking follows from the figures of a subscription at a position. */
  #followsOn(
    id: string,
    { runs }: Booking,
    windows: ReadonlyMap<string, Window>,
    judged: readonly JudgedEntry[],
  ): (position: number) => boolean {
    const known = new Map<string, Set<number>>();
    const elsewhere = (day: string): Set<number> => {
      let sums = known.get(day);
      if (sums) return sums;
      sums = new Set([0]);
      for (const [other, chain] of this.chains) {
        if (other === id) continue;
        const run = runs.get(other);
        const { floor, ceiling } = windows.get(other)!;
        const [from, to] = run ? [run.first - 1, run.first - 1] : [floor.position, ceiling];
        const added = new Set<number>();
        for (const minutes of chain.totalsBetween(day, from, Math.max(from, to))) {
          for (const sum of sums) added.add(sum + minutes);
        }
        sums = added;
      }
      known.set(day, sums);
      return sums;
    };
    const chain = this.chains.get(id)!;
    return (position) => followsFrom(chain, position, judged, elsewhere, this.history.consultantDayMinutes);
  }

  #showsBalanceAfter({ name, answer, request }: Booking, id: string, last: number): void {
    if (answer?.status !== 201 || request.kind === 'batch') return;
    const { balance } = answer.body as { balance: unknown };
    if (balanceFits(this.chains.get(id)!, balance)(last)) return;
    this.#say(
      'an answer shows the balance after its booking',
      `${name}, row ${last} of ${id}: ${JSON.stringify(balance)}`,
    );
  }

  #startRead(read: ReadCall): void {
    const id = read.request.subscriptionId;
    const chain = this.chains.get(id)!;
    const fits = seenBy(read, chain, this.entries, (violation) => this.#violations.push(violation));
    if (fits === undefined) return;
    const floor = this.#floors.get(id)!;
    const ceiling = this.#ceilingAfter(id, read.answered!.at);
    const position = this.#search(fits, id, floor.position, ceiling);
    if (position !== undefined) {
      this.#seen.set(read, new Map([[id, position]]));
      return;
    }
    const before = this.#search(fits, id, 0, floor.position - 1);
    const text = JSON.stringify(read.answered!.body).slice(0, 500);
    const what =
      before === undefined ? 'shows a state that never was in its time' : `shows row ${before} of the ledger`;
    const since = `${floor.by} stood at or saw row ${floor.position} before it started`;
    this.#say(
      'no read goes back',
      `${nameOf(read)} of ${id} ${what}; ${since}, and row ${ceiling} was the last by its end: ${text}`,
    );
  }

  /** `isBooked`: on other subscriptions, whose work counts for a consultant's day, a booking keeps no order with its connection. */
  #windowOf({ endedAt, sent }: Booking, id: string, isBooked: boolean): Window {
    const ended = this.#floors.get(id)!;
    const place = sent && isBooked ? placeOf(sent.connection, id) : undefined;
    const before = place === undefined ? undefined : this.#floorsOfConnections.get(place);
    const after = place === undefined ? undefined : this.#ceilingsOfConnections.get(place)?.after(sent!.number);
    return {
      floor: before && before.position > ended.position ? before : ended,
      ceiling: Math.min(this.#ceilingAfter(id, endedAt), after ?? Infinity),
    };
  }

  #ceilingAfter(id: string, endedAt: Moment): number {
    return Math.min(this.#ceilings.get(id)!.after(endedAt), this.chains.get(id)!.length);
  }

  #search(fits: Fits, id: string, from: number, to: number): number | undefined {
    const inside = this.#inside.get(id)!;
    for (let position = from; position <= to; position++) {
      if (!inside.has(position) && fits(position)) return position;
    }
    return undefined;
  }

  #say(promise: Violation['promise'], found: string): void {
    this.#violations.push({ promise, found });
  }
}

const placeOf = (connection: number, subscriptionId: string): string => `${connection} ${subscriptionId}`;
