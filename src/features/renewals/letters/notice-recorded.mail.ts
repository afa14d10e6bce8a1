import type { Block } from '../../../platform/mail/layout.js';
import { oneLine } from '../../../platform/mail/mail-words.js';
import { button, facts, heading, paragraph, type Letter, type LetterWords } from './letter.js';
import { phrases } from './phrases.js';
import type { StoredNotice } from './mail-facts.js';

const { en, ja } = phrases;

type Effect = 'effective' | NonNullable<StoredNotice['reason']>;

const effectEn: Record<Effect, (words: LetterWords) => string> = {
  effective: (words) => `The notice was received in time. ${en.ends(words)}`,
  late: () =>
    'The notice was received after the last day for a notice. We have recorded it, but it has no effect. The subscription renews, unless another notice stands or both sides agree to accept this one.',
  'recorded-after-roll-over': () =>
    'The notice was recorded after the next term had begun. It has no effect. Our administrators will look into it.',
};

const effectJa: Record<Effect, (words: LetterWords) => string> = {
  effective: (words) => `通知期限内に受領されたため、通知は有効です。\n${ja.ends(words)}`,
  late: () =>
    '通知期限後に受領されたため、通知の効力は生じません（記録として保管いたします）。\n他に有効な通知がある場合、または双方の合意により本通知が受理された場合を除き、サブスクリプションは自動的に更新されます。',
  'recorded-after-roll-over': () =>
    '次の契約期間への切り替え後に記録されたため、通知の効力は生じません（記録として保管いたします）。\n本件につきましては、弊社管理者が確認いたします。',
};

/** The customer's page with its notice; it offers a withdrawal only while the customer can withdraw alone (§11). */
function noticePageEn({ isBeforeDeadline, deadline, timeZone, csm }: LetterWords, url: string): Block[] {
  if (!isBeforeDeadline) {
    return [
      paragraph(`Withdrawing the notice now needs our agreement. Please ask ${csm}, your Customer Success Manager.`),
      button('Show the notice', url),
    ];
  }
  return [
    paragraph(
      `You can withdraw the notice until ${deadline}, midnight at the end of that day (time zone: ${timeZone}). After that, it needs our agreement.`,
    ),
    button('Show the notice, or withdraw it', url),
  ];
}

function noticePageJa({ isBeforeDeadline, deadline, timeZone, csm }: LetterWords, url: string): Block[] {
  if (!isBeforeDeadline) {
    return [
      paragraph(
        `通知期限を過ぎているため、通知の撤回には弊社の同意が必要です。ご希望の場合は、担当CSMの${csm}までご相談ください。`,
      ),
      button('通知の内容を確認する', url),
    ];
  }
  return [
    paragraph(
      `通知は、${deadline} 24:00（タイムゾーン：${timeZone}）まで撤回していただけます。その後の撤回には、弊社の同意が必要です。`,
    ),
    button('通知の内容を確認・撤回する', url),
  ];
}

/** Confirms to both parties that a notice was recorded, even if it has no effect (§11). */
export const noticeRecorded: Letter = {
  en: (words, kept) => {
    const { id, party, signedBy, receivedAt, reason } = kept.notice!;
    return {
      subject: en.subject(
        words,
        `notice of non-renewal recorded, ${reason ? 'without effect' : `the subscription ends on ${words.endsOn}`}`,
      ),
      blocks: [
        ...en.opening(
          words,
          party === 'provider'
            ? 'We have given notice that we will not renew the TRM subscription below.'
            : 'We have received your notice that you will not renew the TRM subscription below.',
        ),
        heading('The notice'),
        facts(
          ['Given by', `${party === 'provider' ? 'the provider' : 'the customer'}, signed by ${oneLine(signedBy)}`],
          ['Received', `${words.moment(receivedAt)} (time zone: ${words.zoneAt(receivedAt)})`],
          en.deadline(words),
          ['Notice ID', id],
        ),
        heading('What it means'),
        paragraph(effectEn[reason ?? 'effective'](words)),
        ...en.replacesLock(kept),
        ...(words.noticeLink === undefined || party === 'provider' || reason
          ? []
          : noticePageEn(words, words.noticeLink)),
        ...en.subscription(words),
        ...en.closing(words),
      ],
    };
  },
  ja: (words, kept) => {
    const { id, party, signedBy, receivedAt, reason } = kept.notice!;
    return {
      subject: ja.subject(
        words,
        `${party === 'provider' ? '弊社からの更新しない旨の通知について' : '更新しない旨の通知を受領いたしました'}（${reason ? '効力なし' : `${words.endsOn}をもって契約終了`}）`,
      ),
      blocks: [
        ...ja.opening(
          words,
          party === 'provider'
            ? 'TRM サブスクリプションについて、弊社より、更新しない旨を下記のとおり通知いたしました。'
            : 'TRM サブスクリプションについて、更新しない旨の通知を下記のとおり受領いたしました。',
        ),
        heading('通知の内容'),
        facts(
          ['通知者', `${party === 'provider' ? '弊社' : 'お客様'}（署名：${oneLine(signedBy)}）`],
          ['受領日時', `${words.moment(receivedAt)}（タイムゾーン：${words.zoneAt(receivedAt)}）`],
          ja.deadline(words),
          ['通知ID', id],
        ),
        heading('通知の効力'),
        paragraph(effectJa[reason ?? 'effective'](words)),
        ...ja.replacesLock(kept),
        ...(words.noticeLink === undefined || party === 'provider' || reason
          ? []
          : noticePageJa(words, words.noticeLink)),
        ...ja.subscription(words),
        ...ja.closing(words),
      ],
    };
  },
};
