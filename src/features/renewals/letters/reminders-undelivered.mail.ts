import { oneLine } from '../../../platform/mail/mail-words.js';
import {
  englishSubject,
  japaneseSubject,
  signOffEn,
  signOffJa,
  deadlineRowsEn,
  deadlineRowsJa,
  facts,
  heading,
  paragraph,
  type Letter,
} from './letter.js';

/** No reminder has reached the customer by the last day for a notice: told to the CSM and the operator alone (§11). */
export const remindersUndelivered: Letter = {
  en: (words, { undelivered = [] }) => ({
    subject: englishSubject(words, `no reminder of the renewal on ${words.nextStartsOn} could be delivered`),
    blocks: [
      paragraph(words.recipient === '' ? 'To the operator of the service' : `Dear ${words.recipient},`),
      paragraph(
        `None of the reminders of this term could be delivered to the customer by the last day for a notice, ${words.deadline}. The subscription renews all the same. Please tell the customer by other means, and correct the contacts.`,
      ),
      heading('The contacts'),
      ...(undelivered.length === 0
        ? [paragraph('The customer has no contact for renewals.')]
        : [
            {
              kind: 'table' as const,
              head: ['Name', 'Address', 'Why'],
              rows: undelivered.map(({ name, address, error }) => [
                oneLine(name),
                address,
                error === null ? 'no answer yet' : oneLine(error),
              ]),
            },
          ]),
      heading('The subscription'),
      facts(
        ['Customer', words.customer],
        ['Package', words.package],
        ['Term', `${words.startsOn} to ${words.endsOn}`],
        ...deadlineRowsEn(words),
        ['Renews as', `${words.next.name} with ${words.next.hours}, from ${words.nextStartsOn} to ${words.nextEndsOn}`],
        ['Customer Success Manager', `${words.csm}, ${words.csmEmail}`],
        ...words.identity,
      ),
      words.picture,
      ...signOffEn(words),
    ],
  }),
  ja: (words, { undelivered = [] }) => ({
    subject: japaneseSubject(words, `契約更新のご案内をお届けできませんでした（${words.nextStartsOn}更新分）`),
    blocks: [
      paragraph(words.recipient === '' ? 'サービス運用ご担当者 様' : `${words.recipient} 様`),
      paragraph(
        `通知期限（${words.deadline}）までに、本契約期間の契約更新のご案内をお客様へ 1 通もお届けできませんでした。\nサブスクリプションは予定どおり更新されますので、お客様へ別の方法でご連絡のうえ、ご連絡先の見直しをお願いいたします。`,
      ),
      heading('お届けできなかったご連絡先'),
      ...(undelivered.length === 0
        ? [paragraph('契約更新のご連絡先が登録されていません。')]
        : [
            {
              kind: 'table' as const,
              head: ['氏名', 'メールアドレス', '理由'],
              rows: undelivered.map(({ name, address, error }) => [
                oneLine(name),
                address,
                error === null ? '応答待ち' : oneLine(error),
              ]),
            },
          ]),
      heading('対象のサブスクリプション'),
      facts(
        ['お客様名', words.customer],
        ['パッケージ', words.package],
        ['契約期間', `${words.startsOn}～${words.endsOn}`],
        ...deadlineRowsJa(words),
        [
          '更新後のご契約',
          `${words.next.name}（付与時間 ${words.next.hours}）\n${words.nextStartsOn}～${words.nextEndsOn}`,
        ],
        ['担当CSM', `${words.csm}（${words.csmEmail}）`],
        ...words.identity,
      ),
      words.picture,
      ...signOffJa(words),
    ],
  }),
};
