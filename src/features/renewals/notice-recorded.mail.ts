import type { MailSentences } from './mail-words.js';

/** A notice of non-renewal was recorded: told to both parties, also where it has no effect (§11). */
export const noticeRecorded: MailSentences = {
  en: {
    subject:
      '{customer}: notice of non-renewal recorded, {effect, select, effective {the subscription will end} other {without effect}}',
    text: `
Dear {recipient},

a notice of non-renewal was recorded for the TRM subscription of {customer}.

  Given by:     {party, select, provider {the provider} other {the customer}}, signed by {signedBy}
  Received:     {receivedAt} ({timeZone})
  Last day:     {deadline} ({timeZone})
  Package:      {package}
  Term:         {startsOn} to {endsOn}
  Subscription: {subscriptionId}
  Record:       {noticeId}

{effect, select,
effective {The notice was received in time. The subscription ends with the term, at the end of {endsOn}; until then all of it can be used. {remaining} are left, and expire with the term.}
late {The notice was received after the last day for it. It is kept on record, and has no effect: the subscription renews.}
other {The notice was recorded after the term had already rolled over. It is kept on record, and has no effect; our administrators look into it.}}

Your Customer Success Manager: {csm}, {csmEmail}

Kind regards
TRM
`,
  },
  ja: {
    subject:
      '【TRM】更新しない旨の通知を記録いたしました({effect, select, effective {契約期間の終了をもって終了} other {効力なし}})',
    text: `
{forCsm, select, yes {} other {{customer}
}}{recipient} 様

いつもお世話になっております。
TRM サブスクリプションについて、更新しない旨の通知を下記のとおり記録いたしました。

  通知者:{party, select, provider {提供者} other {お客様}}(署名:{signedBy})
  受領日時:{receivedAt}(タイムゾーン:{timeZone})
  通知期限:{deadline}(タイムゾーン:{timeZone})
  パッケージ:{package}
  契約期間:{startsOn}~{endsOn}
  契約番号:{subscriptionId}
  記録番号:{noticeId}

{effect, select,
effective {通知は期限内に受領いたしました。ご契約は {endsOn} をもって終了いたします。それまでは引き続きご利用いただけます。残り時間 {remaining} は、契約期間の終了をもって失効いたします。}
late {通知の受領が期限を過ぎておりましたため、記録として保管いたしますが、効力は生じません。ご契約は自動的に更新されます。}
other {通知の記録時点で契約期間がすでに切り替わっておりましたため、記録として保管いたしますが、効力は生じません。管理者にて確認いたします。}}

担当:{csm}({csmEmail})

今後とも何卒よろしくお願い申し上げます。

TRM
`,
  },
};
