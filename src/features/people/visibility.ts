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
  const ofCsms = (csmIds: readonly string[]): string => isOneOf(`${alias}.csm_id`, csmIds, values);
  switch (visibility.kind) {
    case 'all':
      return 'true';
    case 'portfolio':
      return ofCsms(visibility.csmIds);
    case 'own': {
      // An annulled contract never was the customer's.
      const own = `${alias}.customer_id = $${values.push(visibility.customerId)} and ${alias}.status <> 'annulled'`;
      return visibility.csmIds === undefined ? own : `${own} and ${ofCsms(visibility.csmIds)}`;
    }
  }
}

/** An SQL condition for a column that holds one of these ids. Nearly every list has one id, and then the plan is that of `=`. */
export const isOneOf = (column: string, ids: readonly string[], values: { push(value: string): number }): string =>
  ids.length === 1
    ? `${column} = $${values.push(ids[0]!)}`
    : `${column} in (${ids.map((id) => `$${values.push(id)}`).join(', ')})`;
