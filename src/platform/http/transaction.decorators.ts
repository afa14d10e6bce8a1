import { createParamDecorator, SetMetadata } from '@nestjs/common';
import type { Transaction } from '../database/transaction.js';
import { requestOf } from './request.js';

export const secretInAnswer = 'trm:secret-in-answer';

export const dryRunReads = 'trm:dry-run-reads';

/**
 * Parameter decorator: the transaction of the request. For GET, and for a POST or a dry run that only reads, it is one
 * read-only snapshot. Otherwise it is committed after the handler has returned.
 */
export const Tx = createParamDecorator((_: unknown, context): Transaction => {
  const { tx } = requestOf(context);
  if (!tx) throw new Error('@Tx() on a route that opens its own transaction');
  return tx;
});

/**
 * Marks a field that is shown only once: it is not stored with the Idempotency-Key, and a repeated response does not
 * contain it.
 */
export const SecretInAnswer = (field: string) => SetMetadata(secretInAnswer, field);

export const onlyReads = 'trm:only-reads';

/** Marks a POST that only reads: it runs on one read-only snapshot, and an Idempotency-Key has no effect. */
export const OnlyReads = () => SetMetadata(onlyReads, true);

/** Marks a route whose dry run only reads: it runs on one read-only snapshot. */
export const DryRunReads = () => SetMetadata(dryRunReads, true);
