import { heading, list, paragraph, type Letter } from './letter.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

/** A reminder is due, but the customer has no renewal contact: only the CSM gets a mail, once per term (§11). */
export const renewalContactMissing: Letter = {
  en: (words) => ({
    subject: en.subject(words, `No contact for the renewal on ${words.nextStartsOn}`),
    blocks: [
      ...en.openingToStaff(
        words,
        `A reminder of the renewal is due, but ${words.customer} has no renewal contact. Nobody at the customer gets the reminder.`,
      ),
      heading('What to do'),
      list(
        'Ask the customer who is responsible for the renewal.',
        'Enter this person as a contact with the role “renewal”. Later reminders then go to the new contact.',
        'Until then, inform the customer by other means.',
      ),
      paragraph('If no notice is received, the subscription renews as usual.'),
      ...en.subscription(words, [...en.deadlineOrDayOff(words), en.renewsAs(words)]),
      ...en.signature(words),
    ],
  }),
  ja: (words) => ({
    subject: ja.subject(words, `契約更新のご連絡先が登録されていません（${words.nextStartsOn}更新分）`),
    blocks: [
      ...ja.openingToStaff(
        words,
        `契約更新のご案内の時期となりましたが、${words.customer} 様には契約更新のご連絡先が登録されていません。\nこのため、お客様のどなたにもご案内をお送りしておりません。`,
      ),
      heading('必要なご対応'),
      list(
        'お客様に、契約更新のご担当者をご確認ください。',
        'ご担当者を、役割「renewal」のご連絡先として登録してください。以後のご案内は、登録されたご連絡先へ送信されます。',
        '登録が完了するまでは、お客様へ別の方法でご連絡をお願いいたします。',
      ),
      paragraph('更新しない旨の通知がない場合、サブスクリプションは予定どおり更新されます。'),
      ...ja.subscription(words, [...ja.deadlineOrDayOff(words), ja.renewsAs(words)]),
      ...ja.signature(words),
    ],
  }),
};
