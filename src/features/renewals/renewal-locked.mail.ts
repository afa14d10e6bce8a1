import type { MailSentences } from './mail-words.js';

/** The last day for a notice has passed without one: the term will renew (§11). */
export const renewalLocked: MailSentences = {
  en: {
    subject: '{customer}: {package} will renew on {nextStartsOn}',
    text: `
Dear {recipient},

The last day for a notice of non-renewal, {deadline}
(time zone: {timeZone}), has passed, and no notice stands.
The subscription of {customer} will therefore renew for one more year:

  Present term:    {package}, {startsOn} to {endsOn}
  Renews as:       {nextPackage} with {nextGranted},
                   from {nextStartsOn} to {nextEndsOn}
  Subscription ID: {subscriptionId}

Left in the present term: {remaining}. What is unused at its end expires.
There is nothing you need to do.

Customer Success Manager: {csm}, {csmEmail}

Kind regards
TRM
`,
  },
  ja: {
    subject:
      '【TRM】{forCsm, select, yes {［{customer} 様］} other {}}{package} 契約更新確定のお知らせ（{nextStartsOn}より）',
    text: `
{forCsm, select, yes {} other {{customer}
}}{recipient} 様

{forCsm, select, yes {{customer} 様宛てのお知らせの控えです。} other {いつもお世話になっております。}}
通知期限（{deadline} 24:00、タイムゾーン：{timeZone}）までに
更新しない旨の有効な通知がございませんでしたので、TRM サブスクリプションは
1 年間更新されることとなりました。更新にあたってのお手続きは不要です。

■ 現在のご契約
  お客様名：{customer}
  パッケージ：{package}
  契約期間：{startsOn}～{endsOn}
  残り時間：{remaining}（未使用の時間は、契約期間の満了をもって失効いたします）
  サブスクリプションID：{subscriptionId}

■ 更新後のご契約
  パッケージ：{nextPackage}（付与時間 {nextGranted}）
  契約期間：{nextStartsOn}～{nextEndsOn}

■ 担当CSM（カスタマーサクセスマネージャー）
  {csm}（{csmEmail}）

今後とも何卒よろしくお願い申し上げます。

TRM
※ 本メールは自動送信されています。お問い合わせは、担当CSMまでお願いいたします。
`,
  },
};
