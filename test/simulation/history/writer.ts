import type { Random } from '../random.js';
import { acceptedEntries } from './bookings.js';
import { PipelinedConnection } from '../../support/pipelined-connection.js';
import { busyDays, closedDays, openDays, type BookedSubscription, type Contracts } from './contracts.js';
import type { BookingRequest, Call, WantedEntry } from './history.js';
import type { Instances } from './instances.js';
import type { Recorder, Sending } from './recorder.js';

/** What the writers and readers of a run share. */
export interface Scene {
  contracts: Contracts;
  instances: Instances;
  recorder: Recorder;
  /** Entries that an answer has named and nobody has wanted to reverse yet. */
  standing: KnownEntry[];
  /** The latest entries that an answer has named. */
  recent: KnownEntry[];
  goesOn: () => boolean;
}

export interface KnownEntry {
  id: string;
  entry: WantedEntry;
}

interface Planned {
  request: BookingRequest;
  key?: string;
}

const mostRecent = 500;
const mostPipelined = 8;

/** A client that books, reverses and corrects. Half of the writers send several requests before they read the answers. */
export class Writer {
  readonly #pipelines: boolean;
  #requests = 0;
  #main: Line | undefined;
  /** For a second sending of a request with a key, mostly at another instance. */
  #side: Line | undefined;
  /** Requests with a key whose answer is missing. */
  #lost: Planned[] = [];

  constructor(
    private readonly scene: Scene,
    private readonly number: number,
    private readonly random: Random,
  ) {
    this.#pipelines = number % 2 === 1;
  }

  async work(): Promise<void> {
    while (this.scene.goesOn()) {
      const line = await this.#line('main');
      if (line === undefined) continue;
      const count = this.#pipelines ? this.random.between(2, mostPipelined) : 1;
      const planned = Array.from({ length: count }, () => this.#next());
      await Promise.all(planned.map((one) => this.#send(line, one)));
    }
    this.#main?.connection.end();
    this.#side?.connection.end();
  }

  /** A request whose answer was lost, or a new one. */
  #next(): Planned {
    const lost = this.random.chance(0.5) ? this.#lost.shift() : undefined;
    if (lost) return lost;
    const request = this.#drawn();
    return this.random.chance(0.5) ? { request, key: `key-${this.number}-${this.#requests}` } : { request };
  }

  async #send(line: Line, planned: Planned): Promise<void> {
    const twin = planned.key !== undefined && this.random.chance(0.08) ? this.#repeat(planned) : undefined;
    const call = await this.#record(line, planned);
    await twin;
    if (call.answered === undefined) {
      if (planned.key !== undefined) this.#lost.push(planned);
    } else if (planned.key !== undefined && this.random.chance(0.1)) await this.#repeat(planned);
  }

  async #repeat(planned: Planned): Promise<void> {
    const line = await this.#line('side');
    if (line) await this.#record(line, planned);
  }

  async #record({ connection, number }: Line, { request, key }: Planned): Promise<Call> {
    const { recorder, contracts, standing, recent } = this.scene;
    const { userId } = contracts.users[this.number % contracts.users.length]!;
    const call = await recorder.send({ connection, number, userId }, request, this.#sending(request), key);
    if (call.answered && !call.answered.replayed) {
      const known = acceptedEntries(call.answered, request);
      standing.push(...known);
      recent.push(...known);
      if (recent.length > mostRecent) recent.splice(0, recent.length - mostRecent);
    }
    return call;
  }

  async #line(which: 'main' | 'side'): Promise<Line | undefined> {
    const { contracts, instances, recorder } = this.scene;
    const line = which === 'main' ? this.#main : this.#side;
    // Now and then a client comes through another instance.
    if (line?.connection.isOpen && !this.random.chance(0.02)) return line;
    line?.connection.end();
    const { token } = contracts.users[this.number % contracts.users.length]!;
    const connection = await PipelinedConnection.open(instances.oneOf(this.random), token);
    const opened = connection && { connection, number: recorder.newConnection() };
    if (which === 'main') this.#main = opened;
    else this.#side = opened;
    return opened;
  }

  #drawn(): BookingRequest {
    const { random } = this;
    const kind = random.weighted([
      [45, 'log'],
      [12, 'batch'],
      [22, 'reverse'],
      [12, 'correct'],
      [9, 'adjust'],
    ] as const);
    const name = `${this.number}-${++this.#requests}`;
    switch (kind) {
      case 'log':
        return { kind, entry: this.#entry(name) };
      case 'adjust':
        return { kind, entry: { ...this.#entry(name), workDate: random.oneOf(closedDays), delivery: 'remote' } };
      case 'batch': {
        const entries = Array.from({ length: random.between(2, 6) }, (_, at) => this.#entry(`${name}.${at}`));
        return { kind, atomic: random.chance(0.5), entries };
      }
      case 'reverse':
      case 'correct': {
        const known = this.#oneStanding();
        if (known === undefined) return { kind: 'log', entry: this.#entry(name) };
        const { id: entryId, entry } = known;
        const reason = `Reason ${name}`;
        if (kind === 'reverse') return { kind, entryId, subscriptionId: entry.subscriptionId, reason };
        const minutes = random.chance(0.5) ? random.between(1, entry.minutes) : this.#minutes();
        return { kind, entryId, reason, entry: { ...entry, minutes, summary: `Work ${name}` } };
      }
    }
  }

  /** Mostly it is taken from the list, so that few entries are reversed twice. */
  #oneStanding(): KnownEntry | undefined {
    const { standing } = this.scene;
    if (standing.length === 0) return undefined;
    const at = this.random.below(standing.length);
    return this.random.chance(0.85) ? standing.splice(at, 1)[0] : standing[at];
  }

  #entry(name: string): WantedEntry {
    const { random } = this;
    const [basic, premier, second, enterprise, dedicated] = this.scene.contracts.subscriptions as BookedSubscriptions;
    const subscription = random.weighted([
      [2, basic],
      [3, premier],
      [3, second],
      [2, enterprise],
      [1, dedicated],
    ]);
    const { consultantId, productLineId } = random.oneOf(subscription.allocations);
    return {
      subscriptionId: subscription.subscriptionId,
      workDate: random.oneOf(random.chance(0.2) ? busyDays : openDays),
      minutes: this.#minutes(),
      consultantId,
      productLineId,
      delivery: subscription.visitId !== undefined && random.chance(0.3) ? 'onsite' : 'remote',
      summary: `Work ${name}`,
    };
  }

  #minutes(): number {
    return this.random.chance(0.1) ? this.random.between(200, 900) : this.random.between(1, 120);
  }

  #sending(request: BookingRequest): Sending {
    const path = '/v1/time-entries';
    switch (request.kind) {
      case 'log': {
        const { subscriptionId, ...body } = this.#body(request.entry);
        return { method: 'POST', path: `/v1/subscriptions/${subscriptionId}/time-entries`, body };
      }
      case 'adjust': {
        const body = { ...this.#body(request.entry), reason: 'Forgotten' };
        return { method: 'POST', path: `/v1/periods/${request.entry.workDate.slice(0, 7)}/adjustments`, body };
      }
      case 'batch': {
        const { atomic, entries } = request;
        const body = { atomic, entries: entries.map((entry) => this.#body(entry)) };
        return { method: 'POST', path: `${path}/batch`, body };
      }
      case 'reverse':
        return { method: 'POST', path: `${path}/${request.entryId}/reversal`, body: { reason: request.reason } };
      case 'correct': {
        const { subscriptionId: _, ...entry } = this.#body(request.entry);
        const body = { ...entry, reason: request.reason };
        return { method: 'POST', path: `${path}/${request.entryId}/correction`, body };
      }
    }
  }

  #body(entry: WantedEntry): WantedEntry & { activity: string; visitId?: string } {
    const { visitId } = this.scene.contracts.subscriptions.find(
      ({ subscriptionId }) => subscriptionId === entry.subscriptionId,
    )!;
    return { ...entry, activity: 'upgrade', ...(entry.delivery === 'onsite' && { visitId }) };
  }
}

type BookedSubscriptions = readonly [
  BookedSubscription,
  BookedSubscription,
  BookedSubscription,
  BookedSubscription,
  BookedSubscription,
];

interface Line {
  connection: PipelinedConnection;
  number: number;
}
