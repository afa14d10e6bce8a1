import type { MailSentences } from './mail-words.js';

/** A term has rolled over into the next one, and what expired with it (§11). */
export const termRenewed: MailSentences = {
  en: {
    subject: '{customer}: {nextPackage} renewed from {nextStartsOn}',
    text: `
Dear {recipient},

The TRM subscription of {customer} has been renewed.

  Closed term:     {package}, {startsOn} to {endsOn}
  Expired:         {expired} unused{seatsDropped, plural, =0 {} one {,
                   and # learning seat that the new term has no room for} other {,
                   and # learning seats that the new term has no room for}}
  New term:        {nextPackage} with {nextGranted},
                   from {nextStartsOn} to {nextEndsOn}
  Subscription ID: {subscriptionId}

Product lines, consultants, allocations and learners were carried over as far as the
new term has room for them.{forCsm, select, yes {{consultantsDropped, plural, =0 {} other {
  Consultants left out:   {consultantNames}}}{productLinesDropped, plural, =0 {} other {
  Product lines left out: {productLineNames}}}} other {}}

Customer Success Manager: {csm}, {csmEmail}

Kind regards
TRM
`,
  },
  ja: {
    subject:
      '【TRM】{forCsm, select, yes {［{customer} 様］} other {}}{nextPackage} 契約更新完了のお知らせ（{nextStartsOn}より）',
    text: `
{forCsm, select, yes {} other {{customer}
}}{recipient} 様

{forCsm, select, yes {{customer} 様宛てのお知らせの控えです。} other {いつもお世話になっております。}}
TRM サブスクリプションのご契約が更新されましたので、お知らせいたします。

■ 終了した契約期間
  お客様名：{customer}
  パッケージ：{package}
  契約期間：{startsOn}～{endsOn}
  失効した時間：{expired}{seatsDropped, plural, =0 {} other {
  引き継がれなかった受講ライセンス：# 名分}}

■ 新しい契約期間
  パッケージ：{nextPackage}（付与時間 {nextGranted}）
  契約期間：{nextStartsOn}～{nextEndsOn}
  サブスクリプションID：{subscriptionId}

製品ライン、コンサルタント、時間配分、受講者への割り当ては、
新しい契約期間の上限の範囲で引き継がれています。{forCsm, select, yes {{consultantsDropped, plural, =0 {} other {
  引き継がれなかったコンサルタント：{consultantNames}}}{productLinesDropped, plural, =0 {} other {
  引き継がれなかった製品ライン：{productLineNames}}}} other {}}

■ 担当CSM（カスタマーサクセスマネージャー）
  {csm}（{csmEmail}）

今後とも何卒よろしくお願い申し上げます。

TRM
※ 本メールは自動送信されています。お問い合わせは、担当CSMまでお願いいたします。
`,
  },
};
