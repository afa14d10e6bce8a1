import { oneLine } from '../../platform/mail/mail-words.js';
import {
  closingEn,
  closingJa,
  deadlineRowEn,
  deadlineRowJa,
  facts,
  heading,
  japaneseSubject,
  openingEn,
  openingJa,
  paragraph,
  type Letter,
  type LetterWords,
} from './letter.js';
import type { NoticeKept } from './mail-facts.js';

type Effect = 'effective' | NonNullable<NoticeKept['reason']>;

const effectEn: Record<Effect, (words: LetterWords) => string> = {
  effective: ({ endsOn, remaining }) =>
    `The notice was received in time. The subscription ends with the term, at the end of ${endsOn}. Until then it can be used in full.\nLeft at present: ${remaining}. What is unused at the end of the term expires.`,
  late: () =>
    'The notice was received after the last day for it. It is kept on record but has no effect. Unless another notice was received in time, the subscription renews.',
  'recorded-after-roll-over': () =>
    'The notice was recorded after the term had already rolled over. It is kept on record but has no effect; our administrators will look into it.',
};

const effectJa: Record<Effect, (words: LetterWords) => string> = {
  effective: ({ endsOn, remaining }) =>
    `通知期限内に受領したため、通知は有効です。\nサブスクリプションは、${endsOn} の契約期間満了をもって終了いたします。満了までは、引き続きすべてのサービスをご利用いただけます。\n現在の残り時間は ${remaining}です。未使用の時間は、契約期間の満了をもって失効いたします。`,
  late: () =>
    '通知期限を過ぎて受領したため、効力は生じません（記録として保管いたします）。\n期限内に受領した他の通知がない限り、サブスクリプションは自動的に更新されます。',
  'recorded-after-roll-over': () =>
    '次の契約期間への切り替え後に記録されたため、効力は生じません（記録として保管いたします）。\n本件につきましては、弊社管理者が確認いたします。',
};

/** A notice of non-renewal was recorded: told to both parties, also where it has no effect (§11). */
export const noticeRecorded: Letter = {
  en: (words, { notice }) => {
    const { id, party, signedBy, receivedAt, reason } = notice!;
    return {
      subject: `${words.customer}: notice of non-renewal recorded, ${reason ? 'without effect' : 'the subscription will end'}`,
      blocks: [
        ...openingEn(words, 'A notice of non-renewal has been recorded for the TRM subscription below.'),
        heading('The notice'),
        facts(
          ['Given by', `${party === 'provider' ? 'the provider' : 'the customer'}, signed by ${oneLine(signedBy)}`],
          ['Received', `${words.moment(receivedAt)} (time zone: ${words.zoneAt(receivedAt)})`],
          deadlineRowEn(words),
          ['Notice ID', id],
        ),
        heading('What it means'),
        paragraph(effectEn[reason ?? 'effective'](words)),
        ...(words.noticeLink === undefined || party === 'provider' || reason
          ? []
          : [{ kind: 'button' as const, text: 'Show the notice, or withdraw it', url: words.noticeLink }]),
        heading('The subscription'),
        facts(
          ['Customer', words.customer],
          ['Package', words.package],
          ['Term', `${words.startsOn} to ${words.endsOn}`],
          ['Subscription ID', words.subscriptionId],
        ),
        ...(reason ? [] : words.picture),
        ...closingEn(words),
      ],
    };
  },
  ja: (words, { notice }) => {
    const { id, party, signedBy, receivedAt, reason } = notice!;
    return {
      subject: japaneseSubject(
        words,
        `更新しない旨の通知の記録のお知らせ（${reason ? '効力なし' : '契約期間の満了をもって終了'}）`,
      ),
      blocks: [
        ...openingJa(words, 'TRM サブスクリプションについて、更新しない旨の通知を下記のとおり記録いたしました。'),
        heading('通知の内容'),
        facts(
          ['通知者', `${party === 'provider' ? 'サービス提供者' : 'お客様'}（署名：${oneLine(signedBy)}）`],
          ['受領日時', `${words.moment(receivedAt)}（タイムゾーン：${words.zoneAt(receivedAt)}）`],
          deadlineRowJa(words),
          ['通知ID', id],
        ),
        heading('通知の効力'),
        paragraph(effectJa[reason ?? 'effective'](words)),
        ...(words.noticeLink === undefined || party === 'provider' || reason
          ? []
          : [{ kind: 'button' as const, text: '通知の内容を確認・撤回する', url: words.noticeLink }]),
        heading('対象のサブスクリプション'),
        facts(
          ['お客様名', words.customer],
          ['パッケージ', words.package],
          ['契約期間', `${words.startsOn}～${words.endsOn}`],
          ['サブスクリプションID', words.subscriptionId],
        ),
        ...(reason ? [] : words.picture),
        ...closingJa(words),
      ],
    };
  },
};
