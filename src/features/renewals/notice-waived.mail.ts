import { oneLine } from '../../platform/mail/mail-words.js';
import {
  closingEn,
  closingJa,
  facts,
  heading,
  japaneseSubject,
  openingEn,
  openingJa,
  paragraph,
  type Letter,
} from './letter.js';

/** Both sides have accepted a late notice after all: told to both, as the subscription now ends (§11). */
export const noticeWaived: Letter = {
  en: (words, { waiver }) => {
    const { id, party, receivedAt, waivedAt, customerSignedBy, providerSignedBy } = waiver!;
    return {
      subject: `${words.customer}: late notice of non-renewal accepted by mutual agreement, the subscription will end`,
      blocks: [
        ...openingEn(
          words,
          'A notice of non-renewal that was received after the last day for it has been accepted by mutual agreement.',
        ),
        heading('The agreement'),
        facts(
          [
            'Notice of',
            `${party === 'provider' ? 'the provider' : 'the customer'}, received ${words.moment(receivedAt)}`,
          ],
          ['Accepted', `${words.moment(waivedAt)} (time zone: ${words.zoneAt(waivedAt)})`],
          ['For the customer', oneLine(customerSignedBy)],
          ['For the provider', oneLine(providerSignedBy)],
          ['Notice ID', id],
        ),
        heading('What it means'),
        paragraph(
          `The subscription ends with the term, at the end of ${words.endsOn}, and does not renew. Until then it can be used in full.\nLeft at present: ${words.remaining}. What is unused at the end of the term expires.`,
        ),
        heading('The subscription'),
        facts(
          ['Customer', words.customer],
          ['Package', words.package],
          ['Term', `${words.startsOn} to ${words.endsOn}`],
          ['Subscription ID', words.subscriptionId],
        ),
        ...closingEn(words),
      ],
    };
  },
  ja: (words, { waiver }) => {
    const { id, party, receivedAt, waivedAt, customerSignedBy, providerSignedBy } = waiver!;
    return {
      subject: japaneseSubject(words, '期限後の通知の受理（合意）のお知らせ（契約期間の満了をもって終了）'),
      blocks: [
        ...openingJa(
          words,
          '通知期限後に受領した更新しない旨の通知につきまして、双方の合意により受理いたしましたので、お知らせいたします。',
        ),
        heading('合意の内容'),
        facts(
          [
            '対象の通知',
            `${party === 'provider' ? 'サービス提供者' : 'お客様'}による通知（${words.moment(receivedAt)} 受領）`,
          ],
          ['受理日時', `${words.moment(waivedAt)}（タイムゾーン：${words.zoneAt(waivedAt)}）`],
          ['お客様側の署名者', oneLine(customerSignedBy)],
          ['サービス提供者側の署名者', oneLine(providerSignedBy)],
          ['通知ID', id],
        ),
        heading('受理後の取り扱い'),
        paragraph(
          `サブスクリプションは更新されず、${words.endsOn} の契約期間満了をもって終了いたします。満了までは、引き続きすべてのサービスをご利用いただけます。\n現在の残り時間は ${words.remaining}です。未使用の時間は、契約期間の満了をもって失効いたします。`,
        ),
        heading('対象のサブスクリプション'),
        facts(
          ['お客様名', words.customer],
          ['パッケージ', words.package],
          ['契約期間', `${words.startsOn}～${words.endsOn}`],
          ['サブスクリプションID', words.subscriptionId],
        ),
        ...closingJa(words),
      ],
    };
  },
};
