import type { Language } from '../../domain/language.js';
import { oneLine } from '../../platform/mail/mail-words.js';

/** How the vendor and the customer identify a subscription and its term. */
export interface SubscriptionIdentity {
  contractNumber: string | null;
  customerCode: string | null;
  purchaseOrder: string | null;
  /** The names of the present product lines, in their order. */
  productLines: readonly string[];
}

/** For mails queued by an earlier version, which did not store the identity. */
export const unknownIdentity: SubscriptionIdentity = {
  contractNumber: null,
  customerCode: null,
  purchaseOrder: null,
  productLines: [],
};

/** SQL of a subscription's identity, for a term `t`, its subscription `s` and its customer `c`. */
export const identityColumns = `s.contract_number as "contractNumber", c.code as "customerCode",
    t.purchase_order as "purchaseOrder",
    array(select p.name from enrolments e join product_lines p on p.id = e.product_line_id
          where e.subscription_id = s.id and e.until_on is null order by e.position, e.from_on) as "productLines"`;

/** Takes the identity from a row with other columns. */
export const identityOf = (known: SubscriptionIdentity): SubscriptionIdentity => ({
  contractNumber: known.contractNumber,
  customerCode: known.customerCode,
  purchaseOrder: known.purchaseOrder,
  productLines: known.productLines,
});

/**
 * How mails name a subscription, so that a reader can distinguish two subscriptions of a customer (§11): by its
 * contract number, or else by its product lines. `Premier, contract C-1047`, `Premier (Database, Network)`.
 */
export function subscriptionReference(
  packageName: string,
  { contractNumber, productLines }: SubscriptionIdentity,
  language: Language,
): string {
  const japanese = language === 'ja';
  if (contractNumber !== null) {
    const number = oneLine(contractNumber);
    return japanese ? `${packageName}（契約番号 ${number}）` : `${packageName}, contract ${number}`;
  }
  if (productLines.length === 0) return packageName;
  const names = productLines.map(oneLine);
  return japanese ? `${packageName}（${names.join('、')}）` : `${packageName} (${names.join(', ')})`;
}

const labels = {
  en: {
    customerCode: 'Customer code',
    contractNumber: 'Contract number',
    purchaseOrder: 'Purchase order',
    subscriptionId: 'Subscription ID',
  },
  ja: {
    customerCode: '顧客コード',
    contractNumber: '契約番号',
    purchaseOrder: '注文番号',
    subscriptionId: 'サブスクリプションID',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The numbers and the id of a subscription as rows of a mail. Missing numbers are left out. */
export function identityRows(
  { customerCode, contractNumber, purchaseOrder }: SubscriptionIdentity,
  subscriptionId: string,
  language: Language,
): [label: string, value: string][] {
  const numbers = { customerCode, contractNumber, purchaseOrder, subscriptionId };
  return (Object.keys(numbers) as (keyof typeof numbers)[]).flatMap((name): [string, string][] => {
    const value = numbers[name];
    return value === null ? [] : [[labels[language][name], oneLine(value)]];
  });
}
