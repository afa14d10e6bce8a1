import {
  englishSubject,
  facts,
  heading,
  japaneseSubject,
  paragraph,
  signOffEn,
  signOffJa,
  type Letter,
} from './letter.js';

/** An upgrade has overtaken the package that was set for the next renewal: the CSM alone gets a mail (§10). */
export const nextPackageDropped: Letter = {
  en: (words, { change }) => {
    const dropped = words.packageNamed(change!.before);
    return {
      subject: englishSubject(words, `the change to ${dropped.name} at the renewal was dropped`),
      blocks: [
        paragraph(`Dear ${words.recipient},`),
        paragraph(
          `The subscription of ${words.customer} was upgraded to ${words.package}. Before, it was set to change to ${dropped.name} at its renewal on ${words.nextStartsOn}. The upgrade has overtaken this change, so the service dropped it. If the subscription renews, it renews as ${words.next.name}.`,
        ),
        heading('What to do'),
        {
          kind: 'list',
          items: ['If the package is to change at the renewal after all, set the next package again.'],
        },
        heading('The subscription'),
        facts(
          ['Customer', words.customer],
          ['Package', words.package],
          ['Term', `${words.startsOn} to ${words.endsOn}`],
          ['Dropped', dropped.name],
          [
            'At a renewal',
            `${words.next.name} with ${words.next.hours}, from ${words.nextStartsOn} to ${words.nextEndsOn}`,
          ],
          ...words.identity,
        ),
        words.picture,
        ...signOffEn(words),
      ],
    };
  },
  ja: (words, { change }) => {
    const dropped = words.packageNamed(change!.before);
    return {
      subject: japaneseSubject(words, `更新時のパッケージ変更を解除しました（${words.nextStartsOn}更新分）`),
      blocks: [
        paragraph(`${words.recipient} 様`),
        paragraph(
          `${words.customer} 様のサブスクリプションが「${words.package}」へアップグレードされました。\nこれに伴い、${words.nextStartsOn}の更新時に予定されていた「${dropped.name}」への変更は不要となったため、設定を解除いたしました。更新される場合は「${words.next.name}」となります。`,
        ),
        heading('必要なご対応'),
        {
          kind: 'list',
          items: ['更新時にパッケージを変更する場合は、更新後のパッケージをあらためて設定してください。'],
        },
        heading('対象のサブスクリプション'),
        facts(
          ['お客様名', words.customer],
          ['パッケージ', words.package],
          ['契約期間', `${words.startsOn}～${words.endsOn}`],
          ['解除した変更先', dropped.name],
          [
            '更新時のご契約',
            `${words.next.name}（付与時間 ${words.next.hours}）\n${words.nextStartsOn}～${words.nextEndsOn}`,
          ],
          ...words.identity,
        ),
        words.picture,
        ...signOffJa(words),
      ],
    };
  },
};
