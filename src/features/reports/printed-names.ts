import type { Basis } from './report.js';

/**
 * The name of something in a row, in SQL: on the basis `closed` the one that was kept when the row's month was closed, so that a
 * closed month reads the same after somebody was renamed; the present one while the month is open.
 */
export const printedName = (basis: Basis, present: string, kept: string): string =>
  basis === 'closed' ? `coalesce(${kept}.name, ${present})` : present;

/** The table of the kept names, joined as `kept` for the ids in one column and the months in another. */
export const keptNames = (basis: Basis, kept: string, month: string, id: string): string =>
  basis === 'closed' ? `left join closed_names ${kept} on ${kept}.month = ${month} and ${kept}.subject_id = ${id}` : '';

/**
 * A value that can be empty, in SQL: on the basis `closed` the one that was kept with the row's month, also where there was none
 * then; the present one while the month is open. `key` is a column of the table `kept` that is never null.
 */
export const printedFact = (basis: Basis, present: string, kept: string, key: string, column: string): string =>
  basis === 'closed' ? `case when ${kept}.${key} is not null then ${kept}.${column} else ${present} end` : present;

/** The code of the customer `c`, of whom `keptNames` joins `kept`. */
export const printedCustomerCode = (basis: Basis, kept: string): string =>
  printedFact(basis, 'c.code', kept, 'subject_id', 'code');

/** What was kept of subscriptions, joined as `kept_subscription` for the ids in one column and the months in another. */
export const keptSubscriptions = (basis: Basis, month: string, subscriptionId: string): string =>
  basis === 'closed'
    ? `left join closed_subscriptions kept_subscription
         on kept_subscription.month = ${month} and kept_subscription.subscription_id = ${subscriptionId}`
    : '';

/** The CSM of the subscription `s`: on the basis `closed`, the one when the row's month was closed. Needs `keptSubscriptions`. */
export const printedCsmId = (basis: Basis): string =>
  basis === 'closed' ? 'coalesce(kept_subscription.csm_id, s.csm_id)' : 's.csm_id';

/** The contract number of the subscription `s`. Needs `keptSubscriptions`. */
export const printedContractNumber = (basis: Basis): string =>
  printedFact(basis, 's.contract_number', 'kept_subscription', 'subscription_id', 'contract_number');

/** What was kept of terms, joined as `kept_term` for the ids in one column and the months in another. */
export const keptTerms = (basis: Basis, month: string, termId: string): string =>
  basis === 'closed'
    ? `left join closed_terms kept_term on kept_term.month = ${month} and kept_term.term_id = ${termId}`
    : '';

/** The purchase order of the term `t`. Needs `keptTerms`. */
export const printedPurchaseOrder = (basis: Basis): string =>
  printedFact(basis, 't.purchase_order', 'kept_term', 'term_id', 'purchase_order');
