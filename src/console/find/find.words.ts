import type { Language } from '../../domain/language.js';

export const findWords = {
  en: {
    title: 'Find',
    label: 'Customer, contract number, consultant, case or action',
    button: 'Find',
    groups: {
      subscriptions: 'Subscriptions',
      customers: 'Customers',
      references: 'Cases',
      consultants: 'Consultants',
      actions: 'Actions',
    },
    recent: 'Visited last',
    nothing: 'Nothing found for “{text}”. Try the beginning of a name, a contract number or a case number.',
    count: '{count, plural, =0 {Nothing found} one {# result} other {# results}}',
    until: 'until {day}',
    ended: 'ended {day}',
    close: 'Close',
  },
  ja: {
    title: '検索',
    label: 'お客様、契約番号、コンサルタント、ケース、操作',
    button: '検索',
    groups: {
      subscriptions: 'サブスクリプション',
      customers: 'お客様',
      references: 'ケース',
      consultants: 'コンサルタント',
      actions: '操作',
    },
    recent: '最近見たページ',
    nothing: '「{text}」に一致するものはありません。名前、契約番号、ケース番号の先頭部分でお試しください。',
    count: '{count, plural, =0 {該当なし} other {#件}}',
    until: '{day}まで',
    ended: '{day}終了',
    close: '閉じる',
  },
} as const satisfies Record<Language, object>;
