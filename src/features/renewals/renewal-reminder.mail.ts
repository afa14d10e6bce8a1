import {
  closingEn,
  closingJa,
  deadlineRowsEn,
  deadlineRowsJa,
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

/** The coming renewal, and until when one can say no (§11). */
export const renewalReminder: Letter = {
  en: (words) => ({
    subject: englishSubject(words, `Renewal of ${words.package}: the last day for a notice is ${words.deadline}`),
    blocks: [
      ...openingEn(
        words,
        'The TRM subscription below is coming up for renewal. Below you find where it stands, and by when you can decide against it.',
      ),
      heading('Your subscription'),
      facts(
        ['Customer', words.customer],
        ['Package', words.package],
        ['Term', `${words.startsOn} to ${words.endsOn}`],
        ['Hours used', `${words.used} of ${words.granted}`],
        ['About to expire', `${words.remaining}, unless used by the end of the term`],
        ['Learning seats', `${words.seatsInUse} of ${words.maxSeats} in use; all seats expire with the term`],
        ['Subscription ID', words.subscriptionId],
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
      heading('Last day for a notice'),
      facts(...deadlineRowsEn(words)),
      paragraph('What counts is when we receive the notice.'),
      heading('If you do nothing'),
      paragraph('The subscription renews automatically for one more year. There is nothing you need to do.'),
      heading('If you do not want to renew'),
      paragraph(
        words.noticeLink === undefined
          ? 'Notice is given in writing (e-mail is enough) and has to be received by the end of the last day for it.'
          : 'Give notice on your personal page below, or write to your Customer Success Manager (e-mail is enough). The notice has to be received by the end of the last day for it. Opening the page alone does nothing.',
      ),
      ...(words.noticeLink === undefined
        ? []
        : [{ kind: 'button' as const, text: 'Open your page for a notice', url: words.noticeLink }]),
      ...closingEn(words),
    ],
  }),
  ja: (words) => ({
    subject: japaneseSubject(words, `${words.package} 契約更新のご案内（更新しない場合の通知期限：${words.deadline}）`),
    blocks: [
      ...openingJa(words, 'TRM サブスクリプションの契約更新の時期が近づいてまいりましたので、ご案内いたします。'),
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
        ['サブスクリプションID', words.subscriptionId],
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
      heading('更新しない場合の通知期限'),
      facts(...deadlineRowsJa(words)),
      paragraph('期限内の通知かどうかは、弊社が通知を受領した日時で判断いたします。'),
      heading('お手続きをされない場合'),
      paragraph(
        '通知期限までに更新しない旨の通知がない場合、サブスクリプションは自動的に 1 年間更新されます。更新にあたってのお手続きは不要です。',
      ),
      heading('更新を希望されない場合'),
      paragraph(
        words.noticeLink === undefined
          ? '更新しない旨の通知は、専用ページまたは書面（電子メール可）にて、通知期限まで承ります。'
          : '下記のお客様専用ページからお手続きいただくか、更新しない旨の通知を、通知期限までに到着するよう、書面（電子メール可）にて担当CSMまでお送りください。\nページを開いただけでは、お手続きは行われません。',
      ),
      ...(words.noticeLink === undefined
        ? []
        : [{ kind: 'button' as const, text: 'お客様専用ページを開く', url: words.noticeLink }]),
      ...closingJa(words),
    ],
  }),
};
