import type { Visibility } from '../../domain/access.js';

/**
 * The condition, in SQL, that a row of `subscriptions` lies in somebody's visibility (§13). `alias` is the name of the table in
 * the statement; a value that the condition needs is added to `values`.
 */
export function visibilityCondition(
  visibility: Visibility,
  alias: string,
  values: { push(value: string): number },
): string {
  switch (visibility.kind) {
    case 'all':
      return 'true';
    case 'portfolio':
      return `${alias}.csm_id = $${values.push(visibility.csmId)}`;
    case 'own': {
      // A contract that was annulled was never the customer's.
      const own = `${alias}.customer_id = $${values.push(visibility.customerId)} and ${alias}.status <> 'annulled'`;
      return visibility.csmId === undefined ? own : `${own} and ${alias}.csm_id = $${values.push(visibility.csmId)}`;
    }
  }
}
