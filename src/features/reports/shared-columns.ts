import { printedWords } from './printed-words.js';
import type { Column } from './report.js';

/** Columns that several reports share, each with one name and one heading. */
// prettier-ignore
export const shared = {
  customerId:     { name: 'customerId',     type: 'code',   en: 'Customer ID',     ja: '顧客ID',               about: 'ID of the customer.' },
  customer:       { name: 'customer',       type: 'text',   en: 'Customer',        ja: '顧客',                 about: 'Name of the customer; on the basis `closed`, as it was when the month was closed.' },
  subscriptionId: { name: 'subscriptionId', type: 'code',   en: 'Subscription ID', ja: 'サブスクリプションID', about: 'ID of the subscription.' },
  termNumber:     { name: 'termNumber',     type: 'number', en: 'Term number',     ja: '契約期間番号',         about: 'Number of the term in its subscription, from 0.' },
  termStartsOn:   { name: 'startsOn',       type: 'day',    en: 'Term starts on',  ja: '契約開始日',           about: 'First day of the term.' },
  termEndsOn:     { name: 'endsOn',         type: 'day',    en: 'Term ends on',    ja: '契約終了日',           about: 'Last day of the term.' },
  consultantId:   { name: 'consultantId',   type: 'code',   en: 'Consultant ID',   ja: 'コンサルタントID',     about: 'ID of the consultant.' },
  consultant:     { name: 'consultant',     type: 'text',   en: 'Consultant',      ja: 'コンサルタント',       about: 'Name of the consultant; on the basis `closed`, as it was when the month was closed.' },
  productLine:    { name: 'productLine',    type: 'text',   en: 'Product line',    ja: '製品ライン',           about: 'Code of the product line; on the basis `closed`, as it was when the month was closed.' },
  activity:       { name: 'activity',       type: 'code',   words: printedWords.activity, en: 'Activity',        ja: '作業内容',             about: 'One of `technical-advice`, `best-practice`, `health-check`, `gap-analysis`, `upgrade`, `feature-adoption`, `enablement`.' },
  delivery:       { name: 'delivery',       type: 'code',   words: printedWords.delivery, en: 'Delivery',        ja: '提供形態',             about: '`remote` or `onsite`.' },
  month:          { name: 'month',          type: 'month',  en: 'Month',           ja: '対象月',               about: 'The month of the work day; on the basis `closed`, the accounting month.' },
  adjustsMonth:   { name: 'adjustsMonth',   type: 'month',  en: 'Adjusted month',  ja: '調整対象月',           about: 'The closed month to which an adjustment belongs; empty for all else.', mayBeEmpty: true },
} satisfies Record<string, Column>;
