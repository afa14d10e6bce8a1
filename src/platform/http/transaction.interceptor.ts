import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Refusal, statusOf } from '../../domain/refusal.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';
import {
  bodyHash,
  findStored,
  idempotencyScope,
  isKept,
  KeyInUse,
  refusalAgain,
  refusalKept,
  store,
  whenKeyIsFree,
  lockKeys,
  type IdempotencyScope,
  type StoredAnswer,
} from '../idempotency.js';
import type { DryRunQuery } from './dry-run.dto.js';
import { idempotencyKeyOf, normalPathOf } from './idempotency-key.js';
import { refuseUnwantedBody } from './no-body.js';
import { replyOf, requestOf } from './request.js';
import { dryRunReads, onlyReads, secretInAnswer } from './transaction.decorators.js';

type Work = (tx: Transaction) => Promise<unknown>;

/** The outcome of a request with a key. The first two are committed. */
type Outcome = { answer: unknown } | { refusal: Refusal } | { stored: StoredAnswer };

/** Opens the transaction of each request, and carries out a request with an `Idempotency-Key` only once. */
@Injectable()
export class TransactionInterceptor implements NestInterceptor {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const handler = context.getHandler();
    const request = requestOf(context);
    refuseUnwantedBody(context);
    const work: Work = (tx) => {
      request.tx = tx;
      return lastValueFrom(next.handle(), { defaultValue: undefined });
    };
    if (readsOnly(request, handler)) return from(this.database.read(work));
    const key = idempotencyKeyOf(request);
    if (key === undefined) return from(this.database.write(work));
    const secret = Reflect.getMetadata(secretInAnswer, handler) as string | undefined;
    return from(this.#once(key, secret, request, replyOf(context), work));
  }

  async #once(
    key: string,
    secret: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
    work: Work,
  ): Promise<unknown> {
    // A public route has no user. Its path contains a secret token instead.
    const scope = idempotencyScope(request.actor?.userId ?? '', request.method, normalPathOf(request), key);
    const hash = bodyHash(request.body);
    const outcome = await this.#underLock(scope, async (tx) => {
      const stored = (await findStored(tx, [scope], this.clock.now())).get(scope.hash);
      if (!stored) return this.#first(tx, scope, hash, secret, reply, work);
      if (stored.bodyHash === hash) await refuseLost(tx, work);
      return { stored };
    });
    if ('answer' in outcome) return outcome.answer;
    if ('refusal' in outcome) throw outcome.refusal;
    return answerAgain(outcome.stored, hash, reply);
  }

  /** Runs the work under the lock of the key. Waits for the lock. */
  #underLock(scope: IdempotencyScope, work: (tx: Transaction) => Promise<Outcome>): Promise<Outcome> {
    return whenKeyIsFree(() =>
      this.database.write(async (tx) => {
        if ((await lockKeys(tx, [scope])).size > 0) throw new KeyInUse();
        return work(tx);
      }),
    );
  }

  /** Runs the work and stores its response. For a refusal that is stored, the work is undone. */
  async #first(
    tx: Transaction,
    scope: IdempotencyScope,
    hash: string,
    secret: string | undefined,
    reply: FastifyReply,
    work: Work,
  ): Promise<Outcome> {
    let answer: unknown;
    try {
      answer = await tx.withSavepoint(() => work(tx));
    } catch (error) {
      if (!(error instanceof Refusal) || !isKept(error)) throw error;
      const kept = { bodyHash: hash, status: statusOf(error.code), refusal: refusalKept(error) };
      await store(tx, [{ scope, answer: kept }], this.clock.now());
      return { refusal: error };
    }
    const body = secret === undefined ? answer : without(secret, answer);
    await store(tx, [{ scope, answer: { bodyHash: hash, status: reply.statusCode, body } }], this.clock.now());
    return { answer };
  }
}

/** @throws Refusal `idempotency-key-reused` if the body differs; the stored refusal if there is one */
export function answerAgain(stored: StoredAnswer, hash: string, reply: FastifyReply): unknown {
  if (stored.bodyHash !== hash) throw new Refusal('idempotency-key-reused');
  reply.header('idempotency-replayed', 'true');
  if (stored.refusal) throw refusalAgain(stored.refusal);
  reply.status(stored.status);
  return stored.body;
}

/**
 * A stored response is not repeated if the user may no longer see its object. Only the work knows its object: so it
 * runs again in a transaction that is rolled back, and only its `not-found` counts.
 * @throws Refusal `not-found`
 */
async function refuseLost(tx: Transaction, work: Work): Promise<void> {
  tx.rollBackAtEnd();
  try {
    await work(tx);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'not-found') throw error;
  }
}

function readsOnly({ method, query }: FastifyRequest, handler: object): boolean {
  if (method === 'GET' || method === 'HEAD' || Reflect.hasMetadata(onlyReads, handler)) return true;
  return (query as DryRunQuery).dryRun === true && Reflect.hasMetadata(dryRunReads, handler);
}

function without(field: string, answer: unknown): unknown {
  const { [field]: _secret, ...rest } = answer as Record<string, unknown>;
  return rest;
}
