import { facts, heading, paragraph, type Letter, type LetterWords } from './letter.js';
import { phrases } from './phrases.js';

const { en, ja } = phrases;

/** Announces the renewal, and the last day on which the customer can decline it (§11). */
export const renewalReminder: Letter = {
  en: (words) => ({
    subject: en.subject(
      words,
      words.isLastDay
        ? `today, ${words.deadline}, is the last day for a notice of non-renewal`
        : `the last day for a notice of non-renewal is ${words.deadline}`,
    ),
    blocks: [
      ...en.opening(words, newsEn(words)),
      ...en.declineButton(words),
      heading('Last day for a notice'),
      facts(...en.deadlineOrDayOff(words)),
      paragraph('The date on which we receive the notice decides.'),
      ...en.subscription(
        words,
        [
          ['Hours used', `${words.used} of ${words.granted}`],
          ['About to expire', `${words.remaining}, unless used by the end of the term`],
          ['Learning seats', `${words.seatsInUse} of ${words.maxSeats} in use; all seats expire with the term`],
        ],
        'Your subscription',
      ),
      ...en.nextTerm(words, 'What renews'),
      paragraph(
        'Unused hours are not carried over. Learners keep their seats as far as the new term has seats for them.',
      ),
      heading('If you do nothing'),
      paragraph('The subscription renews automatically for one more year. There is nothing you need to do.'),
      heading('If you do not want to renew'),
      paragraph(
        words.noticeLink === undefined
          ? 'The customer gives notice in writing (e-mail is enough). We must receive the notice by the end of the last day for it.'
          : 'Give notice on your personal page, through the link at the top, or write to your Customer Success Manager (e-mail is enough). We must receive the notice by the end of the last day for it.',
      ),
      ...en.closing(words),
    ],
  }),
  ja: (words) => ({
    subject: ja.subject(
      words,
      words.isLastDay
        ? `契約更新のご案内（更新しない場合の通知期限は本日 ${words.deadline} です）`
        : `契約更新のご案内（更新しない場合の通知期限：${words.deadline}）`,
    ),
    blocks: [
      ...ja.opening(words, newsJa(words)),
      ...ja.declineButton(words),
      heading('更新しない場合の通知期限'),
      facts(...ja.deadlineOrDayOff(words)),
      paragraph('通知が期限内かどうかは、弊社が受領した日時をもって判断いたします。'),
      ...ja.subscription(
        words,
        [['使用済み時間', `${words.used}（付与時間 ${words.granted}）`], ...ja.leftover(words)],
        '現在のご契約',
      ),
      ...ja.nextTerm(words, '更新後のご契約'),
      paragraph(
        '未使用の時間は、次の契約期間に繰り越されません。\n受講者への割り当ては、更新後の受講ライセンス数の範囲内で引き継がれます。',
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
      ...ja.closing(words),
    ],
  }),
};

function newsEn({ isLastDay, reference, deadline, timeZone, nextStartsOn }: LetterWords): string {
  return isLastDay
    ? `Today, ${deadline}, is the last day on which you can decide against the renewal of your TRM subscription “${reference}”. Unless we receive a notice by midnight at the end of today (time zone: ${timeZone}), it renews automatically for one more year on ${nextStartsOn}.`
    : `Your TRM subscription “${reference}” renews automatically for one more year on ${nextStartsOn}. If you do not want it to renew, we must receive your notice by ${deadline}, midnight at the end of that day (time zone: ${timeZone}).`;
}

function newsJa({ isLastDay, reference, deadline, timeZone, nextStartsOn }: LetterWords): string {
  return isLastDay
    ? `本日 ${deadline} は、TRM サブスクリプション「${reference}」の更新を希望されない場合の通知期限です。本日 24:00（タイムゾーン：${timeZone}）までに更新しない旨の通知がない場合、ご契約は${nextStartsOn}より自動的に 1 年間更新されます。`
    : `TRM サブスクリプション「${reference}」の契約更新の時期が近づいてまいりましたので、ご案内いたします。ご契約は、${nextStartsOn}より自動的に 1 年間更新されます。更新を希望されない場合は、${deadline} 24:00（タイムゾーン：${timeZone}）までに、その旨をご通知ください。`;
}
