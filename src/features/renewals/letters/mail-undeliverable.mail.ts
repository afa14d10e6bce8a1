import { oneLine } from '../../../platform/mail/mail-words.js';
import { facts, heading, list, paragraph, type Letter } from './letter.js';
import type { FailureCause } from './mail-facts.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

const causesEn: Readonly<Record<FailureCause, string>> = {
  refused: 'The mail server refused it permanently.',
  'given-up': 'The service retried several times and then gave up.',
  unwritten: 'The service could not write it.',
};

const causesJa: Readonly<Record<FailureCause, string>> = {
  refused: 'メールサーバーに受信を拒否されました（恒久的なエラー）。',
  'given-up': '再送を繰り返しましたが送信できなかったため、送信を中止しました。',
  unwritten: 'メールの本文を作成できませんでした。',
};

/** A mail to a customer's contact has failed for good: the CSM and the operator get one mail per contact and term (§11). */
export const mailUndeliverable: Letter = {
  en: (words, { failure }) => ({
    subject: en.subject(words, `Mail to ${failure!.address} could not be delivered`),
    blocks: [
      ...en.openingToStaff(
        words,
        `A mail to a contact of ${words.customer} could not be delivered. ${causesEn[failure!.cause]} The contact does not know what the mail says. The contract is not affected.`,
      ),
      heading('The mail'),
      facts(
        ['Contact', oneLine(failure!.name)],
        ['Address', failure!.address],
        ['Subject', oneLine(failure!.subject ?? failure!.kind)],
        ['Failed', `${words.moment(failure!.failedAt)} (time zone: ${words.zoneAt(failure!.failedAt)})`],
        ['Attempts', String(failure!.attempts)],
        [failure!.cause === 'unwritten' ? 'Error' : 'Server’s answer', oneLine(failure!.error)],
      ),
      heading('What to do'),
      failure!.cause === 'unwritten'
        ? list(
            'Inform the contact by other means.',
            'The operator finds the error in the log of the service. Once the error is fixed, send the mail again.',
          )
        : list(
            'Inform the contact by other means.',
            'If the address is wrong, correct the contacts of the customer. Later mails then go to the new address.',
            'If the address is right, ask the contact to allow mails from this sender. Then send the mail again.',
          ),
      paragraph(
        `To send the mail again: POST /v1/mails/${failure!.mailId}/resend. Further failures of this address are not reported in this term; GET /v1/mails?outcome=failed lists them.`,
      ),
      ...en.subscription(words, [en.csm(words)]),
      ...en.signature(words),
    ],
  }),
  ja: (words, { failure }) => ({
    subject: ja.subject(words, `メールをお届けできませんでした（${failure!.address}）`),
    blocks: [
      ...ja.openingToStaff(
        words,
        `${words.customer} 様のご連絡先へのメールをお届けできませんでした。${causesJa[failure!.cause]}\nご連絡先の方には、メールの内容が伝わっていません。なお、ご契約への影響はありません。`,
      ),
      heading('お届けできなかったメール'),
      facts(
        ['ご連絡先', oneLine(failure!.name)],
        ['メールアドレス', failure!.address],
        ['件名', oneLine(failure!.subject ?? failure!.kind)],
        ['発生日時', `${words.moment(failure!.failedAt)}\n（タイムゾーン：${words.zoneAt(failure!.failedAt)}）`],
        ['送信の試行回数', `${failure!.attempts} 回`],
        [failure!.cause === 'unwritten' ? 'エラー' : 'サーバーの応答', oneLine(failure!.error)],
      ),
      heading('必要なご対応'),
      failure!.cause === 'unwritten'
        ? list(
            'ご連絡先の方へ、別の方法でご連絡をお願いいたします。',
            'サービス運用ご担当者は、サービスのログでエラーの内容をご確認ください。解消後に、メールを再送してください。',
          )
        : list(
            'ご連絡先の方へ、別の方法でご連絡をお願いいたします。',
            'メールアドレスに誤りがある場合は、お客様のご連絡先を修正してください。以後のメールは、修正後のメールアドレスへ送信されます。',
            'メールアドレスが正しい場合は、本サービスからのメールを受信できるよう設定をご依頼のうえ、メールを再送してください。',
          ),
      paragraph(
        `再送するには、POST /v1/mails/${failure!.mailId}/resend をご利用ください。同じメールアドレスへの以後の送信失敗は、本契約期間中はお知らせいたしません。GET /v1/mails?outcome=failed でご確認ください。`,
      ),
      ...ja.subscription(words, [ja.csm(words)]),
      ...ja.signature(words),
    ],
  }),
};
