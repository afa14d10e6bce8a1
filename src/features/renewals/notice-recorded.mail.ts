import type { MailSentences } from './mail-words.js';

/** A notice of non-renewal was recorded: told to both parties, also where it has no effect (§11). */
export const noticeRecorded: MailSentences = {
  en: {
    subject:
      '{customer}: notice of non-renewal recorded, {effect, select, effective {the subscription will end} other {without effect}}',
    text: `
Dear {recipient},

A notice of non-renewal has been recorded for the TRM subscription of {customer}.

  Given by:        {party, select, provider {the provider} other {the customer}}, signed by {signedBy}
  Received:        {receivedAt} (time zone: {timeZone})
  Last day:        {deadline}, until midnight at the end of that day
                   (time zone: {timeZone})
  Package:         {package}
  Term:            {startsOn} to {endsOn}
  Subscription ID: {subscriptionId}
  Notice ID:       {noticeId}

{effect, select,
effective {The notice was received in time. The subscription ends with the term, at the
end of {endsOn}. Until then it can be used in full.
Left at present: {remaining}. What is unused at the end of the term expires.}
late {The notice was received after the last day for it. It is kept on record but has
no effect. Unless another notice was received in time, the subscription renews.}
other {The notice was recorded after the term had already rolled over. It is kept on
record but has no effect; our administrators will look into it.}}

Customer Success Manager: {csm}, {csmEmail}

Kind regards
TRM
`,
  },
  ja: {
    subject:
      '【TRM】{forCsm, select, yes {［{customer} 様］} other {}}更新しない旨の通知の記録のお知らせ（{effect, select, effective {契約期間の満了をもって終了} other {効力なし}}）',
    text: `
{forCsm, select, yes {} other {{customer}
}}{recipient} 様

{forCsm, select, yes {{customer} 様宛てのお知らせの控えです。} other {いつもお世話になっております。}}
TRM サブスクリプションについて、更新しない旨の通知を下記のとおり記録いたしました。

■ 通知の内容
  通知者：{party, select, provider {サービス提供者} other {お客様}}（署名：{signedBy}）
  受領日時：{receivedAt}（タイムゾーン：{timeZone}）
  通知期限：{deadline} 24:00 まで（タイムゾーン：{timeZone}）
  通知ID：{noticeId}

■ 対象のサブスクリプション
  お客様名：{customer}
  パッケージ：{package}
  契約期間：{startsOn}～{endsOn}
  サブスクリプションID：{subscriptionId}

■ 通知の効力
{effect, select,
effective {  通知期限内に受領したため、通知は有効です。
  サブスクリプションは、{endsOn} の契約期間満了をもって終了いたします。
  満了までは、引き続きすべてのサービスをご利用いただけます。
  現在の残り時間は {remaining}です。
  未使用の時間は、契約期間の満了をもって失効いたします。}
late {  通知期限を過ぎて受領したため、効力は生じません（記録として保管いたします）。
  期限内に受領した他の通知がない限り、サブスクリプションは自動的に更新されます。}
other {  次の契約期間への切り替え後に記録されたため、効力は生じません
  （記録として保管いたします）。
  本件につきましては、弊社管理者が確認いたします。}}

■ 担当CSM（カスタマーサクセスマネージャー）
  {csm}（{csmEmail}）

今後とも何卒よろしくお願い申し上げます。

TRM
※ 本メールは自動送信されています。お問い合わせは、担当CSMまでお願いいたします。
`,
  },
};
