import { Refusal, type RefusalParams } from '../../domain/refusal.js';
import type { RefusalCode } from '../../domain/refusals.js';

const uniqueViolation = '23505';
const foreignKeyViolation = '23503';

/** Waits for a write. If it breaks one of these constraints, throws the refusal that belongs to the constraint. */
export async function refuseBroken<T>(
  write: Promise<T>,
  constraints: Readonly<Record<string, RefusalCode>>,
  params: RefusalParams,
): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
    const isKnown = (code === uniqueViolation || code === foreignKeyViolation) && typeof constraint === 'string';
    const refusal = isKnown ? constraints[constraint] : undefined;
    throw refusal ? new Refusal(refusal, params) : error;
  }
}
