import type { Basis } from './report.js';

/**
 * The name of an object in a row, in SQL. On the basis `closed` it is the name stored when the month of the row was
 * closed, so that a closed month never changes after a renaming. For an open month it is the present name.
 */
export const printedName = (basis: Basis, present: string, kept: string): string =>
  basis === 'closed' ? `coalesce(${kept}.name, ${present})` : present;

/** The table of stored names, joined as `kept` by ids in one column and months in another. */
export const keptNames = (basis: Basis, kept: string, month: string, id: string): string =>
  basis === 'closed' ? `left join closed_names ${kept} on ${kept}.month = ${month} and ${kept}.subject_id = ${id}` : '';

/**
 * An optional value, in SQL. On the basis `closed` it is the value stored with the month of the row, which may be
 * null; for an open month the present value. `key` is a column of the table `kept` that is never null.
 */
export const printedFact = (basis: Basis, present: string, kept: string, key: string, column: string): string =>
  basis === 'closed' ? `case when ${kept}.${key} is not null then ${kept}.${column} else ${present} end` : present;

/** The code of the customer `c`, for whom `keptNames` joins `kept`. */
export const printedCustomerCode = (basis: Basis, kept: string): string =>
  printedFact(basis, 'c.code', kept, 'subject_id', 'code');

/** The stored facts of subscriptions, joined as `kept_subscription` by ids in one column and months in another. */
export const keptSubscriptions = (basis: Basis, month: string, subscriptionId: string): string =>
  basis === 'closed'
    ? `left join closed_subscriptions kept_subscription
         on kept_subscription.month = ${month} and kept_subscription.subscription_id = ${subscriptionId}`
    : '';

/**
 * The CSM of the subscription `s`; on the basis `closed`, the CSM when the month of the row was closed. Needs
 * `keptSubscriptions`.
 */
export const printedCsmId = (basis: Basis): string =>
  basis === 'closed' ? 'coalesce(kept_subscription.csm_id, s.csm_id)' : 's.csm_id';

/** The contract number of the subscription `s`. Needs `keptSubscriptions`. */
export const printedContractNumber = (basis: Basis): string =>
  printedFact(basis, 's.contract_number', 'kept_subscription', 'subscription_id', 'contract_number');

/** The stored facts of terms, joined as `kept_term` by ids in one column and months in another. */
export const keptTerms = (basis: Basis, month: string, termId: string): string =>
  basis === 'closed'
    ? `left join closed_terms kept_term on kept_term.month = ${month} and kept_term.term_id = ${termId}`
    : '';

/** The purchase order of the term `t`. Needs `keptTerms`. */
export const printedPurchaseOrder = (basis: Basis): string =>
  printedFact(basis, 't.purchase_order', 'kept_term', 'term_id', 'purchase_order');
