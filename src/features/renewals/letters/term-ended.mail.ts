import { counted, facts, heading, paragraph, type Letter } from './letter.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

/** A declined term is over: the subscription has ended, and what expired with it (§11). */
export const termEnded: Letter = {
  en: (words, { turn }) => {
    const { packageBefore, expiredMinutes, seatsDropped } = turn!;
    const { name } = words.packageNamed(packageBefore);
    return {
      subject: en.subject(words, `the subscription ended on ${words.endsOn}`),
      blocks: [
        ...en.opening(words, 'As notice of non-renewal was given, the TRM subscription below has ended.'),
        heading('Last term'),
        facts(
          ['Customer', words.customer],
          ['Package', name],
          ['Term', `${words.startsOn} to ${words.endsOn}`],
          ['Hours used', `${words.used} of ${words.granted}`],
          [
            'Expired',
            `${words.hours(expiredMinutes)} unused${seatsDropped > 0 ? `, and ${counted(seatsDropped, 'learning seat')}` : ''}`,
          ],
          ...words.identity,
        ),
        words.picture,
        paragraph('Thank you for working with us.'),
        ...en.closing(words),
      ],
    };
  },
  ja: (words, { turn }) => {
    const { packageBefore, expiredMinutes, seatsDropped } = turn!;
    const { name } = words.packageNamed(packageBefore);
    return {
      subject: ja.subject(words, `契約終了のお知らせ（${words.endsOn}）`),
      blocks: [
        ...ja.opening(
          words,
          '更新しない旨の通知に基づき、TRM サブスクリプションのご契約が終了いたしましたので、お知らせいたします。',
        ),
        heading('終了したご契約'),
        facts(
          ['お客様名', words.customer],
          ['パッケージ', name],
          ['契約期間', `${words.startsOn}～${words.endsOn}`],
          ['使用済み時間', `${words.used}（付与時間 ${words.granted}）`],
          ['失効した時間', words.hours(expiredMinutes)],
          seatsDropped > 0 && ['失効した受講ライセンス', `${seatsDropped} 名分`],
          ...words.identity,
        ),
        words.picture,
        paragraph('これまで TRM サブスクリプションをご利用いただき、誠にありがとうございました。'),
        ...ja.closing(words),
      ],
    };
  },
};
