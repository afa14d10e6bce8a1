import type { Random } from '../random.js';
import { PipelinedConnection } from '../../support/pipelined-connection.js';
import { busyDays, openDays } from './contracts.js';
import type { ReadRequest } from './history.js';
import type { Sending } from './recorder.js';
import type { Scene } from './writer.js';

/** The place in the ledger of a subscription where a reader goes on. */
interface Place {
  afterId: string | undefined;
  cursor: string | undefined;
}

/** A client that reads balances, ledgers and entries, each time from another instance. */
export class Reader {
  readonly #connections = new Map<string, { connection: PipelinedConnection; number: number }>();
  readonly #places = new Map<string, Place>();

  constructor(
    private readonly scene: Scene,
    private readonly number: number,
    private readonly random: Random,
  ) {}

  async read(): Promise<void> {
    const { recorder, contracts } = this.scene;
    while (this.scene.goesOn()) {
      const line = await this.#line();
      if (line === undefined) continue;
      const { userId } = contracts.users[this.number % contracts.users.length]!;
      const request = this.#drawn();
      const call = await recorder.send({ ...line, userId }, request, this.#sending(request));
      if (request.kind === 'ledger' && call.answered?.status === 200) this.#goOn(request, call.answered.body);
    }
    for (const { connection } of this.#connections.values()) connection.end();
  }

  async #line(): Promise<{ connection: PipelinedConnection; number: number } | undefined> {
    const { instances, recorder, contracts } = this.scene;
    const url = instances.oneOf(this.random);
    const known = this.#connections.get(url);
    if (known?.connection.isOpen) return known;
    const { token } = contracts.users[this.number % contracts.users.length]!;
    const connection = await PipelinedConnection.open(url, token);
    if (connection === undefined) return undefined;
    const opened = { connection, number: recorder.newConnection() };
    this.#connections.set(url, opened);
    return opened;
  }

  #drawn(): ReadRequest {
    const { random } = this;
    const { contracts, recent } = this.scene;
    const { subscriptionId, allocations } = random.oneOf(contracts.subscriptions);
    const kind = random.weighted([
      [5, 'balance'],
      [3, 'ledger'],
      [2, 'entry'],
      [1, 'entries'],
    ] as const);
    switch (kind) {
      case 'balance':
        return { kind, subscriptionId };
      case 'ledger':
        return { kind, subscriptionId, afterId: this.#places.get(subscriptionId)?.afterId };
      case 'entry': {
        const known = recent.length === 0 ? undefined : random.oneOf(recent);
        if (known === undefined) return { kind: 'balance', subscriptionId };
        return { kind, subscriptionId: known.entry.subscriptionId, entryId: known.id };
      }
      case 'entries': {
        const workDate = random.oneOf(random.chance(0.5) ? busyDays : openDays);
        return { kind, subscriptionId, workDate, consultantId: random.oneOf(allocations).consultantId };
      }
    }
  }

  #sending(request: ReadRequest): Sending {
    const path = `/v1/subscriptions/${request.subscriptionId}`;
    const get = (address: string): Sending => ({ method: 'GET', path: address });
    switch (request.kind) {
      case 'balance':
        return get(`${path}/balance`);
      case 'ledger': {
        const cursor = this.#places.get(request.subscriptionId)?.cursor;
        return get(`${path}/ledger?limit=200${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      }
      case 'entry':
        return get(`/v1/time-entries/${request.entryId}`);
      case 'entries': {
        const { workDate, consultantId } = request;
        return get(`${path}/time-entries?limit=200&from=${workDate}&to=${workDate}&consultantId=${consultantId}`);
      }
    }
  }

  #goOn({ subscriptionId }: ReadRequest, body: unknown): void {
    const { data, nextCursor } = body as { data: { id: string }[]; nextCursor: string | null };
    if (nextCursor !== null) this.#places.set(subscriptionId, { afterId: data.at(-1)!.id, cursor: nextCursor });
  }
}
