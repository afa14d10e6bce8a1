import type { Letter } from './letter.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

/** The package that will renew has changed after the lock was confirmed (§11). */
export const renewalChanged: Letter = {
  en: (words, { change }) => {
    const before = words.packageNamed(change!.before);
    return {
      subject: en.subject(words, `the subscription will renew as ${words.next.name}, not as ${before.name}`),
      blocks: [
        ...en.opening(
          words,
          `We confirmed that the TRM subscription below will renew. Since then, the package has changed: on ${words.nextStartsOn} the subscription renews as ${words.next.name}, not as ${before.name}. There is nothing you need to do.`,
        ),
        ...en.nextTerm(words, 'What renews now', [['Instead of', `${before.name} with ${before.hours}`]]),
        ...en.subscription(words, en.leftover(words), 'Current term'),
        ...en.closing(words),
      ],
    };
  },
  ja: (words, { change }) => {
    const before = words.packageNamed(change!.before);
    return {
      subject: ja.subject(words, `更新後のパッケージ変更のお知らせ（${words.nextStartsOn}より${words.next.name}）`),
      blocks: [
        ...ja.opening(
          words,
          `先日、契約更新の確定をお知らせいたしました TRM サブスクリプションにつきまして、更新後のパッケージが「${before.name}」から「${words.next.name}」に変更となりました。${words.nextStartsOn}より「${words.next.name}」として更新されます。お客様のお手続きは不要です。`,
        ),
        ...ja.nextTerm(words, '変更後の更新内容', [['変更前', `${before.name}（付与時間 ${before.hours}）`]]),
        ...ja.subscription(words, ja.leftover(words), '現在のご契約'),
        ...ja.closing(words),
      ],
    };
  },
};
