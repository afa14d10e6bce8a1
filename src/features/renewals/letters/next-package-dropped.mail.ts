import { heading, list, type Letter } from './letter.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

/** An upgrade has removed the package that was set for the next renewal: only the CSM gets a mail (§10). */
export const nextPackageDropped: Letter = {
  en: (words, { change }) => {
    const dropped = words.packageNamed(change!.before);
    return {
      subject: en.subject(words, `the change to ${dropped.name} at the renewal was removed`),
      blocks: [
        ...en.openingToStaff(
          words,
          `The subscription of ${words.customer} was upgraded to ${words.package}. It had been set to change to ${dropped.name} at its renewal on ${words.nextStartsOn}. After the upgrade this change no longer applies, so the service removed it. If the subscription renews, it renews as ${words.next.name}.`,
        ),
        heading('What to do'),
        list('If the subscription is still to change its package at the renewal, set the next package again.'),
        ...en.subscription(words, [
          ['Removed', dropped.name],
          [
            'At a renewal',
            `${words.next.name} with ${words.next.hours}, from ${words.nextStartsOn} to ${words.nextEndsOn}`,
          ],
        ]),
        ...en.signature(words),
      ],
    };
  },
  ja: (words, { change }) => {
    const dropped = words.packageNamed(change!.before);
    return {
      subject: ja.subject(words, `更新時のパッケージ変更を解除しました（${words.nextStartsOn}更新分）`),
      blocks: [
        ...ja.openingToStaff(
          words,
          `${words.customer} 様のサブスクリプションが「${words.package}」へアップグレードされました。\nこれに伴い、${words.nextStartsOn}の更新時に予定されていた「${dropped.name}」への変更は不要となったため、設定を解除いたしました。更新される場合は「${words.next.name}」となります。`,
        ),
        heading('必要なご対応'),
        list('更新時にパッケージを変更する場合は、更新後のパッケージをあらためて設定してください。'),
        ...ja.subscription(words, [
          ['解除した変更先', dropped.name],
          [
            '更新時のご契約',
            `${words.next.name}（付与時間 ${words.next.hours}）\n${words.nextStartsOn}～${words.nextEndsOn}`,
          ],
        ]),
        ...ja.signature(words),
      ],
    };
  },
};
