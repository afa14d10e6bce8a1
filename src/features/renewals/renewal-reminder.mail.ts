import type { MailSentences } from './mail-words.js';

/** The coming renewal, and until when one can say no (§11). */
export const renewalReminder: MailSentences = {
  en: {
    subject: '{customer}: {package} renews on {nextStartsOn}, last day for a notice {deadlineOn}',
    text: `
{forCsm, select, yes {Dear {recipient},

this is your copy of the reminder to {customer}.} other {Dear {recipient},

your TRM subscription comes up for renewal. Here is where it stands, and until when you can decide.}}

YOUR SUBSCRIPTION
  Customer:        {customer}
  Package:         {package}
  Term:            {startsOn} to {endsOn}
  Hours used:      {used} of {granted}
  About to expire: {remaining}, unless they are used by the end of the term
  Learning seats:  {seatsInUse} of {maxSeats} in use; all seats expire with the term
  Subscription:    {subscriptionId}

WHAT RENEWS
  {nextPackage} with {nextGranted}, from {nextStartsOn} to {nextEndsOn}.
  Hours that are left over are not carried on. Learners keep their seats as far as the new term has seats for them.

LAST DAY FOR A NOTICE
  {deadline}, until midnight at the end of that day
  (time zone: {timeZone}).
  What counts is the moment at which the notice is received.

IF YOU DO NOTHING
  The subscription renews by itself for one more year. There is nothing you need to do.

IF YOU DO NOT WANT TO RENEW
  Tell us in writing, so that it is received by the last day for a notice. Please write to your
  Customer Success Manager: {csm}, {csmEmail}

Kind regards
TRM
`,
  },
  ja: {
    subject: '【TRM】{package} 契約更新のご案内(更新しない場合の通知期限:{deadline})',
    text: `
{forCsm, select, yes {} other {{customer}
}}{recipient} 様

{forCsm, select, yes {お客様へお送りした更新案内の控えです。} other {いつもお世話になっております。
TRM サブスクリプションの契約更新が近づいてまいりましたので、ご案内いたします。}}

■ 現在のご契約
  お客様名:{customer}
  パッケージ:{package}
  契約期間:{startsOn}~{endsOn}
  ご利用時間:{used}(付与時間 {granted})
  失効予定の時間:{remaining}(契約期間の終了までにご利用いただけない場合)
  受講ライセンス:{maxSeats} 席中 {seatsInUse} 席をご利用中(契約期間の終了をもって全席失効いたします)
  契約番号:{subscriptionId}

■ 更新後のご契約
  パッケージ:{nextPackage}({nextGranted})
  契約期間:{nextStartsOn}~{nextEndsOn}
  未使用の時間は次の契約期間へ繰り越されません。受講者の割り当ては、更新後の席数の範囲で引き継がれます。

■ 更新しない場合の通知期限
  {deadline} 24:00(タイムゾーン:{timeZone})
  期限内の通知かどうかは、到達した日時で判断いたします。

■ お手続きをされない場合
  期限までに通知がない場合、ご契約は自動的に 1 年間更新されます。更新にあたってのお手続きは不要です。

■ 更新を希望されない場合
  通知期限までに到達するよう、担当のカスタマーサクセスマネージャーへ書面(電子メール可)にてお知らせください。
  担当:{csm}({csmEmail})

ご不明な点がございましたら、担当までお気軽にお問い合わせください。
今後とも何卒よろしくお願い申し上げます。

TRM
`,
  },
};
