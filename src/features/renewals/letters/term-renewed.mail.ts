import { oneLine } from '../../../platform/mail/mail-words.js';
import { counted, facts, heading, paragraph, type Letter } from './letter.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

/** Confirms a renewal: what expired, what is new, and for the CSM what did not fit into the new term (§11). */
export const termRenewed: Letter = {
  en: (words, { turn }) => {
    const { packageBefore, packageAfter, expiredMinutes, seatsDropped, ...dropped } = turn!;
    const renewed = words.packageNamed(packageAfter!);
    const { consultantsDropped, productLinesDropped } = dropped;
    return {
      subject: en.subject(words, `renewed as ${renewed.name} from ${words.nextStartsOn}`),
      blocks: [
        ...en.opening(words, 'The TRM subscription below has been renewed.'),
        heading('Past term'),
        facts(
          ['Customer', words.customer],
          ['Package', words.packageNamed(packageBefore).name],
          ['Term', `${words.startsOn} to ${words.endsOn}`],
          ['Hours used', `${words.used} of ${words.granted}`],
          ['Expired', `${words.hours(expiredMinutes)} unused`],
          seatsDropped > 0 && [
            'Learning seats',
            `${counted(seatsDropped, 'learner')} could not keep a seat, because the new term has fewer seats`,
          ],
        ),
        words.picture,
        heading('New term'),
        facts(
          ['Package', `${renewed.name} with ${renewed.hours}`],
          ['Term', `${words.nextStartsOn} to ${words.nextEndsOn}`],
          ['Onsite', en.onsite(renewed)],
          ['Learning seats', String(renewed.seats)],
          ...words.identity,
        ),
        paragraph(
          'Product lines, consultants, allocations and learners were carried over, within the limits of the new term.',
        ),
        ...(words.copy && consultantsDropped.length + productLinesDropped.length > 0
          ? [
              heading('Not carried over to the new term'),
              facts(
                consultantsDropped.length > 0 && ['Consultants', consultantsDropped.map(oneLine).join(', ')],
                productLinesDropped.length > 0 && ['Product lines', productLinesDropped.map(oneLine).join(', ')],
              ),
            ]
          : []),
        ...en.closing(words),
      ],
    };
  },
  ja: (words, { turn }) => {
    const { packageBefore, packageAfter, expiredMinutes, seatsDropped, ...dropped } = turn!;
    const renewed = words.packageNamed(packageAfter!);
    const { consultantsDropped, productLinesDropped } = dropped;
    return {
      subject: ja.subject(words, `契約更新完了のお知らせ（${words.nextStartsOn}より${renewed.name}）`),
      blocks: [
        ...ja.opening(words, 'TRM サブスクリプションのご契約が更新されましたので、お知らせいたします。'),
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
          ['訪問支援', ja.onsite(renewed)],
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
        ...ja.closing(words),
      ],
    };
  },
};
