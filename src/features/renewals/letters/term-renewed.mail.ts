import { oneLine } from '../../../platform/mail/mail-words.js';
import {
  closingEn,
  closingJa,
  counted,
  englishSubject,
  facts,
  heading,
  japaneseSubject,
  onsiteEn,
  onsiteJa,
  openingEn,
  openingJa,
  paragraph,
  type Letter,
} from './letter.js';

/** A term has rolled over into the next one: what expired with it, what is new, and to the CSM what was left out (§11). */
export const termRenewed: Letter = {
  en: (words, { turn }) => {
    const { packageBefore, packageAfter, expiredMinutes, seatsDropped, ...dropped } = turn!;
    const renewed = words.packageNamed(packageAfter!);
    const { consultantsDropped, productLinesDropped } = dropped;
    return {
      subject: englishSubject(words, `renewed as ${renewed.name} from ${words.nextStartsOn}`),
      blocks: [
        ...openingEn(words, 'The TRM subscription below has been renewed.'),
        heading('Past term'),
        facts(
          ['Customer', words.customer],
          ['Package', words.packageNamed(packageBefore).name],
          ['Term', `${words.startsOn} to ${words.endsOn}`],
          ['Hours used', `${words.used} of ${words.granted}`],
          ['Expired', `${words.hours(expiredMinutes)} unused`],
          seatsDropped > 0 && [
            'Learning seats',
            `${counted(seatsDropped, 'learner')} could not keep a seat: the new term has fewer`,
          ],
        ),
        words.picture,
        heading('New term'),
        facts(
          ['Package', `${renewed.name} with ${renewed.hours}`],
          ['Term', `${words.nextStartsOn} to ${words.nextEndsOn}`],
          ['Onsite', onsiteEn(renewed)],
          ['Learning seats', String(renewed.seats)],
          ...words.identity,
        ),
        paragraph(
          'Product lines, consultants, allocations and learners were carried over as far as the new term has room for them.',
        ),
        ...(words.copy && consultantsDropped.length + productLinesDropped.length > 0
          ? [
              heading('Left out of the new term'),
              facts(
                consultantsDropped.length > 0 && ['Consultants', consultantsDropped.map(oneLine).join(', ')],
                productLinesDropped.length > 0 && ['Product lines', productLinesDropped.map(oneLine).join(', ')],
              ),
            ]
          : []),
        ...closingEn(words),
      ],
    };
  },
  ja: (words, { turn }) => {
    const { packageBefore, packageAfter, expiredMinutes, seatsDropped, ...dropped } = turn!;
    const renewed = words.packageNamed(packageAfter!);
    const { consultantsDropped, productLinesDropped } = dropped;
    return {
      subject: japaneseSubject(words, `契約更新完了のお知らせ（${words.nextStartsOn}より${renewed.name}）`),
      blocks: [
        ...openingJa(words, 'TRM サブスクリプションのご契約が更新されましたので、お知らせいたします。'),
        heading('終了した契約期間'),
        facts(
          ['お客様名', words.customer],
          ['パッケージ', words.packageNamed(packageBefore).name],
          ['契約期間', `${words.startsOn}～${words.endsOn}`],
          ['使用済み時間', `${words.used}（付与時間 ${words.granted}）`],
          ['失効した時間', words.hours(expiredMinutes)],
          seatsDropped > 0 && ['引き継がれなかった受講者への割り当て', `${seatsDropped} 名分`],
        ),
        words.picture,
        heading('新しい契約期間'),
        facts(
          ['パッケージ', `${renewed.name}（付与時間 ${renewed.hours}）`],
          ['契約期間', `${words.nextStartsOn}～${words.nextEndsOn}`],
          ['訪問支援', onsiteJa(renewed)],
          ['受講ライセンス', `${renewed.seats} 名分`],
          ...words.identity,
        ),
        paragraph(
          '製品ライン、コンサルタント、時間配分、受講者への割り当ては、新しい契約期間の上限の範囲で引き継がれています。',
        ),
        ...(words.copy && consultantsDropped.length + productLinesDropped.length > 0
          ? [
              heading('新しい契約期間に引き継がれなかったもの'),
              facts(
                consultantsDropped.length > 0 && ['コンサルタント', consultantsDropped.map(oneLine).join('、')],
                productLinesDropped.length > 0 && ['製品ライン', productLinesDropped.map(oneLine).join('、')],
              ),
            ]
          : []),
        ...closingJa(words),
      ],
    };
  },
};
