import type { MailSentences } from './mail-words.js';

/** The coming renewal, and until when one can say no (§11). */
export const renewalReminder: MailSentences = {
  en: {
    subject: '{customer}: {package} renews on {nextStartsOn}, last day for a notice {deadlineOn}',
    text: `
Dear {recipient},

{forCsm, select, yes {This is your copy of the reminder to {customer}:} other {Your TRM subscription is coming up for renewal. Below is where it stands, and until
when you can decide.}}

YOUR SUBSCRIPTION
  Customer:        {customer}
  Package:         {package}
  Term:            {startsOn} to {endsOn}
  Hours used:      {used} of {granted}
  About to expire: {remaining}, unless used by the end of the term
  Learning seats:  {seatsInUse} of {maxSeats} in use; all seats expire with the term
  Subscription ID: {subscriptionId}

WHAT RENEWS
  {nextPackage} with {nextGranted}, from {nextStartsOn} to {nextEndsOn}.
  Unused hours are not carried over. Learners keep their seats as far as the new term
  has seats for them.

LAST DAY FOR A NOTICE
  {deadline}, until midnight at the end of that day
  (time zone: {timeZone}).
  What counts is when the notice is received.

IF YOU DO NOTHING
  The subscription renews automatically for one more year. There is nothing you need
  to do.

IF YOU DO NOT WANT TO RENEW
  Tell us in writing (e-mail is enough), so that your notice is received by the end of
  the last day for it. Please write to your Customer Success Manager:
  {csm}, {csmEmail}

Kind regards
TRM
`,
  },
  ja: {
    subject:
      '【TRM】{forCsm, select, yes {［{customer} 様］} other {}}{package} 契約更新のご案内（更新しない場合の通知期限：{deadline}）',
    text: `
{forCsm, select, yes {} other {{customer}
}}{recipient} 様

{forCsm, select, yes {{customer} 様宛てのお知らせの控えです。} other {いつもお世話になっております。
TRM サブスクリプションの契約更新の時期が近づいてまいりましたので、ご案内いたします。}}

■ 現在のご契約
  お客様名：{customer}
  パッケージ：{package}
  契約期間：{startsOn}～{endsOn}
  使用済み時間：{used}（付与時間 {granted}）
  残り時間：{remaining}（未使用の時間は、契約期間の満了をもって失効いたします）
  受講ライセンス：{maxSeats} 名分中 {seatsInUse} 名分をご利用中
  （受講ライセンスは、すべて契約期間の満了をもって失効いたします）
  サブスクリプションID：{subscriptionId}

■ 更新後のご契約
  パッケージ：{nextPackage}（付与時間 {nextGranted}）
  契約期間：{nextStartsOn}～{nextEndsOn}
  未使用の時間は、次の契約期間に繰り越されません。
  受講者への割り当ては、更新後の受講ライセンス数の範囲で引き継がれます。

■ 更新しない場合の通知期限
  {deadline} 24:00 まで（タイムゾーン：{timeZone}）
  期限内の通知かどうかは、弊社が通知を受領した日時で判断いたします。

■ お手続きをされない場合
  通知期限までに更新しない旨の通知がない場合、サブスクリプションは
  自動的に 1 年間更新されます。更新にあたってのお手続きは不要です。

■ 更新を希望されない場合
  更新しない旨の通知を、通知期限までに到達するよう、書面（電子メール可）にて
  下記の担当CSMまでお送りください。

■ 担当CSM（カスタマーサクセスマネージャー）
  {csm}（{csmEmail}）

今後とも何卒よろしくお願い申し上げます。

TRM
※ 本メールは自動送信されています。お問い合わせは、担当CSMまでお願いいたします。
`,
  },
};
