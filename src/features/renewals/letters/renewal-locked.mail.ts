import type { Letter } from './letter.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

/** The last day for a notice has passed without a valid notice: the term will renew (§11). */
export const renewalLocked: Letter = {
  en: (words) => ({
    subject: en.subject(words, `the subscription will renew on ${words.nextStartsOn}`),
    blocks: [
      ...en.opening(
        words,
        `The last day for a notice of non-renewal was ${words.deadline} (time zone: ${words.timeZone}), and no valid notice was given. The subscription will therefore renew for one more year. There is nothing you need to do.`,
      ),
      ...en.subscription(words, en.leftover(words), 'Current term'),
      ...en.nextTerm(words, 'What renews'),
      ...en.closing(words),
    ],
  }),
  ja: (words) => ({
    subject: ja.subject(words, `契約更新確定のお知らせ（${words.nextStartsOn}より）`),
    blocks: [
      ...ja.opening(
        words,
        `通知期限（${words.deadline} 24:00、タイムゾーン：${words.timeZone}）までに更新しない旨の有効な通知がございませんでしたので、TRM サブスクリプションの 1 年間の更新が確定いたしました。更新にあたってのお手続きは不要です。`,
      ),
      ...ja.subscription(words, ja.leftover(words), '現在のご契約'),
      ...ja.nextTerm(words, '更新後のご契約'),
      ...ja.closing(words),
    ],
  }),
};
