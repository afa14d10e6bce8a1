import type { Language } from '../../domain/language.js';
import { say } from '../../platform/sentences.js';

/** The kinds of mails about a subscription, by the whole kind. */
const kinds: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'renewal-contact-missing': { en: 'No renewal contact', ja: '更新担当の連絡先なし' },
  'renewal-locked': { en: 'Confirmation of the renewal', ja: '契約更新確定のお知らせ' },
  'notice-recorded': { en: 'Confirmation of a notice', ja: '通知受領のお知らせ' },
  'notice-withdrawn': { en: 'Confirmation of a withdrawal', ja: '通知撤回のお知らせ' },
  'notice-waived': { en: 'A late notice is accepted', ja: '期限後通知の受理のお知らせ' },
  'renewal-changed': { en: 'Change of what will renew', ja: '更新内容変更のお知らせ' },
  'next-package-dropped': { en: 'The next package is dropped', ja: '次回パッケージの取り消し' },
  'term-renewed': { en: 'The term has renewed', ja: '契約更新のお知らせ' },
  'term-ended': { en: 'The subscription has ended', ja: '契約終了のお知らせ' },
  'reminders-undelivered': { en: 'No reminder was delivered', ja: '更新のご案内の未配信' },
  'mail-undeliverable': { en: 'An address cannot be reached', ja: '宛先不明' },
  'usage-top-up-entered': { en: 'Hours were added', ja: '時間の追加のお知らせ' },
  'usage-top-up-cancelled': { en: 'A top-up is cancelled', ja: '時間の追加の取り消し' },
};

/** The kinds that end with a value, by their beginning. */
const families: readonly [begin: string, texts: Readonly<Record<Language, string>>][] = [
  [
    'renewal-reminder-',
    {
      en: 'Renewal reminder, {value} days before the end',
      ja: '更新のご案内（満了 {value} 日前）',
    },
  ],
  ['usage-statement-', { en: 'Usage statement of a service month', ja: '月次の利用明細' }],
  ['usage-alert-used-', { en: 'Alert: {value} % of the hours are used', ja: '利用状況のお知らせ（{value} % 使用）' }],
  ['usage-alert-behind', { en: 'Alert: behind the even plan', ja: '利用状況のお知らせ（計画より遅れ）' }],
  ['usage-alert-ahead', { en: 'Alert: ahead of the even plan', ja: '利用状況のお知らせ（計画より先行）' }],
  ['usage-alert-expiring', { en: 'Alert: hours are about to expire', ja: '利用状況のお知らせ（失効見込み）' }],
  ['usage-alert-', { en: 'Alert about the use', ja: '利用状況のお知らせ' }],
];

/** What a mail is about. */
export function mailKindText(kind: string, language: Language): string {
  const known = kinds[kind];
  if (known) return known[language];
  const family = families.find(([begin]) => kind.startsWith(begin));
  if (!family) return kind;
  const [begin, texts] = family;
  return say(texts[language], language, { value: kind.slice(begin.length) });
}
