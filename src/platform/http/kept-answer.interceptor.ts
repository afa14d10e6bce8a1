import {
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { Refusal, statusOf } from '../../domain/refusal.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import {
  bodyHash,
  findStored,
  idempotencyScope,
  isKept,
  refusalKept,
  store,
  whileKeyIsLocked,
  type StoredAnswer,
} from '../idempotency.js';
import { idempotencyKeyOf, normalPathOf } from './idempotency-key.js';
import { replyOf, requestOf } from './request.js';
import { answerAgain } from './transaction.interceptor.js';

/**
 * Stores the response of a route that opens its own transactions, under the `Idempotency-Key` of the request. The
 * work and its response are not committed together: after a crash between them, a repeated request does the work
 * again, so the work must tolerate that.
 */
@Injectable()
export class KeptAnswerInterceptor implements NestInterceptor {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = requestOf(context);
    const key = idempotencyKeyOf(request);
    if (key === undefined) return next.handle();
    const reply = replyOf(context);
    const scope = idempotencyScope(request.actor!.userId, request.method, normalPathOf(request), key);
    const hash = bodyHash(request.body);
    const once = async (): Promise<unknown> => {
      const stored = await this.database.read((tx) => findStored(tx, [scope], this.clock.now()));
      const first = stored.get(scope.hash);
      if (first) return answerAgain(first, hash, reply);
      const keep = (answer: Omit<StoredAnswer, 'bodyHash'>): Promise<void> =>
        this.database.write((tx) => store(tx, [{ scope, answer: { bodyHash: hash, ...answer } }], this.clock.now()));
      try {
        const body: unknown = await lastValueFrom(next.handle());
        await keep({ status: reply.statusCode, body });
        return body;
      } catch (error) {
        if (error instanceof Refusal && isKept(error))
          await keep({ status: statusOf(error.code), refusal: refusalKept(error) });
        throw error;
      }
    };
    return from(whileKeyIsLocked(this.database, scope, once));
  }
}

/** For a POST that opens its own transactions: a repeated `Idempotency-Key` gets the first response again. */
export const KeepsAnswer = () => UseInterceptors(KeptAnswerInterceptor);
