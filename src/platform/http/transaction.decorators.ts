import { createParamDecorator, SetMetadata } from '@nestjs/common';
import type { Transaction } from '../database.js';
import { requestOf } from './request.js';

export const secretInAnswer = 'trm:secret-in-answer';

/** The transaction of the request: read only for GET, committed after the handler has answered. */
export const Tx = createParamDecorator((_: unknown, context): Transaction => {
  const { tx } = requestOf(context);
  if (!tx) throw new Error('@Tx() on a route that opens its own transaction');
  return tx;
});

/** A field of the answer that is shown once: it is not kept with the idempotency key, and a replay comes without it. */
export const SecretInAnswer = (field: string) => SetMetadata(secretInAnswer, field);
