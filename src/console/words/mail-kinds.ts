import type { Language } from '../../domain/language.js';
import { say } from '../../platform/sentences.js';

/** The names of the kinds of mails. A kind with a number begins with the part before it. */
const names: Readonly<Record<string, Record<Language, string>>> = {
  'renewal-reminder-': { en: 'Renewal reminder, {number} days before the end', ja: '更新のご案内（終了{number}日前）' },
  'renewal-contact-missing': { en: 'No renewal contact', ja: '更新連絡先なし' },
  'renewal-locked': { en: 'Renewal is fixed', ja: '更新の確定' },
  'renewal-changed': { en: 'Change of the next package', ja: '次回パッケージの変更' },
  'next-package-dropped': { en: 'Next package withdrawn', ja: '次回パッケージの取り消し' },
  'notice-recorded': { en: 'Notice of non-renewal recorded', ja: '更新しない旨の通知の受領' },
  'notice-withdrawn': { en: 'Notice withdrawn', ja: '更新しない旨の通知の取り下げ' },
  'notice-waived': { en: 'Notice waived', ja: '更新しない旨の通知の免除' },
  'term-renewed': { en: 'Term renewed', ja: '契約の更新' },
  'term-ended': { en: 'Subscription ended', ja: '契約の終了' },
  'reminders-undelivered': { en: 'Reminders did not arrive', ja: '更新のご案内の不達' },
  'mail-undeliverable': { en: 'A mail did not arrive', ja: 'メールの不達' },
  'usage-alert-used-': { en: 'Alert: {number} % of the hours used', ja: 'お知らせ：{number}% 使用' },
  'usage-alert-ahead': { en: 'Alert: ahead of the plan', ja: 'お知らせ：計画より速い消費' },
  'usage-alert-behind': { en: 'Alert: behind the plan', ja: 'お知らせ：計画より遅い消費' },
  'usage-alert-expiring': { en: 'Alert: hours will expire', ja: 'お知らせ：時間の失効見込み' },
  'usage-statement-': { en: 'Usage statement of month {number}', ja: 'ご利用明細（{number}か月目）' },
  'usage-top-up-entered': { en: 'Hours added', ja: '時間の追加' },
  'usage-top-up-cancelled': { en: 'Added hours taken back', ja: '追加時間の取り消し' },
  'scheduled-report': { en: 'Scheduled report', ja: '定期レポート' },
  'report-contact-missing': { en: 'Report without a recipient', ja: '宛先のない定期レポート' },
  'monday-digest': { en: 'Monday digest', ja: '月曜日のまとめ' },
  'log-time-nudge': { en: 'Request to log time', ja: '時間記録のお願い' },
  'portfolio-handed-over': { en: 'Hand-over of a portfolio', ja: '担当の引き継ぎ' },
  'sign-in-link': { en: 'Link to sign in', ja: 'サインインのリンク' },
  invitation: { en: 'Invitation', ja: '招待' },
};

/** What a kind of mail is called: `renewal-reminder-75` is `Renewal reminder, 75 days before the end`. An unknown kind names itself. */
export function mailKindName(kind: string, language: Language): string {
  const number = /\d+$/.exec(kind)?.[0];
  const name = names[kind] ?? (number === undefined ? undefined : names[kind.slice(0, -number.length)]);
  return name ? say(name[language], language, { number: number ?? '' }) : kind;
}
