import type { Block } from '../../../platform/mail/layout.js';
import { oneLine } from '../../../platform/mail/mail-words.js';
import { heading, paragraph, type Letter } from './letter.js';
import type { UndeliveredContact } from './mail-facts.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

/** No reminder has reached the customer by the last day for a notice: only the CSM and the operator get a mail (§11). */
export const remindersUndelivered: Letter = {
  en: (words, { undelivered = [] }) => ({
    subject: en.subject(words, `no reminder of the renewal on ${words.nextStartsOn} could be delivered`),
    blocks: [
      ...en.openingToStaff(
        words,
        `None of the reminders of this term could be delivered to the customer by the last day for a notice, ${words.deadline}. The subscription renews all the same. Please inform the customer by other means, and correct the contacts.`,
      ),
      heading('The contacts'),
      undelivered.length === 0
        ? paragraph('The customer has no contact for renewals.')
        : contacts(undelivered, ['Name', 'Address', 'Reason'], 'no answer yet'),
      ...en.subscription(words, [...en.deadlineOrDayOff(words), en.renewsAs(words), en.csm(words)]),
      ...en.signature(words),
    ],
  }),
  ja: (words, { undelivered = [] }) => ({
    subject: ja.subject(words, `契約更新のご案内をお届けできませんでした（${words.nextStartsOn}更新分）`),
    blocks: [
      ...ja.openingToStaff(
        words,
        `通知期限（${words.deadline}）までに、本契約期間の契約更新のご案内をお客様へ 1 通もお届けできませんでした。\nサブスクリプションは予定どおり更新されますので、お客様へ別の方法でご連絡のうえ、ご連絡先の見直しをお願いいたします。`,
      ),
      heading('お届けできなかったご連絡先'),
      undelivered.length === 0
        ? paragraph('契約更新のご連絡先が登録されていません。')
        : contacts(undelivered, ['氏名', 'メールアドレス', '理由'], '応答待ち'),
      ...ja.subscription(words, [...ja.deadlineOrDayOff(words), ja.renewsAs(words), ja.csm(words)]),
      ...ja.signature(words),
    ],
  }),
};

const contacts = (undelivered: readonly UndeliveredContact[], head: string[], noAnswer: string): Block => ({
  kind: 'table',
  head,
  rows: undelivered.map(({ name, address, error }) => [
    oneLine(name),
    address,
    error === null ? noAnswer : oneLine(error),
  ]),
});
