import type { MailSentences } from './mail-words.js';

/** A declined term is over: the subscription has ended, and what expired with it (§11). */
export const termEnded: MailSentences = {
  en: {
    subject: '{customer}: {package} ended on {endsOn}',
    text: `
Dear {recipient},

As notice of non-renewal was given, the TRM subscription of {customer} has ended.

  Last term:       {package}, {startsOn} to {endsOn}
  Expired:         {expired} unused{seatsDropped, plural, =0 {} one {, and # learning seat} other {, and # learning seats}}
  Subscription ID: {subscriptionId}

Thank you for working with us.

Customer Success Manager: {csm}, {csmEmail}

Kind regards
TRM
`,
  },
  ja: {
    subject: '【TRM】{forCsm, select, yes {［{customer} 様］} other {}}{package} 契約終了のお知らせ（{endsOn}）',
    text: `
{forCsm, select, yes {} other {{customer}
}}{recipient} 様

{forCsm, select, yes {{customer} 様宛てのお知らせの控えです。} other {いつもお世話になっております。}}
更新しない旨の通知に基づき、TRM サブスクリプションのご契約が終了いたしましたので、
お知らせいたします。

■ 終了したご契約
  お客様名：{customer}
  パッケージ：{package}
  契約期間：{startsOn}～{endsOn}
  失効した時間：{expired}{seatsDropped, plural, =0 {} other {
  失効した受講ライセンス：# 名分}}
  サブスクリプションID：{subscriptionId}

これまで TRM サブスクリプションをご利用いただき、誠にありがとうございました。

■ 担当CSM（カスタマーサクセスマネージャー）
  {csm}（{csmEmail}）

TRM
※ 本メールは自動送信されています。お問い合わせは、担当CSMまでお願いいたします。
`,
  },
};
