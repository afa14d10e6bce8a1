import { createParamDecorator, SetMetadata } from '@nestjs/common';
import type { Transaction } from '../database.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { pathOf, requestOf } from './request.js';

export const secretInAnswer = 'trm:secret-in-answer';

/** The transaction of the request: read only for GET, committed after the handler has answered. */
export const Tx = createParamDecorator((_: unknown, context): Transaction => {
  const { tx } = requestOf(context);
  if (!tx) throw new Error('@Tx() on a route that opens its own transaction');
  return tx;
});

/** A field of the answer that is shown once: it is not kept with the idempotency key, and a replay comes without it. */
export const SecretInAnswer = (field: string) => SetMetadata(secretInAnswer, field);

/** The checked `Idempotency-Key` of the request; undefined without one and for a `dryRun`. */
export const IdempotencyKey = createParamDecorator((_: unknown, context) => idempotencyKeyOf(requestOf(context)));

/** The address of the request with its ids, without its query. */
export const RequestPath = createParamDecorator((_: unknown, context) => pathOf(requestOf(context)));

/** The JSON value of the body, unchecked. */
export const RawBody = createParamDecorator((_: unknown, context) => requestOf(context).body);
