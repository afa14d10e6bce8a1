import type { Sight } from '../../domain/access.js';

/**
 * The condition, in SQL, that a row of `subscriptions` lies in somebody's sight (§13). `alias` is the name of the table in
 * the statement; a value that the condition needs is added to `values`.
 */
export function sightCondition(sight: Sight, alias: string, values: { push(value: string): number }): string {
  switch (sight.kind) {
    case 'all':
      return 'true';
    case 'portfolio':
      return `${alias}.csm_id = $${values.push(sight.csmId)}`;
    case 'own': {
      // A contract that was annulled was never the customer's.
      const own = `${alias}.customer_id = $${values.push(sight.customerId)} and ${alias}.status <> 'annulled'`;
      return sight.csmId === undefined ? own : `${own} and ${alias}.csm_id = $${values.push(sight.csmId)}`;
    }
  }
}
