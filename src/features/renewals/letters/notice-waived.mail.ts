import { oneLine } from '../../../platform/mail/mail-words.js';
import { facts, heading, paragraph, type Letter } from './letter.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

/** Confirms to both parties that they have accepted a late notice, so that the subscription ends (§11). */
export const noticeWaived: Letter = {
  en: (words, kept) => {
    const { id, party, receivedAt, waivedAt, customerSignedBy, providerSignedBy } = kept.waiver!;
    return {
      subject: en.subject(words, `late notice of non-renewal accepted, the subscription ends on ${words.endsOn}`),
      blocks: [
        ...en.opening(
          words,
          'Both sides have agreed to accept a notice of non-renewal that was received after the last day for a notice.',
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
        paragraph(en.ends(words)),
        ...en.replacesLock(kept),
        ...en.subscription(words),
        ...en.closing(words),
      ],
    };
  },
  ja: (words, kept) => {
    const { id, party, receivedAt, waivedAt, customerSignedBy, providerSignedBy } = kept.waiver!;
    return {
      subject: ja.subject(words, `期限後の通知を合意により受理いたしました（${words.endsOn}をもって契約終了）`),
      blocks: [
        ...ja.opening(
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
        paragraph(ja.ends(words)),
        ...ja.replacesLock(kept),
        ...ja.subscription(words),
        ...ja.closing(words),
      ],
    };
  },
};
