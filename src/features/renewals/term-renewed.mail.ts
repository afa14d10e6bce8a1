import type { MailSentences } from './mail-words.js';

/** A term has rolled over into the next one, and what expired with it (§11). */
export const termRenewed: MailSentences = {
  en: {
    subject: '{customer}: {nextPackage} has been renewed from {nextStartsOn}',
    text: `
Dear {recipient},

the TRM subscription of {customer} has been renewed.

  Closed term:  {package}, {startsOn} to {endsOn}
  Expired:      {expired} that were not used{seatsDropped, plural, =0 {} one {, and # learning seat that the new term has no room for} other {, and # learning seats that the new term has no room for}}
  New term:     {nextPackage} with {nextGranted}, from {nextStartsOn} to {nextEndsOn}
  Subscription: {subscriptionId}

Product lines, consultants, allocations and learners were carried on as far as the new term has room for them.

Your Customer Success Manager: {csm}, {csmEmail}

Kind regards
TRM
`,
  },
  ja: {
    subject: '【TRM】{nextPackage} 契約更新完了のお知らせ({nextStartsOn} より)',
    text: `
{forCsm, select, yes {} other {{customer}
}}{recipient} 様

いつもお世話になっております。
TRM サブスクリプションのご契約が更新されましたので、お知らせいたします。

■ 終了した契約期間
  {package}({startsOn}~{endsOn})
  失効した未使用時間:{expired}{seatsDropped, plural, =0 {} other {
  引き継がれなかった受講ライセンス:# 席}}
■ 新しい契約期間
  {nextPackage}({nextGranted}、{nextStartsOn}~{nextEndsOn})
■ 契約番号
  {subscriptionId}

製品ライン、コンサルタント、時間配分、受講者の割り当ては、新しい契約期間の範囲で引き継がれております。

担当:{csm}({csmEmail})

今後とも何卒よろしくお願い申し上げます。

TRM
`,
  },
};
