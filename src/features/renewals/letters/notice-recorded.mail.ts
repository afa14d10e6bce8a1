import type { Block } from '../../../platform/mail/layout.js';
import { oneLine } from '../../../platform/mail/mail-words.js';
import {
  closingEn,
  closingJa,
  deadlineRowEn,
  deadlineRowJa,
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
  type LetterWords,
} from './letter.js';
import type { NoticeKept } from './mail-facts.js';

type Effect = 'effective' | NonNullable<NoticeKept['reason']>;

const effectEn: Record<Effect, (words: LetterWords) => string> = {
  effective: ({ endsOn, remaining }) =>
    `The notice was received in time. The subscription is not renewed: it ends with the term, at the end of ${endsOn}. Until then you can use it in full.\nHours left at present: ${remaining}. Unused hours and all learning seats expire at the end of the term.`,
  late: () =>
    'The notice was received after the last day for it. It is kept on record but has no effect. Unless another notice stands, or both sides agree to accept this one, the subscription renews.',
  'recorded-after-roll-over': () =>
    'The notice was recorded after the term had already rolled over. It is kept on record but has no effect; our administrators will look into it.',
};

const effectJa: Record<Effect, (words: LetterWords) => string> = {
  effective: ({ endsOn, remaining }) =>
    `通知期限内に受領されたため、通知は有効です。\nサブスクリプションは更新されず、${endsOn}の契約期間満了をもって終了いたします。満了までは、引き続きすべてのサービスをご利用いただけます。\n現在の残り時間は ${remaining}です。未使用の時間と受講ライセンスは、契約期間の満了をもって失効いたします。`,
  late: () =>
    '通知期限後に受領されたため、通知の効力は生じません（記録として保管いたします）。\n他に有効な通知がある場合、または双方の合意により本通知が受理された場合を除き、サブスクリプションは自動的に更新されます。',
  'recorded-after-roll-over': () =>
    '次の契約期間への切り替え後に記録されたため、通知の効力は生じません（記録として保管いたします）。\n本件につきましては、弊社管理者が確認いたします。',
};

/** The customer's page with its notice; it offers a withdrawal only while the customer can withdraw alone (§11). */
function noticePageEn({ isBeforeDeadline, deadline, timeZone, csm }: LetterWords, url: string): Block[] {
  if (!isBeforeDeadline) {
    return [
      paragraph(`Taking the notice back now needs our agreement. Please ask ${csm}, your Customer Success Manager.`),
      { kind: 'button', text: 'Show the notice', url },
    ];
  }
  return [
    paragraph(
      `You can withdraw the notice until ${deadline}, midnight at the end of that day (time zone: ${timeZone}). After that, it needs our agreement.`,
    ),
    { kind: 'button', text: 'Show the notice, or withdraw it', url },
  ];
}

function noticePageJa({ isBeforeDeadline, deadline, timeZone, csm }: LetterWords, url: string): Block[] {
  if (!isBeforeDeadline) {
    return [
      paragraph(
        `通知期限を過ぎているため、通知の撤回には弊社の同意が必要です。ご希望の場合は、担当CSMの${csm}までご相談ください。`,
      ),
      { kind: 'button', text: '通知の内容を確認する', url },
    ];
  }
  return [
    paragraph(
      `通知は、${deadline} 24:00（タイムゾーン：${timeZone}）まで撤回していただけます。その後の撤回には、弊社の同意が必要です。`,
    ),
    { kind: 'button', text: '通知の内容を確認・撤回する', url },
  ];
}

/** A notice of non-renewal was recorded: told to both parties, also where it has no effect (§11). */
export const noticeRecorded: Letter = {
  en: (words, kept) => {
    const { id, party, signedBy, receivedAt, reason } = kept.notice!;
    return {
      subject: englishSubject(
        words,
        `notice of non-renewal recorded, ${reason ? 'without effect' : `the subscription ends on ${words.endsOn}`}`,
      ),
      blocks: [
        ...openingEn(
          words,
          party === 'provider'
            ? 'We have given notice that the TRM subscription below is not to be renewed.'
            : 'We have received your notice that the TRM subscription below is not to be renewed.',
        ),
        heading('The notice'),
        facts(
          ['Given by', `${party === 'provider' ? 'the provider' : 'the customer'}, signed by ${oneLine(signedBy)}`],
          ['Received', `${words.moment(receivedAt)} (time zone: ${words.zoneAt(receivedAt)})`],
          deadlineRowEn(words),
          ['Notice ID', id],
        ),
        heading('What it means'),
        paragraph(effectEn[reason ?? 'effective'](words)),
        ...replacesLockEn(kept),
        ...(words.noticeLink === undefined || party === 'provider' || reason
          ? []
          : noticePageEn(words, words.noticeLink)),
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
    const { id, party, signedBy, receivedAt, reason } = kept.notice!;
    return {
      subject: japaneseSubject(
        words,
        `${party === 'provider' ? '弊社からの更新しない旨の通知について' : '更新しない旨の通知を受領いたしました'}（${reason ? '効力なし' : `${words.endsOn}をもって契約終了`}）`,
      ),
      blocks: [
        ...openingJa(
          words,
          party === 'provider'
            ? 'TRM サブスクリプションについて、弊社より、更新しない旨を下記のとおり通知いたしました。'
            : 'TRM サブスクリプションについて、更新しない旨の通知を下記のとおり受領いたしました。',
        ),
        heading('通知の内容'),
        facts(
          ['通知者', `${party === 'provider' ? '弊社' : 'お客様'}（署名：${oneLine(signedBy)}）`],
          ['受領日時', `${words.moment(receivedAt)}（タイムゾーン：${words.zoneAt(receivedAt)}）`],
          deadlineRowJa(words),
          ['通知ID', id],
        ),
        heading('通知の効力'),
        paragraph(effectJa[reason ?? 'effective'](words)),
        ...replacesLockJa(kept),
        ...(words.noticeLink === undefined || party === 'provider' || reason
          ? []
          : noticePageJa(words, words.noticeLink)),
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
