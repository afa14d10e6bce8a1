import {
  deadlineRowsEn,
  deadlineRowsJa,
  englishSubject,
  facts,
  heading,
  japaneseSubject,
  paragraph,
  signOffEn,
  signOffJa,
  type Letter,
} from './letter.js';

/** A reminder is due, and the customer has no renewal contact: the CSM alone gets a mail, once per term (§11). */
export const renewalContactMissing: Letter = {
  en: (words) => ({
    subject: englishSubject(words, `No contact for the renewal on ${words.nextStartsOn}`),
    blocks: [
      paragraph(`Dear ${words.recipient},`),
      paragraph(
        `A reminder of the renewal is due, but ${words.customer} has no renewal contact. Nobody at the customer gets the reminder.`,
      ),
      heading('What to do'),
      {
        kind: 'list',
        items: [
          'Ask the customer who is responsible for the renewal.',
          'Enter this person as a contact with the role “renewal”. Later reminders then go to the new contact.',
          'Until then, inform the customer by other means.',
        ],
      },
      paragraph('Without a notice the subscription renews all the same.'),
      heading('The subscription'),
      facts(
        ['Customer', words.customer],
        ['Package', words.package],
        ['Term', `${words.startsOn} to ${words.endsOn}`],
        ...deadlineRowsEn(words),
        ['Renews as', `${words.next.name} with ${words.next.hours}, from ${words.nextStartsOn} to ${words.nextEndsOn}`],
        ...words.identity,
      ),
      words.picture,
      ...signOffEn(words),
    ],
  }),
  ja: (words) => ({
    subject: japaneseSubject(words, `契約更新のご連絡先が登録されていません（${words.nextStartsOn}更新分）`),
    blocks: [
      paragraph(`${words.recipient} 様`),
      paragraph(
        `契約更新のご案内の時期となりましたが、${words.customer} 様には契約更新のご連絡先が登録されていません。\nこのため、お客様のどなたにもご案内をお送りしておりません。`,
      ),
      heading('必要なご対応'),
      {
        kind: 'list',
        items: [
          'お客様に、契約更新のご担当者をご確認ください。',
          'ご担当者を、役割「renewal」のご連絡先として登録してください。以後のご案内は、登録されたご連絡先へ送信されます。',
          '登録が完了するまでは、お客様へ別の方法でご連絡をお願いいたします。',
        ],
      },
      paragraph('更新しない旨の通知がない場合、サブスクリプションは予定どおり更新されます。'),
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
        ...words.identity,
      ),
      words.picture,
      ...signOffJa(words),
    ],
  }),
};
