import { grantedKinds } from '../../domain/ledger.js';

/** SQL: the list of the kinds of ledger entries that change the granted minutes. */
export const grantedKindsSql = `(${grantedKinds.map((kind) => `'${kind}'`).join(', ')})`;
