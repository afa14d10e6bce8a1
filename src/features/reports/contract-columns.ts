import {
  keptNames,
  keptTerms,
  printedContractNumber,
  printedCsmId,
  printedCustomerCode,
  printedName,
  printedPurchaseOrder,
} from './printed-names.js';
import type { Basis, Column } from './report.js';

/** The last columns of reports about terms: how finance finds a contract in other systems, and its CSM (§12). */
// prettier-ignore
export const contractColumns: readonly Column[] = [
  { name: 'customerCode',   type: 'text', en: 'Customer code',   ja: '顧客コード', about: 'The vendor’s own number for the customer; on the basis `closed`, as it was when the month was closed.', mayBeEmpty: true },
  { name: 'contractNumber', type: 'text', en: 'Contract number', ja: '契約番号',   about: 'The vendor’s own number for the subscription; on the basis `closed`, as it was when the month was closed.', mayBeEmpty: true },
  { name: 'purchaseOrder',  type: 'text', en: 'Purchase order',  ja: '注文番号',   about: 'The customer’s purchase order for the term; on the basis `closed`, as it was when the month was closed.', mayBeEmpty: true },
  { name: 'csmId',          type: 'code', en: 'CSM ID',          ja: '担当CSMのID', about: 'ID of the CSM; on the basis `closed`, of the CSM when the month was closed.' },
  { name: 'csm',            type: 'text', en: 'CSM',             ja: '担当CSM',    about: 'Name of the CSM; on the basis `closed`, of the CSM when the month was closed.' },
];

/** The database names of these columns, for reports that add them after joining their parts. */
export const contractNames = {
  customerCode: 'customer_code',
  contractNumber: 'contract_number',
  purchaseOrder: 'purchase_order',
  csmId: 'csm_id',
  csm: 'csm',
} as const;

/** The columns, in SQL, from the customer `c`, the subscription `s` and the term `t`. Needs `contractTables`. */
export function contractValues(basis: Basis, named: (name: keyof typeof contractNames) => string = quoted): string {
  const values: Record<keyof typeof contractNames, string> = {
    customerCode: printedCustomerCode(basis, 'kept_customer'),
    contractNumber: printedContractNumber(basis),
    purchaseOrder: printedPurchaseOrder(basis),
    csmId: printedCsmId(basis),
    csm: printedName(basis, 'csm.name', 'kept_csm'),
  };
  return Object.entries(values)
    .map(([name, value]) => `${value} as ${named(name as keyof typeof contractNames)}`)
    .join(', ');
}

const quoted = (name: string): string => `"${name}"`;

/**
 * The tables behind the columns, for rows that count in a month. They come after `keptNames` of the customer, named
 * `kept_customer`, and after `keptSubscriptions`.
 */
export const contractTables = (basis: Basis, month: string): string => `
join users csm on csm.id = ${printedCsmId(basis)}
${keptNames(basis, 'kept_csm', month, 'csm.id')}
${keptTerms(basis, month, 't.id')}`;
