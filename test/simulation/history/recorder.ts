import type { PipelinedConnection } from '../../support/pipelined-connection.js';
import type { BookingRequest, Call, ReadRequest } from './history.js';

/** What a call asks of the service over HTTP. */
export interface Sending {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
}

/** Writes down every call with its moments. */
export class Recorder {
  readonly calls: Call[] = [];
  answers = 0;
  #connections = 0;

  newConnection(): number {
    return ++this.#connections;
  }

  async send(
    { connection, number, userId }: { connection: PipelinedConnection; number: number; userId: string },
    request: BookingRequest | ReadRequest,
    { method, path, body }: Sending,
    key?: string,
  ): Promise<Call> {
    const call: Call = {
      number: this.calls.length + 1,
      connection: number,
      userId,
      ...(key !== undefined && { key }),
      request,
      startedAt: performance.now(),
    };
    this.calls.push(call);
    const answer = await connection.send(method, path, body, key);
    if (answer === undefined) return call;
    call.answered = { at: performance.now(), ...answer };
    this.answers += 1;
    return call;
  }
}
