import type { MailSentences } from './mail-words.js';

/** The last day for a notice has passed without one: the term will renew (§11). */
export const renewalLocked: MailSentences = {
  en: {
    subject: '{customer}: {package} will renew on {nextStartsOn}',
    text: `
Dear {recipient},

the last day for a notice of non-renewal, {deadline} ({timeZone}), has passed, and none was received.
The subscription of {customer} will therefore renew for one more year:

  Present term: {package}, {startsOn} to {endsOn}
  Renews as:    {nextPackage} with {nextGranted}, from {nextStartsOn} to {nextEndsOn}
  Subscription: {subscriptionId}

{remaining} of the present term are still there to be used; what is left at its end expires.

Your Customer Success Manager: {csm}, {csmEmail}

Kind regards
TRM
`,
  },
  ja: {
    subject: '【TRM】{package} 契約更新確定のお知らせ({nextStartsOn} より)',
    text: `
{forCsm, select, yes {} other {{customer}
}}{recipient} 様

いつもお世話になっております。
更新しない場合の通知期限({deadline}、タイムゾーン:{timeZone})までに通知がございませんでしたので、
ご契約は 1 年間更新されることとなりました。

■ 現在のご契約
  {package}({startsOn}~{endsOn})
■ 更新後のご契約
  {nextPackage}({nextGranted}、{nextStartsOn}~{nextEndsOn})
■ 契約番号
  {subscriptionId}

現在の契約期間の残り時間は {remaining} です。契約期間の終了までにご利用いただけない時間は失効いたします。

担当:{csm}({csmEmail})

今後とも何卒よろしくお願い申し上げます。

TRM
`,
  },
};
