import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/refusal.js';
import type { HttpLimits } from '../settings/http-limits.js';
import { takesCsv } from './csv-body.js';

/** For how long the rest of a body is read and discarded after an early response. */
const lingerMs = 2_000;

/** Smaller bodies are not counted: 4,000 connections with one each use no more than the common limit. */
const leastCountedBytes = 16 * 1024;

/**
 * Limits how long bodies take to arrive, and how many of their bytes wait in memory. Call it after all other hooks
 * that may refuse a body: nothing is read, and no `100 Continue` is sent, before the body is admitted. Streamed files
 * are exempt: their route reads them at its own pace, and they never wait in memory. Fastify limits only the size of
 * one body, and Node's time limit for a request would end streamed files too.
 */
export function limitArrivingBodies(fastify: FastifyInstance, limits: HttpLimits): void {
  const room = new BodyRoom(limits.bufferedBytes);
  fastify.addHook('preParsing', (request, reply, payload, done) => {
    const { raw } = request;
    if (isArriving(raw)) {
      if (/^100-continue$/i.test(raw.headers.expect ?? '')) reply.raw.writeContinue();
      if (!takesCsv(request)) {
        const timer = setTimeout(() => fail(raw, new Refusal('request-timeout')), limits.bodyMs).unref();
        whenOver(request, reply, () => clearTimeout(timer));
        if (!(Number(raw.headers['content-length']) < leastCountedBytes)) {
          const bytes = count(raw, room, senderOf(request));
          whenOver(request, reply, bytes.giveBack);
        }
      }
    }
    done(null, payload);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (!isArriving(request.raw)) return done(null, payload);
    // Bytes that came in one packet with the headers are read in this turn of the event loop.
    setImmediate(() => {
      if (!isArriving(request.raw)) return done(null, payload);
      // The next bytes on this connection belong to the body.
      reply.header('connection', 'close');
      if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return done(null, payload);
      reply.header('content-length', Buffer.byteLength(payload));
      done(null, Readable.from(answerAndLinger(Buffer.from(payload), request.raw)));
    });
  });
  // Node would send `100 Continue` by itself, before the sender is known.
  fastify.server.on('checkContinue', (request, response) => fastify.server.emit('request', request, response));
}

const isArriving = ({ complete, destroyed, headers }: IncomingMessage): boolean =>
  !complete && !destroyed && ('content-length' in headers || 'transfer-encoding' in headers);

const senderOf = ({ actor, clientAddress }: FastifyRequest): string => actor?.userId ?? clientAddress;

/**
 * Resolves when the body has arrived, or when its request was answered without it: Node never closes such a request.
 */
function whenOver(request: FastifyRequest, reply: FastifyReply, act: () => void): void {
  request.raw.once('close', act);
  reply.raw.once('close', act);
}

/** Counts the bytes of a body until they are released. */
function count(request: IncomingMessage, room: BodyRoom, sender: string): { giveBack: () => void } {
  let bytes = 0;
  const counted = (chunk: Buffer): void => {
    if (room.take(sender, chunk.length)) {
      bytes += chunk.length;
      return;
    }
    request.off('data', counted);
    fail(request, new Refusal('overloaded', {}, { retryAfterSeconds: 1 }));
  };
  request.on('data', counted);
  const giveBack = (): void => {
    request.off('data', counted);
    room.giveBack(sender, bytes);
    bytes = 0;
  };
  return { giveBack };
}

/**
 * Reports the error to the parser of the body. Destroying the request would close the connection before the refusal
 * is sent.
 */
function fail(request: IncomingMessage, refusal: Refusal): void {
  if (request.listenerCount('error') > 0) request.emit('error', refusal);
}

/** Counts the bytes that wait in memory. One sender gets at most half of the space. */
class BodyRoom {
  #bytes = 0;
  readonly #bySender = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** Whether there was space. */
  take(sender: string, bytes: number): boolean {
    const ofSender = (this.#bySender.get(sender) ?? 0) + bytes;
    if (this.#bytes + bytes > this.most || ofSender > this.most / 2) return false;
    this.#bytes += bytes;
    this.#bySender.set(sender, ofSender);
    return true;
  }

  giveBack(sender: string, bytes: number): void {
    this.#bytes -= bytes;
    const left = (this.#bySender.get(sender) ?? 0) - bytes;
    if (left > 0) this.#bySender.set(sender, left);
    else this.#bySender.delete(sender);
  }
}

/** A client that is still sending reads the response only if the connection stays open while its bytes arrive. */
async function* answerAndLinger(answer: Buffer, request: Readable): AsyncGenerator<Buffer> {
  yield answer;
  const over = new AbortController();
  const sent = new Promise<void>((resolve) => request.once('end', resolve).once('close', resolve).resume());
  await Promise.race([sent, pause(lingerMs, undefined, { signal: over.signal, ref: false })]);
  over.abort();
}
