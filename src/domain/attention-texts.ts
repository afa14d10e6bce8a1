import type { AttentionCode } from './attention.js';
import type { Language } from './language.js';
import { packageNamed } from './refusals.js';

/** What each reason says to the CSM, with the contract's own figures: sentences in ICU MessageFormat. Minutes are printed as hours, with the word. */
export const attentionTexts: Readonly<Record<AttentionCode, Readonly<Record<Language, string>>>> = {
  'notice-deadline-near': {
    en: 'The last day for a notice is {noticeDeadline}, {days, plural, =0 {today} =1 {tomorrow} other {in # days}}.',
    ja: '更新しない場合の通知期限は{noticeDeadline}（{days, plural, =0 {本日} other {あと # 日}}）です。',
  },
  'reminder-undelivered': {
    en: 'No reminder of the renewal has reached the customer. A reminder failed on {failedOn}; the last day for a notice is {noticeDeadline}.',
    ja: '更新のご案内がお客様に届いていません（{failedOn}に送信失敗）。更新しない場合の通知期限は{noticeDeadline}です。',
  },
  'no-renewal-contact': {
    en: 'The customer has no renewal contact, so nobody there gets reminders. The last day for a notice is {noticeDeadline}.',
    ja: '更新担当の連絡先が登録されていないため、お客様に更新のご案内が届きません。更新しない場合の通知期限は{noticeDeadline}です。',
  },
  'no-entry-for': {
    en: 'No time has been logged for {days, plural, one {# day} other {# days}}, counted from {countedFromOn}.',
    ja: '{countedFromOn}から {days, number} 日間、作業記録がありません。',
  },
  'behind-plan': {
    en: 'Use is {behindMinutes} behind the even plan: {usedMinutes} used, {plannedMinutes} planned so far.',
    ja: '利用が均等利用の計画より {behindMinutes}遅れています（計画 {plannedMinutes}に対し {usedMinutes}を使用）。',
  },
  'hours-will-expire': {
    en: 'If use goes on as in the last {forecastDays, number} days, {expiringMinutes} of the {remainingMinutes} left will expire on {endsOn}.',
    ja: '直近 {forecastDays, number} 日間のペースで利用が続くと、残り {remainingMinutes}のうち {expiringMinutes}が{endsOn}に失効します。',
  },
  'hours-nearly-used': {
    en: 'The term has {remainingMinutes} left: {usedMinutes} of {grantedMinutes} are used.',
    ja: '契約期間の残り時間は {remainingMinutes}です（{grantedMinutes}中 {usedMinutes}を使用済み）。',
  },
  'allocation-missing': {
    en: '{allocations, plural, =0 {The term has no allocation, so nobody can log time.} other {{productLines, plural, one {# enrolled product line has} other {# enrolled product lines have}} no consultant.}}',
    ja: '{allocations, plural, =0 {時間配分が設定されていないため、作業を記録できません。} other {コンサルタントが割り当てられていない製品ラインが {productLines, number} 件あります。}}',
  },
  'visits-unused': {
    en: '{unused, number} of {maxVisits, number} onsite visits are not planned or used. They can be used until {endsOn}.',
    ja: '訪問支援 {maxVisits, number} 回のうち {unused, number} 回が未使用です（期限：{endsOn}）。',
  },
  'seats-unused': {
    en: '{unused, number} of {maxSeats, number} Advantage Learning seats {maxSeats, plural, one {is} other {are}} not assigned. Seats expire on {endsOn}.',
    ja: 'Advantage Learning の受講ライセンス {maxSeats, number} 件のうち {unused, number} 件が未割り当てです（{endsOn}に失効）。',
  },
  'planned-session-overdue': {
    en: '{sessions, plural, one {A planned session has} other {# planned sessions have}} no time entry: {minutes}, the oldest planned on {plannedOn}.',
    ja: '作業記録のない作業予定が {sessions, number} 件（合計 {minutes}）あります。最も古い予定日は{plannedOn}です。',
  },
  'late-entry-window-closing': {
    en: 'The last day to log work of the closed term is {lastEntryOn}, {days, plural, =0 {today} =1 {tomorrow} other {in # days}}. {expiredMinutes} of it expired.',
    ja: '終了した契約期間の作業の登録期限は{lastEntryOn}（{days, plural, =0 {本日} other {あと # 日}}）です。{expiredMinutes}が失効しています。',
  },
  'month-closing-unlogged': {
    en: 'No time was logged for {month}, and finance has not closed this month yet.',
    ja: '{month}の作業記録がありません。この月はまだ締められていません。',
  },
  'locked-downgrade': {
    en: `The renewal is locked as a downgrade: from ${packageNamed.en('from')} to ${packageNamed.en('to')} on {renewsOn}.`,
    ja: `更新が確定しており、{renewsOn}から「${packageNamed.ja('from')}」が「${packageNamed.ja('to')}」に下がります。`,
  },
};
