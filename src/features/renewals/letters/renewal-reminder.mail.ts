import {
  closingEn,
  closingJa,
  deadlineRowsEn,
  deadlineRowsJa,
  declineButtonEn,
  declineButtonJa,
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
  type LetterWords,
} from './letter.js';

/** The coming renewal, and until when one can say no (§11). */
export const renewalReminder: Letter = {
  en: (words) => ({
    subject: englishSubject(
      words,
      words.isLastDay
        ? `today, ${words.deadline}, is the last day for a notice of non-renewal`
        : `the last day for a notice of non-renewal is ${words.deadline}`,
    ),
    blocks: [
      ...openingEn(words, newsEn(words)),
      ...declineButtonEn(words),
      heading('Last day for a notice'),
      facts(...deadlineRowsEn(words)),
      paragraph('What counts is when we receive the notice.'),
      heading('Your subscription'),
      facts(
        ['Customer', words.customer],
        ['Package', words.package],
        ['Term', `${words.startsOn} to ${words.endsOn}`],
        ['Hours used', `${words.used} of ${words.granted}`],
        ['About to expire', `${words.remaining}, unless used by the end of the term`],
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
      paragraph(
        'Unused hours are not carried over. Learners keep their seats as far as the new term has seats for them.',
      ),
      heading('If you do nothing'),
      paragraph('The subscription renews automatically for one more year. There is nothing you need to do.'),
      heading('If you do not want to renew'),
      paragraph(
        words.noticeLink === undefined
          ? 'Notice is given in writing (e-mail is enough) and has to be received by the end of the last day for it.'
          : 'Give notice on your personal page, through the link at the top, or write to your Customer Success Manager (e-mail is enough). We must receive the notice by the end of the last day for it.',
      ),
      ...closingEn(words),
    ],
  }),
  ja: (words) => ({
    subject: japaneseSubject(
      words,
      words.isLastDay
        ? `契約更新のご案内（更新しない場合の通知期限は本日 ${words.deadline} です）`
        : `契約更新のご案内（更新しない場合の通知期限：${words.deadline}）`,
    ),
    blocks: [
      ...openingJa(words, newsJa(words)),
      ...declineButtonJa(words),
      heading('更新しない場合の通知期限'),
      facts(...deadlineRowsJa(words)),
      paragraph('期限内の通知かどうかは、弊社が通知を受領した日時で判断いたします。'),
      heading('現在のご契約'),
      facts(
        ['お客様名', words.customer],
        ['パッケージ', words.package],
        ['契約期間', `${words.startsOn}～${words.endsOn}`],
        ['使用済み時間', `${words.used}（付与時間 ${words.granted}）`],
        ['残り時間', `${words.remaining}\n（未使用の時間は、契約期間の満了をもって失効いたします）`],
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
      paragraph(
        '未使用の時間は、次の契約期間に繰り越されません。\n受講者への割り当ては、更新後の受講ライセンス数の範囲で引き継がれます。',
      ),
      heading('お手続きをされない場合'),
      paragraph(
        '通知期限までに更新しない旨の通知がない場合、サブスクリプションは自動的に 1 年間更新されます。更新にあたってのお手続きは不要です。',
      ),
      heading('更新を希望されない場合'),
      paragraph(
        words.noticeLink === undefined
          ? '更新しない旨の通知は、専用ページまたは書面（電子メール可）にて、通知期限まで承ります。'
          : '本メール上部のリンクからお手続きいただくか、更新しない旨の通知を、通知期限までに到着するよう、書面（電子メール可）にて担当CSMまでお送りください。',
      ),
      ...closingJa(words),
    ],
  }),
};

function newsEn({ isLastDay, reference, deadline, timeZone, nextStartsOn }: LetterWords): string {
  return isLastDay
    ? `Today, ${deadline}, is the last day on which you can decide against the renewal of your TRM subscription “${reference}”. Unless we receive a notice by midnight at the end of today (time zone: ${timeZone}), it renews automatically for one more year on ${nextStartsOn}.`
    : `Your TRM subscription “${reference}” renews automatically for one more year on ${nextStartsOn}. If you do not want that, we must receive your notice by ${deadline}, midnight at the end of that day (time zone: ${timeZone}).`;
}

function newsJa({ isLastDay, reference, deadline, timeZone, nextStartsOn }: LetterWords): string {
  return isLastDay
    ? `本日 ${deadline} は、TRM サブスクリプション「${reference}」を更新しない場合の通知期限です。本日 24:00（タイムゾーン：${timeZone}）までに更新しない旨の通知がない場合、ご契約は${nextStartsOn}より自動的に 1 年間更新されます。`
    : `TRM サブスクリプション「${reference}」の契約更新の時期が近づいてまいりましたので、ご案内いたします。ご契約は、${nextStartsOn}より自動的に 1 年間更新されます。更新を希望されない場合は、${deadline} 24:00（タイムゾーン：${timeZone}）までに、更新しない旨をご通知ください。`;
}
