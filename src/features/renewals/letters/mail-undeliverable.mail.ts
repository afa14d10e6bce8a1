import { oneLine } from '../../../platform/mail/mail-words.js';
import {
  englishSubject,
  facts,
  heading,
  japaneseSubject,
  paragraph,
  signOffEn,
  signOffJa,
  type Letter,
} from './letter.js';
import type { FailureCause } from './mail-facts.js';

const causesEn: Readonly<Record<FailureCause, string>> = {
  refused: 'The mail server refused it for good.',
  'given-up': 'The service tried again and again, and has now given up.',
  unwritten: 'The service could not write it.',
};

const causesJa: Readonly<Record<FailureCause, string>> = {
  refused: 'メールサーバーに恒久的なエラーとして拒否されました。',
  'given-up': '再送を繰り返しましたが送信できなかったため、送信を中止しました。',
  unwritten: 'メールの本文を作成できませんでした。',
};

/** A mail to a contact of the customer has failed for good: the CSM and the operator get one mail per contact and term (§11). */
export const mailUndeliverable: Letter = {
  en: (words, { failure }) => ({
    subject: englishSubject(words, `Mail to ${failure!.address} could not be delivered`),
    blocks: [
      paragraph(words.recipient === '' ? 'To the operator of the service' : `Dear ${words.recipient},`),
      paragraph(
        `A mail to a contact of ${words.customer} has failed for good. ${causesEn[failure!.cause]} The contact does not know what the mail says. The contract goes on as agreed.`,
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
      {
        kind: 'list',
        items:
          failure!.cause === 'unwritten'
            ? [
                'Inform the contact by other means.',
                'The operator finds the error in the log of the service. When it is mended, send the mail again.',
              ]
            : [
                'Inform the contact by other means.',
                'If the address is wrong, correct the contacts of the customer. Later mails then go to the new address.',
                'If the address is right, ask the contact to let mails of this sender pass. Then send the mail again.',
              ],
      },
      paragraph(
        `To send the mail again: POST /v1/mails/${failure!.mailId}/resend. Further failures of this address are not reported in this term; GET /v1/mails?outcome=failed lists them.`,
      ),
      heading('The subscription'),
      facts(
        ['Customer', words.customer],
        ['Package', words.package],
        ['Term', `${words.startsOn} to ${words.endsOn}`],
        ['Customer Success Manager', `${words.csm}, ${words.csmEmail}`],
        ...words.identity,
      ),
      words.picture,
      ...signOffEn(words),
    ],
  }),
  ja: (words, { failure }) => ({
    subject: japaneseSubject(words, `メールをお届けできませんでした（${failure!.address}）`),
    blocks: [
      paragraph(words.recipient === '' ? 'サービス運用ご担当者 様' : `${words.recipient} 様`),
      paragraph(
        `${words.customer} 様のご連絡先へのメールをお届けできませんでした。${causesJa[failure!.cause]}\nご連絡先の方には、メールの内容が伝わっていません。契約は予定どおり継続いたします。`,
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
      {
        kind: 'list',
        items:
          failure!.cause === 'unwritten'
            ? [
                'ご連絡先の方へ、別の方法でご連絡をお願いいたします。',
                'サービス運用ご担当者は、サービスのログでエラーの内容をご確認ください。解消後に、メールを再送してください。',
              ]
            : [
                'ご連絡先の方へ、別の方法でご連絡をお願いいたします。',
                'メールアドレスに誤りがある場合は、お客様のご連絡先を修正してください。以後のメールは、修正後のメールアドレスへ送信されます。',
                'メールアドレスが正しい場合は、本サービスからのメールを受信できるよう設定をご依頼のうえ、メールを再送してください。',
              ],
      },
      paragraph(
        `再送するには、POST /v1/mails/${failure!.mailId}/resend をご利用ください。同じメールアドレスへの以後の送信失敗は、本契約期間中はお知らせいたしません。GET /v1/mails?outcome=failed でご確認ください。`,
      ),
      heading('対象のサブスクリプション'),
      facts(
        ['お客様名', words.customer],
        ['パッケージ', words.package],
        ['契約期間', `${words.startsOn}～${words.endsOn}`],
        ['担当CSM', `${words.csm}（${words.csmEmail}）`],
        ...words.identity,
      ),
      words.picture,
      ...signOffJa(words),
    ],
  }),
};
