import type { Visibility } from '../../domain/access.js';

/**
 * An SQL condition for rows of `subscriptions` that are within a visibility (§13). `alias` is the table's name in the query.
 * Parameters of the condition are added to `values`.
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
      // An annulled contract never was the customer's.
      const own = `${alias}.customer_id = $${values.push(visibility.customerId)} and ${alias}.status <> 'annulled'`;
      return visibility.csmId === undefined ? own : `${own} and ${alias}.csm_id = $${values.push(visibility.csmId)}`;
    }
  }
}
