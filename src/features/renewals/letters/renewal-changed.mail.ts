import {
  closingEn,
  closingJa,
  englishSubject,
  facts,
  heading,
  japaneseSubject,
  onsiteEn,
  onsiteJa,
  openingEn,
  openingJa,
  type Letter,
} from './letter.js';

/** What will renew has changed after the lock was confirmed (§11). */
export const renewalChanged: Letter = {
  en: (words, { change }) => {
    const before = words.packageNamed(change!.before);
    return {
      subject: englishSubject(words, `the subscription will renew as ${words.next.name}, not as ${before.name}`),
      blocks: [
        ...openingEn(
          words,
          `We confirmed that the TRM subscription below will renew. Since then, what renews has changed: on ${words.nextStartsOn} it renews as ${words.next.name}, not as ${before.name}. There is nothing you need to do.`,
        ),
        heading('What renews now'),
        facts(
          ['Package', `${words.next.name} with ${words.next.hours}`],
          ['Instead of', `${before.name} with ${before.hours}`],
          ['Term', `${words.nextStartsOn} to ${words.nextEndsOn}`],
          ['Onsite', onsiteEn(words.next)],
          ['Learning seats', String(words.next.seats)],
        ),
        heading('Current term'),
        facts(
          ['Customer', words.customer],
          ['Package', words.package],
          ['Term', `${words.startsOn} to ${words.endsOn}`],
          ['Hours left', `${words.remaining} of ${words.granted}; what is unused at the end of the term expires`],
          ['Learning seats', `${words.seatsInUse} of ${words.maxSeats} in use; all seats expire with the term`],
          ...words.identity,
        ),
        words.picture,
        ...closingEn(words),
      ],
    };
  },
  ja: (words, { change }) => {
    const before = words.packageNamed(change!.before);
    return {
      subject: japaneseSubject(
        words,
        `更新後のパッケージ変更のお知らせ（${words.nextStartsOn}より${words.next.name}）`,
      ),
      blocks: [
        ...openingJa(
          words,
          `先に契約更新の確定をお知らせいたしました TRM サブスクリプションにつきまして、更新後のパッケージが変更されました。${words.nextStartsOn}より、「${before.name}」ではなく「${words.next.name}」として更新されます。お手続きは不要です。`,
        ),
        heading('変更後の更新内容'),
        facts(
          ['パッケージ', `${words.next.name}（付与時間 ${words.next.hours}）`],
          ['変更前', `${before.name}（付与時間 ${before.hours}）`],
          ['契約期間', `${words.nextStartsOn}～${words.nextEndsOn}`],
          ['訪問支援', onsiteJa(words.next)],
          ['受講ライセンス', `${words.next.seats} 名分`],
        ),
        heading('現在のご契約'),
        facts(
          ['お客様名', words.customer],
          ['パッケージ', words.package],
          ['契約期間', `${words.startsOn}～${words.endsOn}`],
          [
            '残り時間',
            `${words.remaining}（付与時間 ${words.granted}）\n（未使用の時間は、契約期間の満了をもって失効いたします）`,
          ],
          [
            '受講ライセンス',
            `${words.maxSeats} 名分中 ${words.seatsInUse} 名分をご利用中\n（受講ライセンスは、すべて契約期間の満了をもって失効いたします）`,
          ],
          ...words.identity,
        ),
        words.picture,
        ...closingJa(words),
      ],
    };
  },
};
