import { createParamDecorator, SetMetadata } from '@nestjs/common';
import type { Transaction } from '../database/database.js';
import { requestOf } from './request.js';

export const secretInAnswer = 'trm:secret-in-answer';

export const dryRunReads = 'trm:dry-run-reads';

/**
 * The transaction of the request. For GET, and for a dry run that only reads, it is one snapshot. Otherwise it writes, and is
 * committed after the handler has answered.
 */
export const Tx = createParamDecorator((_: unknown, context): Transaction => {
  const { tx } = requestOf(context);
  if (!tx) throw new Error('@Tx() on a route that opens its own transaction');
  return tx;
});

/** A field of the answer that is shown once: it is not kept with the idempotency key, and a replay comes without it. */
export const SecretInAnswer = (field: string) => SetMetadata(secretInAnswer, field);

/** The dry run of a route does nothing that would have to be undone: it reads one snapshot. */
export const DryRunReads = () => SetMetadata(dryRunReads, true);
