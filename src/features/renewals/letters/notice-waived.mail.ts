import { oneLine } from '../../../platform/mail/mail-words.js';
import {
  closingEn,
  closingJa,
  englishSubject,
  facts,
  heading,
  japaneseSubject,
  openingEn,
  openingJa,
  paragraph,
  replacesLockEn,
  replacesLockJa,
  type Letter,
} from './letter.js';

/** Both sides have accepted a late notice after all: told to both, as the subscription now ends (§11). */
export const noticeWaived: Letter = {
  en: (words, kept) => {
    const { id, party, receivedAt, waivedAt, customerSignedBy, providerSignedBy } = kept.waiver!;
    return {
      subject: englishSubject(words, `late notice of non-renewal accepted, the subscription ends on ${words.endsOn}`),
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
          `The subscription ends with the term, at the end of ${words.endsOn}, and does not renew. Until then you can use it in full.\nHours left at present: ${words.remaining}. Unused hours and all learning seats expire at the end of the term.`,
        ),
        ...replacesLockEn(kept),
        heading('The subscription'),
        facts(
          ['Customer', words.customer],
          ['Package', words.package],
          ['Term', `${words.startsOn} to ${words.endsOn}`],
          ...words.identity,
        ),
        words.picture,
        ...closingEn(words),
      ],
    };
  },
  ja: (words, kept) => {
    const { id, party, receivedAt, waivedAt, customerSignedBy, providerSignedBy } = kept.waiver!;
    return {
      subject: japaneseSubject(words, `期限後の通知を合意により受理いたしました（${words.endsOn}をもって契約終了）`),
      blocks: [
        ...openingJa(
          words,
          '通知期限後に受領された更新しない旨の通知が、双方の合意により受理されましたので、お知らせいたします。',
        ),
        heading('合意の内容'),
        facts(
          ['対象の通知', `${party === 'provider' ? '弊社' : 'お客様'}からの通知（${words.moment(receivedAt)} 受領）`],
          ['受理日時', `${words.moment(waivedAt)}（タイムゾーン：${words.zoneAt(waivedAt)}）`],
          ['お客様側の署名者', oneLine(customerSignedBy)],
          ['弊社側の署名者', oneLine(providerSignedBy)],
          ['通知ID', id],
        ),
        heading('受理後の取り扱い'),
        paragraph(
          `サブスクリプションは更新されず、${words.endsOn}の契約期間満了をもって終了いたします。満了までは、引き続きすべてのサービスをご利用いただけます。\n現在の残り時間は ${words.remaining}です。未使用の時間と受講ライセンスは、契約期間の満了をもって失効いたします。`,
        ),
        ...replacesLockJa(kept),
        heading('対象のサブスクリプション'),
        facts(
          ['お客様名', words.customer],
          ['パッケージ', words.package],
          ['契約期間', `${words.startsOn}～${words.endsOn}`],
          ...words.identity,
        ),
        words.picture,
        ...closingJa(words),
      ],
    };
  },
};
