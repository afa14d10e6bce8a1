import type { MailSentences } from './mail-words.js';

/** A declined term is over: the subscription has ended, and what expired with it (§11). */
export const termEnded: MailSentences = {
  en: {
    subject: '{customer}: {package} has ended on {endsOn}',
    text: `
Dear {recipient},

as notice of non-renewal was given, the TRM subscription of {customer} has ended.

  Last term:    {package}, {startsOn} to {endsOn}
  Expired:      {expired} that were not used{seatsDropped, plural, =0 {} one {, and # learning seat} other {, and # learning seats}}
  Subscription: {subscriptionId}

Thank you for working with us.

Your Customer Success Manager: {csm}, {csmEmail}

Kind regards
TRM
`,
  },
  ja: {
    subject: '【TRM】{package} 契約終了のお知らせ({endsOn})',
    text: `
{forCsm, select, yes {} other {{customer}
}}{recipient} 様

いつもお世話になっております。
更新しない旨の通知を承っておりました TRM サブスクリプションのご契約が終了いたしましたので、お知らせいたします。

■ 最後の契約期間
  {package}({startsOn}~{endsOn})
  失効した未使用時間:{expired}{seatsDropped, plural, =0 {} other {
  失効した受講ライセンス:# 席}}
■ 契約番号
  {subscriptionId}

これまでのご愛顧に心より御礼申し上げます。

担当:{csm}({csmEmail})

TRM
`,
  },
};
