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

/** The last day for a notice has passed without one: the term will renew (§11). */
export const renewalLocked: Letter = {
  en: (words) => ({
    subject: englishSubject(words, `the subscription will renew on ${words.nextStartsOn}`),
    blocks: [
      ...openingEn(
        words,
        `The last day for a notice of non-renewal was ${words.deadline} (time zone: ${words.timeZone}), and no valid notice was given. The subscription will therefore renew for one more year. There is nothing you need to do.`,
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
      heading('What renews'),
      facts(
        ['Package', `${words.next.name} with ${words.next.hours}`],
        ['Term', `${words.nextStartsOn} to ${words.nextEndsOn}`],
        ['Onsite', onsiteEn(words.next)],
        ['Learning seats', String(words.next.seats)],
      ),
      ...closingEn(words),
    ],
  }),
  ja: (words) => ({
    subject: japaneseSubject(words, `契約更新確定のお知らせ（${words.nextStartsOn}より）`),
    blocks: [
      ...openingJa(
        words,
        `通知期限（${words.deadline} 24:00、タイムゾーン：${words.timeZone}）までに更新しない旨の有効な通知がございませんでしたので、TRM サブスクリプションは 1 年間更新されることとなりました。更新にあたってのお手続きは不要です。`,
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
      heading('更新後のご契約'),
      facts(
        ['パッケージ', `${words.next.name}（付与時間 ${words.next.hours}）`],
        ['契約期間', `${words.nextStartsOn}～${words.nextEndsOn}`],
        ['訪問支援', onsiteJa(words.next)],
        ['受講ライセンス', `${words.next.seats} 名分`],
      ),
      ...closingJa(words),
    ],
  }),
};
