import type { Language } from '../../domain/language.js';

/** All texts of the page for declining a renewal (ICU MessageFormat), in both languages. */
export const declineWords = {
  en: {
    title: 'Renewal of your TRM subscription',
    faultsTitle: 'Please check what you entered',

    headingOpen: 'If you do not want your TRM subscription to renew',
    openRenews:
      'The subscription renews automatically for another year on {nextStartsOn}. If you do not want that, you can give notice of non-renewal on this page until {deadline}, midnight at the end of that day (time zone: {timeZone}).',
    openNothing: 'If you want it to continue, there is nothing you need to do. Opening this page changes nothing.',

    headingLate: 'The last day for a notice has passed',
    late: 'A notice of non-renewal had to be received by {deadline}, midnight at the end of that day (time zone: {timeZone}). The subscription renews for another year on {nextStartsOn}.',
    lateForm:
      'You can still send a notice. We record it with the time at which it arrives, but it has no effect unless both sides agree to accept it. Please speak to your Customer Success Manager.',

    headingGiven: 'Your notice of non-renewal has been received',
    given: 'The subscription is not renewed. It ends at the end of {endsOn}.',
    headingGivenLate: 'Your notice was received after the last day',
    givenLate:
      'We have recorded it, but it has no effect: the last day was {deadline} (time zone: {timeZone}). The subscription renews for another year on {nextStartsOn}, unless both sides agree to accept the notice. Please speak to your Customer Success Manager.',
    givenLateProvider:
      'We have recorded it, but it has no effect of its own: the last day was {deadline} (time zone: {timeZone}). The subscription still ends, because we gave notice in time.',
    waived: 'The notice was late, and both sides accepted it on {waivedAt} (time zone: {timeZone}).',

    headingProvider: 'Your TRM subscription will not be renewed',
    byProvider:
      'We gave you notice of non-renewal on {receivedAt} (time zone: {timeZone}). Because of it, the subscription ends at the end of {endsOn}.',
    withdrawn:
      'The notice of {receivedAt} was withdrawn by {signedBy} on {withdrawnAt} (time zone: {timeZone}). It no longer has any effect.',

    factsHeading: 'Your subscription',
    customer: 'Customer',
    package: 'Package',
    term: 'Current term',
    termDays: '{startsOn} to {endsOn}',
    hours: 'Hours',
    hoursUsed: '{used} of {granted} used',
    hoursExpire: '{remaining} left; unused hours expire at the end of {endsOn}',
    seats: 'Learning seats',
    seatsUsed: '{seatsInUse, number} of {maxSeats, number} in use',
    seatsExpire:
      'All seats expire with the term. If the subscription renews, learners keep their seats as far as the new term has seats for them.',
    seatsEnd: 'All seats expire with the term.',
    renewsAs: 'What renews',
    renewsAsPackage: '{nextPackage} with {nextGranted}',
    renewsAsTerm: '{nextStartsOn} to {nextEndsOn}',
    deadline: 'Last day for a notice',
    deadlineDay: '{deadline}',
    deadlineZone: 'until midnight at the end of that day (time zone: {timeZone})',
    deadlinePassed: 'passed at midnight at the end of that day (time zone: {timeZone})',
    nothing: 'If you do nothing',
    nothingRenews: 'The subscription renews automatically for another year on {nextStartsOn}.',
    nothingEnds: 'The subscription ends at the end of {endsOn}.',
    subscription: 'Subscription ID',
    csm: 'Customer Success Manager',
    seeHours: 'See your hours in the console',

    giveHeading: 'Give notice of non-renewal',
    giveStatement:
      '“On behalf of {customer}, I give notice that this subscription is not to be renewed when its term ends on {endsOn}.”',
    giveFollows:
      'Until then you can use the subscription in full. Unused hours and all learning seats expire at the end of that day.',
    signedBy: 'Your full name',
    signedByHint: 'This serves as your signature.',
    note: 'Note (optional)',
    authorised: 'On behalf of {customer}, I am authorised to give this notice.',
    give: 'Give notice of non-renewal',
    giveLate: 'Send the late notice',
    linkOf: 'This page was opened with the personal link of {contact}.',

    receiptHeading: 'Receipt',
    receiptWhat: 'What',
    receiptWhatText: 'Notice of non-renewal by the customer',
    receiptSignedBy: 'Signed by',
    receiptAt: 'Received',
    receiptAtText: '{receivedAt} (time zone: {timeZone})',
    receiptNumber: 'Receipt number',
    receiptHow: 'Given through',
    receiptHowText:
      '{how, select, link {this page, with the personal link of {contact}} portal {your account} email {e-mail, recorded by us} letter {a letter, recorded by us} other {another way, recorded by us}}',
    receiptNote: 'Note',
    receiptFollows: 'What follows',
    followsEnds:
      'The subscription ends at the end of {endsOn}. Until then you can use it in full. Unused hours and all learning seats expire at that time.',
    followsProvider:
      'The notice has no effect of its own. The subscription ends at the end of {endsOn}, because we gave notice.',
    followsRenews: 'The notice has no effect. The subscription renews on {nextStartsOn}.',
    receiptMailed: 'We send a confirmation by e-mail to your renewal contacts and to ourselves.',

    withdrawHeading: 'Changed your mind?',
    withdrawOpen:
      'You can withdraw the notice until {deadline}, midnight at the end of that day (time zone: {timeZone}). The subscription then renews as if you had not given it.',
    withdrawOpenProvider:
      'You can withdraw your notice until {deadline}, midnight at the end of that day (time zone: {timeZone}). Our own notice still stands.',
    withdrawClosed:
      'Since the end of {deadline} (time zone: {timeZone}), a withdrawal needs our agreement. Please ask your Customer Success Manager, {csm}:',
    withdrawSummary: 'Withdraw the notice',
    withdrawReason: 'Reason',
    withdraw: 'Withdraw the notice',
    withdrawRefused: 'The notice was not withdrawn.',
  },
  ja: {
    title: 'TRM サブスクリプションの更新について',
    faultsTitle: '入力内容をご確認ください',

    headingOpen: 'TRM サブスクリプションの更新を希望されない場合',
    openRenews:
      '本サブスクリプションは、{nextStartsOn}より自動的に 1 年間更新されます。更新を希望されない場合は、{deadline} 24:00（タイムゾーン：{timeZone}）までに、このページから更新しない旨の通知をお送りいただけます。',
    openNothing: '継続される場合、お手続きは不要です。このページを開いただけでは、ご契約の内容は変更されません。',

    headingLate: '通知期限を過ぎています',
    late: '更新しない旨の通知の期限（{deadline} 24:00、タイムゾーン：{timeZone}）を過ぎております。本サブスクリプションは、{nextStartsOn}より 1 年間更新されます。',
    lateForm:
      '通知は、現在もお送りいただけます。受領日時とともに記録いたしますが、双方の合意により受理されない限り、効力は生じません。担当CSM（カスタマーサクセスマネージャー）までご相談ください。',

    headingGiven: '更新しない旨の通知を受領いたしました',
    given: '本サブスクリプションは更新されず、{endsOn}の契約期間満了をもって終了いたします。',
    headingGivenLate: '通知期限後に通知を受領いたしました',
    givenLate:
      '記録として保管いたしますが、通知期限（{deadline} 24:00、タイムゾーン：{timeZone}）を過ぎているため、効力は生じません。双方の合意により受理されない限り、本サブスクリプションは{nextStartsOn}より 1 年間更新されます。担当CSM（カスタマーサクセスマネージャー）までご相談ください。',
    givenLateProvider:
      '記録として保管いたしますが、通知期限（{deadline} 24:00、タイムゾーン：{timeZone}）を過ぎているため、お客様の通知自体の効力は生じません。ただし、弊社からの通知により、本サブスクリプションは終了いたします。',
    waived:
      '本通知は通知期限後に受領いたしましたが、{waivedAt}（タイムゾーン：{timeZone}）に双方の合意により受理されました。',

    headingProvider: 'TRM サブスクリプションは更新されません',
    byProvider:
      '弊社より、{receivedAt}（タイムゾーン：{timeZone}）に更新しない旨の通知を差し上げております。これにより、本サブスクリプションは{endsOn}の契約期間満了をもって終了いたします。',
    withdrawn:
      '{receivedAt}の通知は、{withdrawnAt}（タイムゾーン：{timeZone}）に {signedBy} 様により撤回され、効力を失いました。',

    factsHeading: 'ご契約の内容',
    customer: 'お客様名',
    package: 'パッケージ',
    term: '現在の契約期間',
    termDays: '{startsOn}～{endsOn}',
    hours: 'ご利用時間',
    hoursUsed: '付与時間 {granted}のうち {used}を使用済み',
    hoursExpire: '残り時間 {remaining}（{endsOn}の満了時に未使用の時間は失効します）',
    seats: '受講ライセンス',
    seatsUsed: '{maxSeats, number} 名分中 {seatsInUse, number} 名分をご利用中',
    seatsExpire:
      '契約期間の満了をもって、すべて失効します。更新時には、受講者への割り当てが、更新後の受講ライセンス数の範囲で引き継がれます。',
    seatsEnd: '契約期間の満了をもって、すべて失効します。',
    renewsAs: '更新後のご契約',
    renewsAsPackage: '{nextPackage}（付与時間 {nextGranted}）',
    renewsAsTerm: '{nextStartsOn}～{nextEndsOn}',
    deadline: '通知期限',
    deadlineDay: '{deadline} 24:00',
    deadlineZone: 'タイムゾーン：{timeZone}',
    deadlinePassed: '期限を過ぎています（タイムゾーン：{timeZone}）',
    nothing: 'お手続きをされない場合',
    nothingRenews: '{nextStartsOn}より自動的に 1 年間更新されます。',
    nothingEnds: '{endsOn}の満了をもって終了します。',
    subscription: 'サブスクリプションID',
    csm: '担当CSM',
    seeHours: 'コンソールでご利用状況を見る',

    giveHeading: '更新しない旨の通知',
    giveStatement: '「{customer}を代表し、本サブスクリプションを{endsOn}の契約期間満了後は更新しない旨を通知します。」',
    giveFollows:
      '満了までは、引き続きすべてのサービスをご利用いただけます。未使用の時間と受講ライセンスは、満了をもって失効いたします。',
    signedBy: 'お名前（フルネーム）',
    signedByHint: 'ご署名として記録いたします。',
    note: '備考（任意）',
    authorised: '私は、{customer}のために本通知を行う権限を有しています。',
    give: '更新しない旨の通知を送る',
    giveLate: '期限後の通知を送る',
    linkOf: 'このページは、{contact} 様宛ての専用リンクから開かれています。',

    receiptHeading: '受領書',
    receiptWhat: '内容',
    receiptWhatText: 'お客様からの、更新しない旨の通知',
    receiptSignedBy: '署名者',
    receiptAt: '受領日時',
    receiptAtText: '{receivedAt}（タイムゾーン：{timeZone}）',
    receiptNumber: '受領番号',
    receiptHow: '通知方法',
    receiptHowText:
      '{how, select, link {本ページ（{contact} 様宛ての専用リンク）} portal {お客様のアカウント} email {メール（弊社にて記録）} letter {書面（弊社にて記録）} other {その他の方法（弊社にて記録）}}',
    receiptNote: '備考',
    receiptFollows: '今後について',
    followsEnds:
      '{endsOn}の契約期間満了をもって終了いたします。満了までは、引き続きすべてのサービスをご利用いただけます。未使用の時間と受講ライセンスは、満了をもって失効いたします。',
    followsProvider:
      '本通知自体の効力は生じませんが、弊社からの通知により、{endsOn}の契約期間満了をもって終了いたします。',
    followsRenews: '本通知の効力は生じません。本サブスクリプションは{nextStartsOn}より 1 年間更新されます。',
    receiptMailed: '契約更新のご担当者様に、確認のメールをお送りいたします（弊社にも控えが届きます）。',

    withdrawHeading: '通知を撤回される場合',
    withdrawOpen:
      '{deadline} 24:00（タイムゾーン：{timeZone}）までは、通知を撤回していただけます。撤回されますと、本サブスクリプションは通知がなかったものとして更新されます。',
    withdrawOpenProvider:
      '{deadline} 24:00（タイムゾーン：{timeZone}）までは、お客様からの通知を撤回していただけます。弊社からの通知は、引き続き有効です。',
    withdrawClosed:
      '{deadline} 24:00（タイムゾーン：{timeZone}）を過ぎているため、撤回には弊社の同意が必要です。担当CSMの {csm} までお問い合わせください。',
    withdrawSummary: '通知を撤回する',
    withdrawReason: '撤回の理由',
    withdraw: '通知を撤回する',
    withdrawRefused: '通知は撤回されませんでした。',
  },
} as const satisfies Record<Language, Record<string, string>>;

export type DeclineWord = keyof (typeof declineWords)['en'];
