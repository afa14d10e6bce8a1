/** What sort of "no" it is. Each kind has one HTTP status, in `refusal.ts`. */
export type RefusalKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'absent'
  | 'method'
  | 'too-slow'
  | 'conflict'
  | 'stale'
  | 'too-large'
  | 'unsupported'
  | 'headers-too-large'
  | 'rule'
  | 'precondition'
  | 'too-many'
  | 'broken'
  | 'unavailable';

interface RefusalRow {
  kind: RefusalKind;
  title: { en: string; ja: string };
  detail: { en: string; ja: string };
}

/** A package by its name of `config/packages.yaml`, for a parameter that holds its code. */
const packageNamed = {
  en: (param: string) =>
    `{${param}, select, basic {the Basic package} premier {the Premier package} enterprise {the Enterprise package} dedicated {the Dedicated package} other {the package {${param}}}}`,
  ja: (param: string) =>
    `{${param}, select, basic {ベーシック} premier {プレミア} enterprise {エンタープライズ} dedicated {デディケイテッド} other {{${param}}}}`,
};

/** How a refusal for an amount ends. */
const atMost = {
  en: '{maxAcceptableMinutes, plural, =0 {No more can be accepted.} other {At most # min can be accepted.}}',
  ja: '{maxAcceptableMinutes, plural, =0 {これ以上は登録できません。} other {登録できるのは # 分までです。}}',
};

/**
 * Every "no" of the service, once: its kind and its sentences (ICU MessageFormat, named parameters).
 * A sentence may name the parameters of the refusal and the amounts of its violation (`limitMinutes`, …).
 */
export const refusals = {
  // A time entry (§5), in the order in which the rules are checked.
  'term-not-found': {
    kind: 'rule',
    title: { en: 'No term on that day', ja: '契約期間外の日付です' },
    detail: {
      en: 'The work day {workDate} lies in no term of this subscription. Its terms are: {terms}.',
      ja: '作業日 {workDate} は、このサブスクリプションのどの契約期間にも含まれていません。契約期間：{terms}',
    },
  },
  'work-date-in-future': {
    kind: 'rule',
    title: { en: 'Work day in the future', ja: '作業日が未来の日付です' },
    detail: {
      en: 'The work day {workDate} is after today, {today}, in the customer’s time zone.',
      ja: '作業日 {workDate} は、お客様のタイムゾーンにおける本日（{today}）より後の日付です。',
    },
  },
  'late-entry-window-passed': {
    kind: 'rule',
    title: { en: 'Too late for this term', ja: '登録期限を過ぎています' },
    detail: {
      en: 'The term has closed. Work done in it could be logged until the end of {lastDay}.',
      ja: 'この契約期間は終了しています。期間中の作業は {lastDay} まで登録可能でした。',
    },
  },
  'period-closed': {
    kind: 'rule',
    title: { en: 'Month closed', ja: '締め済みの月です' },
    detail: {
      en: 'The accounting month {month} is closed and takes no new entries. Its entries can be reversed or corrected, and finance or an administrator can enter forgotten work as an adjustment; all of it counts in {firstOpenMonth}.',
      ja: '{month} は月次締めが完了しているため、新しい作業記録は登録できません。既存の作業記録の取消と訂正は可能です。登録漏れの作業は、経理担当者または管理者が調整として登録できます。いずれも {firstOpenMonth} に計上されます。',
    },
  },
  'consultant-not-assigned': {
    kind: 'rule',
    title: { en: 'Consultant not assigned', ja: '割り当てのないコンサルタントです' },
    detail: {
      en: 'The consultant has no allocation on this product line, neither now nor on {workDate}.{assigned, select, unnamed {} nobody { Nobody is assigned yet: set the allocations first.} other { Assigned: {assigned}.}}',
      ja: 'このコンサルタントには、この製品ラインの時間配分が、現在も {workDate} の時点でも設定されていません。{assigned, select, unnamed {} nobody {まだ誰も割り当てられていません。先に時間配分を設定してください。} other {割り当て済み：{assigned}}}',
    },
  },
  'product-line-not-enrolled': {
    kind: 'rule',
    title: { en: 'Product line not enrolled', ja: 'サポート対象外の製品ラインです' },
    detail: {
      en: 'This product line is not enrolled on {on} (ID: {productLineId}).',
      ja: 'この製品ラインは、{on} の時点でサポート対象に登録されていません（ID：{productLineId}）。',
    },
  },
  'hours-exhausted': {
    kind: 'rule',
    title: { en: 'Not enough hours left', ja: '残り時間が不足しています' },
    detail: {
      en: `The entry asks for {minutes, number} min. The term has {remainingMinutes, number} min left: usage stands at {usedMinutes, number} of {limitMinutes, number} min. ${atMost.en}`,
      ja: `作業時間 {minutes, number} 分に対し、残り時間は {remainingMinutes, number} 分です（{limitMinutes, number} 分中 {usedMinutes, number} 分を使用済み）。${atMost.ja}`,
    },
  },
  'allocation-exhausted': {
    kind: 'rule',
    title: { en: 'Allocation used up', ja: '時間配分が不足しています' },
    detail: {
      en: `The entry asks for {minutes, number} min. With the unallocated minutes of the term, the allocation has {remainingMinutes, number} min left: its own usage stands at {usedMinutes, number} of {limitMinutes, number} min. ${atMost.en}`,
      ja: `作業時間 {minutes, number} 分に対し、時間配分の残りは、未配分の時間を含めて {remainingMinutes, number} 分です（時間配分 {limitMinutes, number} 分中 {usedMinutes, number} 分を使用済み）。${atMost.ja}`,
    },
  },
  'onsite-not-included': {
    kind: 'rule',
    title: { en: 'Onsite work not included', ja: '訪問支援は含まれていません' },
    detail: {
      en: `Onsite work is not included in ${packageNamed.en('package')}.`,
      ja: `パッケージ「${packageNamed.ja('package')}」には訪問支援が含まれていません。`,
    },
  },
  'visit-required': {
    kind: 'rule',
    title: { en: 'Visit required', ja: '訪問の指定が必要です' },
    detail: {
      en: 'An onsite entry must name a visit of this subscription. {count, plural, =0 {No visit of this consultant covers {workDate}: plan the visit first.} other {It can be: {visits}.}}',
      ja: '訪問支援の作業記録には、この契約の訪問を指定してください。{count, plural, =0 {{workDate} を含む、このコンサルタントの訪問はありません。先に訪問を登録してください。} other {指定できる訪問：{visits}}}',
    },
  },
  'outside-visit': {
    kind: 'rule',
    title: { en: 'Outside the visit', ja: '訪問の範囲外です' },
    detail: {
      en: 'The work day must lie within the visit ({startsOn} to {endsOn}), and the consultant must take part in it. A cancelled visit takes no entries.',
      ja: '作業日は訪問期間（{startsOn}～{endsOn}）内の日付とし、訪問に参加するコンサルタントを指定してください。取り消された訪問には登録できません。',
    },
  },
  'onsite-cap-exceeded': {
    kind: 'rule',
    title: { en: 'Onsite cap exceeded', ja: '訪問支援の上限を超えます' },
    detail: {
      en: `The entry asks for {minutes, number} min onsite. The onsite cap has {remainingMinutes, number} min left: usage stands at {usedMinutes, number} of {limitMinutes, number} min. ${atMost.en}`,
      ja: `訪問支援の作業時間 {minutes, number} 分に対し、上限までの残りは {remainingMinutes, number} 分です（{limitMinutes, number} 分中 {usedMinutes, number} 分を使用済み）。${atMost.ja}`,
    },
  },
  'consultant-day-exceeded': {
    kind: 'rule',
    title: { en: 'More than a day’s hours', ja: '1 日の上限を超えます' },
    detail: {
      en: `The entry asks for {minutes, number} min. Over all customers, the consultant’s time on {workDate} already stands at {usedMinutes, number} of {limitMinutes, number} min. ${atMost.en}`,
      ja: `作業時間 {minutes, number} 分に対し、このコンサルタントの {workDate} の作業時間は、全顧客の合計ですでに {limitMinutes, number} 分中 {usedMinutes, number} 分に達しています。${atMost.ja}`,
    },
  },
  'ahead-of-pace': {
    kind: 'rule',
    title: { en: 'Ahead of the agreed pace', ja: '利用ペースの上限を超えます' },
    detail: {
      en: `The entry asks for {minutes, number} min. Through the end of this service month the agreed pace releases {limitMinutes, number} min, and usage stands at {usedMinutes, number} min. ${atMost.en}`,
      ja: `作業時間 {minutes, number} 分に対し、今サービス月の末日までに利用できる時間は {limitMinutes, number} 分で、すでに {usedMinutes, number} 分を使用済みです。${atMost.ja}`,
    },
  },
  'rules-violated': {
    kind: 'rule',
    title: { en: 'Not every rule is met', ja: '満たしていない条件があります' },
    detail: {
      en: '{count, plural, one {# reason stands} other {# reasons stand}} against this request; see violations, or the results of the rows.',
      ja: '{count, number} 件の理由により、このリクエストを受け付けられません。詳細は violations または各行の results をご確認ください。',
    },
  },
  'already-reversed': {
    kind: 'conflict',
    title: { en: 'Already reversed', ja: '取り消し済みです' },
    detail: {
      en: 'This entry has already been reversed.',
      ja: 'この記録はすでに取り消されています。',
    },
  },

  // Allocations and product lines (§7).
  'too-many-consultants': {
    kind: 'rule',
    title: { en: 'Too many consultants', ja: 'コンサルタントの人数が上限を超えます' },
    detail: {
      en: '{count, plural, one {# different consultant was} other {# different consultants were}} named; the package allows {limit, number}.',
      ja: 'コンサルタントが {count, number} 名指定されていますが、パッケージの上限は {limit, number} 名です。',
    },
  },
  'too-many-product-lines': {
    kind: 'rule',
    title: { en: 'Too many product lines', ja: '製品ラインの数が上限を超えます' },
    detail: {
      en: '{count, plural, one {# product line} other {# product lines}} would be enrolled at one time; the package allows {limit, number}.',
      ja: '同時にサポート対象となる製品ラインが {count, number} 件になりますが、パッケージの上限は {limit, number} 件です。',
    },
  },
  'allocations-exceed-grant': {
    kind: 'rule',
    title: { en: 'More allocated than granted', ja: '時間配分が付与時間を超えます' },
    detail: {
      en: 'The allocations and what was worked beyond them come to {minutes, number} min; the term grants {limitMinutes, number} min.',
      ja: '時間配分と、配分を超えて使用した時間の合計が {minutes, number} 分になり、契約期間の付与時間 {limitMinutes, number} 分を超えます。',
    },
  },
  'allocation-below-used': {
    kind: 'rule',
    title: { en: 'Allocation below what is used', ja: '使用済み時間を下回る時間配分です' },
    detail: {
      en: 'The allocation would fall to {minutes, number} min, below the {usedMinutes, number} min of it already used (consultant ID: {consultantId}, product line ID: {productLineId}).',
      ja: '時間配分が {minutes, number} 分となり、使用済みの {usedMinutes, number} 分を下回ります（コンサルタントID：{consultantId}、製品ラインID：{productLineId}）。',
    },
  },
  'several-primaries': {
    kind: 'rule',
    title: { en: 'Several primary consultants', ja: '主担当が複数指定されています' },
    detail: {
      en: '{count, plural, one {# consultant is} other {# consultants are}} marked as primary; only one can be.',
      ja: '主担当が {count, number} 名指定されています。主担当に指定できるのは 1 名のみです。',
    },
  },
  'duplicate-allocation': {
    kind: 'rule',
    title: { en: 'Allocation named twice', ja: '時間配分が重複しています' },
    detail: {
      en: 'The same consultant appears more than once on the same product line (consultant ID: {consultantId}, product line ID: {productLineId}).',
      ja: '同じ製品ラインに同じコンサルタントが重複して指定されています（コンサルタントID：{consultantId}、製品ラインID：{productLineId}）。',
    },
  },
  'product-line-in-use': {
    kind: 'rule',
    title: { en: 'Product line in use', ja: '使用中の製品ラインです' },
    detail: {
      en: 'The product line still has {remainingMinutes, number} min allocated and not used; move this time before the line leaves (ID: {productLineId}).',
      ja: 'この製品ラインには未使用の時間配分が {remainingMinutes, number} 分残っています。先に時間配分を変更してください（ID：{productLineId}）。',
    },
  },
  'product-line-leaving': {
    kind: 'rule',
    title: { en: 'Product line about to leave', ja: 'サポート対象から外れる予定の製品ラインです' },
    detail: {
      en: 'The product line leaves on {untilOn}, and its allocations would have {remainingMinutes, number} min left; allocate no more than was worked, or change its leaving first (ID: {productLineId}).',
      ja: 'この製品ラインは {untilOn} にサポート対象から外れる予定のため、未使用となる時間（{remainingMinutes, number} 分）は配分できません。実績の範囲内で配分するか、先に製品ラインの変更予定を見直してください（ID：{productLineId}）。',
    },
  },

  // Visits (§8).
  'visits-exhausted': {
    kind: 'rule',
    title: { en: 'No visits left', ja: '訪問回数の上限に達しています' },
    detail: {
      en: 'The package allows {limit, plural, one {# onsite visit} other {# onsite visits}} per term; {used, plural, one {# is} other {# are}} already planned or done.',
      ja: '1 契約期間あたりの訪問は {limit, number} 回までです。すでに {used, number} 回が予定または実施済みです。',
    },
  },
  'visit-outside-term': {
    kind: 'rule',
    title: { en: 'Visit outside the term', ja: '訪問が契約期間外です' },
    detail: {
      en: 'The visit from {startsOn} to {endsOn} must lie within one term with all its days.',
      ja: '訪問期間（{startsOn}～{endsOn}）は、全日程を 1 つの契約期間内に収めてください。',
    },
  },
  'visit-has-entries': {
    kind: 'rule',
    title: { en: 'Visit has time entries', ja: '作業記録のある訪問です' },
    detail: {
      en: 'Time is logged on this visit; reverse those entries before cancelling it.',
      ja: 'この訪問には作業記録があります。先に作業記録を取り消してください。',
    },
  },
  'visit-leaves-entries': {
    kind: 'rule',
    title: { en: 'Time entries outside the visit', ja: '訪問の範囲外となる作業記録があります' },
    detail: {
      en: '{count, plural, one {# time entry} other {# time entries}} of this visit would lie outside its days or belong to a consultant who leaves: {named}. Reverse every such entry first.',
      ja: '訪問の期間外となる、または訪問から外れるコンサルタントの作業記録が {count, number} 件あります（{named}）。先に作業記録を取り消してください。',
    },
  },
  'visit-has-expenses': {
    kind: 'rule',
    title: { en: 'Visit has travel expenses', ja: '出張旅費のある訪問です' },
    detail: {
      en: 'Travel expenses of this visit count in {month}. {closed, select, yes {The month is closed: the days and the place of the visit stay.} other {The first day of the visit stays in that month.}}',
      ja: 'この訪問の出張旅費は {month} に計上されています。{closed, select, yes {締め済みの月のため、訪問の期間と訪問先は変更できません。} other {訪問の開始日は同じ月の日付にしてください。}}',
    },
  },
  'already-cancelled': {
    kind: 'conflict',
    title: { en: 'Already cancelled', ja: '取り消し済みです' },
    detail: { en: 'This visit has already been cancelled.', ja: 'この訪問はすでに取り消されています。' },
  },
  'already-completed': {
    kind: 'conflict',
    title: { en: 'Already completed', ja: '実施済みです' },
    detail: { en: 'This visit is already done.', ja: 'この訪問はすでに実施済みです。' },
  },

  // Seats (§9).
  'seats-exhausted': {
    kind: 'rule',
    title: { en: 'No seats left', ja: '受講ライセンスが不足しています' },
    detail: {
      en: 'The learning seats of the term are all taken: {used, number} of {limit, number} in use.',
      ja: '契約期間の受講ライセンスは {limit, number} 名分中 {used, number} 名分が使用中のため、新たに割り当てられません。',
    },
  },
  'seat-already-held': {
    kind: 'rule',
    title: { en: 'Learner already has a seat', ja: '受講ライセンス割り当て済みの受講者です' },
    detail: {
      en: '{learnerEmail} already has a seat of this subscription.',
      ja: '{learnerEmail} には、このサブスクリプションの受講ライセンスがすでに割り当てられています。',
    },
  },
  'already-released': {
    kind: 'conflict',
    title: { en: 'Already released', ja: '割り当て解除済みです' },
    detail: {
      en: 'This seat has already been released.',
      ja: 'この受講ライセンスの割り当てはすでに解除されています。',
    },
  },

  // Terms, upgrades and the next package (§3, §10).
  'term-closed': {
    kind: 'conflict',
    title: { en: 'Term closed', ja: '終了した契約期間です' },
    detail: {
      en: 'This term has closed and cannot be changed.',
      ja: 'この契約期間は終了しているため、変更できません。',
    },
  },
  'term-not-open': {
    kind: 'conflict',
    title: { en: 'Term not open', ja: '開始前の契約期間です' },
    detail: {
      en: 'The term has not begun: it starts on {startsOn}.',
      ja: 'この契約期間はまだ始まっていません（開始日：{startsOn}）。',
    },
  },
  'subscription-ended': {
    kind: 'conflict',
    title: { en: 'Subscription ended', ja: '終了したサブスクリプションです' },
    detail: {
      en: 'This subscription has ended and takes no further changes.',
      ja: 'このサブスクリプションは終了しているため、変更できません。',
    },
  },
  'subscription-annulled': {
    kind: 'conflict',
    title: { en: 'Subscription annulled', ja: '無効とされたサブスクリプションです' },
    detail: {
      en: 'This subscription has been annulled and takes no further changes.',
      ja: 'このサブスクリプションは無効とされているため、変更できません。',
    },
  },
  'subscription-already-renewed': {
    kind: 'rule',
    title: { en: 'Subscription already renewed', ja: '更新済みのサブスクリプションです' },
    detail: {
      en: 'Only a subscription in its first term can be annulled. To end this one, record a notice of non-renewal.',
      ja: '無効にできるのは、初回の契約期間中のサブスクリプションのみです。終了するには、更新しない旨の通知を記録してください。',
    },
  },
  'subscription-has-entries': {
    kind: 'rule',
    title: { en: 'Subscription has time entries', ja: '作業記録のあるサブスクリプションです' },
    detail: {
      en: '{count, plural, one {# time entry stands} other {# time entries stand}} under this subscription. Reverse every time entry before you annul it.',
      ja: 'このサブスクリプションには、取り消されていない作業記録が {count, number} 件あります。先に取り消してください。',
    },
  },
  'subscription-has-visits': {
    kind: 'rule',
    title: { en: 'Subscription has visits', ja: '訪問のあるサブスクリプションです' },
    detail: {
      en: '{count, plural, one {# visit stands} other {# visits stand}} under this subscription. Cancel every visit before you annul it.',
      ja: 'このサブスクリプションには、予定または実施済みの訪問が {count, number} 件あります。先に取り消してください。',
    },
  },
  'subscription-has-expenses': {
    kind: 'rule',
    title: { en: 'Subscription has travel expenses', ja: '出張旅費のあるサブスクリプションです' },
    detail: {
      en: '{count, plural, one {# travel expense stands} other {# travel expenses stand}} under this subscription. Reverse every travel expense before you annul it.',
      ja: 'このサブスクリプションには、取り消されていない出張旅費が {count, number} 件あります。先に取り消してください。',
    },
  },
  'subscription-has-notices': {
    kind: 'rule',
    title: { en: 'Subscription has notices', ja: '更新しない旨の通知があるサブスクリプションです' },
    detail: {
      en: '{count, plural, one {# notice of non-renewal stands} other {# notices of non-renewal stand}} for this subscription. Record the withdrawal of every notice before you annul it.',
      ja: 'このサブスクリプションには、撤回されていない更新しない旨の通知が {count, number} 件あります。先に撤回を記録してください。',
    },
  },
  'not-an-upgrade': {
    kind: 'rule',
    title: { en: 'Not an upgrade', ja: 'アップグレードではありません' },
    detail: {
      en: `A change from ${packageNamed.en('from')} to ${packageNamed.en('to')} is not an upgrade. A change that lowers any number takes effect at the next renewal: set it as the next package.`,
      ja: `「${packageNamed.ja('from')}」から「${packageNamed.ja('to')}」への変更はアップグレードに該当しません。いずれかの内容が減る変更は次回の更新時に適用されますので、次回パッケージとして指定してください。`,
    },
  },
  'upgrade-in-future': {
    kind: 'rule',
    title: { en: 'Upgrade in the future', ja: '適用日が未来の日付です' },
    detail: {
      en: 'An upgrade takes effect today, {today}, or earlier; {effectiveOn} was asked for.',
      ja: 'アップグレードの適用日には、本日（{today}）以前の日付を指定してください（指定された日付：{effectiveOn}）。',
    },
  },
  'effective-on-out-of-range': {
    kind: 'rule',
    title: { en: 'Effective day out of range', ja: '適用日が範囲外です' },
    detail: {
      en: 'The effective day {effectiveOn} must lie between {earliest} and {latest}, both included.',
      ja: '適用日は {earliest} から {latest} までの範囲で指定してください（指定された日付：{effectiveOn}）。',
    },
  },
  'starts-on-out-of-range': {
    kind: 'rule',
    title: { en: 'First day out of range', ja: '開始日が範囲外です' },
    detail: {
      en: 'The first day {startsOn} must lie between {earliest} and {latest}, both included.',
      ja: '開始日は {earliest} から {latest} までの範囲で指定してください（指定された日付：{startsOn}）。',
    },
  },
  'purchased-at-out-of-range': {
    kind: 'rule',
    title: { en: 'Purchase out of range', ja: '購入日時が範囲外です' },
    detail: {
      en: 'The purchase at {purchasedAt} must lie between {earliest} and now, {latest}.',
      ja: '購入日時は {earliest} から現在（{latest}）までの範囲で指定してください（指定された日時：{purchasedAt}）。',
    },
  },
  'package-not-offered': {
    kind: 'rule',
    title: { en: 'Package not offered', ja: '提供されていないパッケージです' },
    detail: {
      en: `On {on}, ${packageNamed.en('package')} was not offered.`,
      ja: `パッケージ「${packageNamed.ja('package')}」は、{on} の時点では提供されていません。`,
    },
  },
  'no-next-package': {
    kind: 'absent',
    title: { en: 'No next package', ja: '次回パッケージの指定がありません' },
    detail: {
      en: 'No other package is set for the next renewal; the subscription renews with its present package.',
      ja: '次回パッケージは指定されていません。次回の更新では現在のパッケージが継続されます。',
    },
  },

  // Notices of non-renewal (§11).
  'receipt-in-future': {
    kind: 'rule',
    title: { en: 'Receipt in the future', ja: '受領日時が未来です' },
    detail: {
      en: 'A notice cannot have been received at {receivedAt}, which is still to come.',
      ja: '受領日時 {receivedAt} は未来の日時です。現在以前の日時を指定してください。',
    },
  },
  'notice-before-contract': {
    kind: 'rule',
    title: { en: 'Notice before the contract', ja: '通知の日時が契約より前です' },
    detail: {
      en: 'A notice cannot have been sent or received at {at}: there was no contract before {earliest}.',
      ja: '通知の日時 {at} は、契約の開始または登録（{earliest}）より前です。',
    },
  },
  'sent-after-receipt': {
    kind: 'rule',
    title: { en: 'Sent after it was received', ja: '発信日時が受領日時より後です' },
    detail: {
      en: 'The notice cannot have been sent at {sentAt}, after it was received at {receivedAt}.',
      ja: '発信日時 {sentAt} が受領日時 {receivedAt} より後になっています。',
    },
  },
  'notice-already-given': {
    kind: 'conflict',
    title: { en: 'Notice already given', ja: '通知済みです' },
    detail: {
      en: '{party, select, provider {The provider} other {The customer}} has already given notice of non-renewal for this term.',
      ja: 'この契約期間については、{party, select, provider {サービス提供者} other {お客様}}からの更新しない旨の通知がすでに記録されています。',
    },
  },
  'already-withdrawn': {
    kind: 'conflict',
    title: { en: 'Already withdrawn', ja: '撤回済みです' },
    detail: { en: 'This notice has already been withdrawn.', ja: 'この通知はすでに撤回されています。' },
  },
  'already-waived': {
    kind: 'conflict',
    title: { en: 'Late notice already accepted', ja: '受理済みです' },
    detail: {
      en: 'This late notice has already been accepted by mutual agreement.',
      ja: '通知期限後に受領したこの通知は、すでに双方の合意により受理されています。',
    },
  },
  'notice-not-late': {
    kind: 'conflict',
    title: { en: 'Notice not late', ja: '通知期限内の通知です' },
    detail: {
      en: 'This notice is not one that came late, so there is nothing to accept.',
      ja: 'この通知は通知期限内に受領されているため、合意による受理は不要です。',
    },
  },
  'notice-not-own': {
    kind: 'forbidden',
    title: { en: 'Not your notice', ja: 'お客様ご自身の通知ではありません' },
    detail: {
      en: 'A customer can give and withdraw only its own notice.',
      ja: 'お客様が行えるのは、お客様ご自身の通知とその撤回のみです。',
    },
  },
  'agreement-required': {
    kind: 'rule',
    title: { en: 'Agreement required', ja: '相手方の同意が必要です' },
    detail: {
      en: 'After the last day for a notice, {noticeDeadline}, a withdrawal is recorded by staff with the other party’s agreement.',
      ja: '通知期限（{noticeDeadline}）を過ぎた撤回は、相手方の同意を得たうえでスタッフが記録します。',
    },
  },
  'term-ended': {
    kind: 'conflict',
    title: { en: 'Term has ended', ja: '契約期間が終了しています' },
    detail: {
      en: 'The term ended on {endsOn}; its notices can no longer be withdrawn or accepted.',
      ja: 'この契約期間は {endsOn} に終了しているため、通知の撤回や受理はできません。',
    },
  },

  // Accounting months (§12).
  'period-already-closed': {
    kind: 'conflict',
    title: { en: 'Month already closed', ja: 'すでに締め済みの月です' },
    detail: {
      en: 'The month {month} is already closed.',
      ja: '{month} はすでに月次締めが完了しています。',
    },
  },
  'period-not-closed': {
    kind: 'conflict',
    title: { en: 'Month not closed', ja: '締められていない月です' },
    detail: {
      en: 'The month {month} is not closed.',
      ja: '{month} は月次締めが行われていません。',
    },
  },
  'period-not-begun': {
    kind: 'rule',
    title: { en: 'Month not begun', ja: 'まだ始まっていない月です' },
    detail: {
      en: 'The month {month} has not begun yet in the time zone of the house and cannot be closed.',
      ja: '自社のタイムゾーンでは {month} がまだ始まっていないため、月次締めを行えません。',
    },
  },
  'period-not-over': {
    kind: 'rule',
    title: { en: 'Month not over', ja: 'まだ終わっていない月です' },
    detail: {
      en: 'The month {month} is not over yet in the time zone of the house. Close it when it is over, or send "early": true.',
      ja: '自社のタイムゾーンでは {month} がまだ終わっていません。月が終わってから締めるか、"early": true を指定してください。',
    },
  },
  'control-totals-differ': {
    kind: 'conflict',
    title: { en: 'Control totals differ', ja: '締め時の合計と一致しません' },
    detail: {
      en: 'The month {month} no longer has the rows and minutes with which it was closed{figures, select, shown { (then {storedRows, number} rows, {storedMinutes, number} min, {storedOnsiteMinutes, number} min onsite; now {foundRows, number} rows, {foundMinutes, number} min, {foundOnsiteMinutes, number} min onsite)} other {}}. Nothing was exported; an administrator has to look into it.',
      ja: '{month} の行数または時間が、締め時の合計と一致しません{figures, select, shown {（締め時：{storedRows, number} 行・{storedMinutes, number} 分・うち訪問支援 {storedOnsiteMinutes, number} 分、現在：{foundRows, number} 行・{foundMinutes, number} 分・うち訪問支援 {foundOnsiteMinutes, number} 分）} other {}}。出力は行っていません。管理者による確認が必要です。',
    },
  },

  // Values in a body that point at something, or that contradict each other.
  'customer-unknown': {
    kind: 'rule',
    title: { en: 'Unknown customer', ja: '顧客が見つかりません' },
    detail: {
      en: 'There is no customer with the ID {id}.',
      ja: '指定された顧客は登録されていません（ID：{id}）。',
    },
  },
  'reference-unknown': {
    kind: 'rule',
    title: { en: 'Unknown reference', ja: '参照先が見つかりません' },
    detail: {
      en: '{field} names {id}, which does not exist.',
      ja: '{field} に指定された {id} は登録されていません。',
    },
  },
  'not-a-csm': {
    kind: 'rule',
    title: { en: 'Not a CSM', ja: 'CSM ではないユーザーです' },
    detail: {
      en: 'The user cannot be the CSM (ID: {id}). A CSM is a user with the role csm or admin.',
      ja: '指定されたユーザーは担当 CSM にできません（ID：{id}）。ロールが csm または admin のユーザーを指定してください。',
    },
  },
  'roles-need-customer': {
    kind: 'rule',
    title: { en: 'Roles need a customer', ja: '顧客の指定が必要です' },
    detail: {
      en: 'recipientRoles names contacts of one customer. Give its customerId too, or name addresses in recipients instead.',
      ja: 'recipientRoles は 1 社の顧客の連絡先を指定するものです。customerId もあわせて指定するか、recipients にメールアドレスを指定してください。',
    },
  },
  'report-not-for-customers': {
    kind: 'rule',
    title: { en: 'Report not for customers', ja: '顧客には送信できないレポートです' },
    detail: {
      en: 'Contacts of a customer cannot get the report {report}. A schedule with recipientRoles takes one of: {reports}.',
      ja: 'レポート {report} は顧客の連絡先には送信できません。recipientRoles を指定する場合は、次のいずれかのレポートを指定してください：{reports}。',
    },
  },
  'csm-required': {
    kind: 'rule',
    title: { en: 'CSM required', ja: '担当 CSM の指定が必要です' },
    detail: {
      en: 'An administrator who enters a subscription must name its CSM in csmId: a user with the role csm or admin.',
      ja: '管理者がサブスクリプションを登録するときは、担当 CSM を csmId に指定してください（ロールが csm または admin のユーザー）。',
    },
  },
  'user-owns-subscriptions': {
    kind: 'conflict',
    title: { en: 'User owns subscriptions', ja: '担当中のサブスクリプションがあります' },
    detail: {
      en: 'The user is the CSM of {count, plural, one {# active subscription} other {# active subscriptions}}. Give them to another CSM before you change the role or the company.',
      ja: 'このユーザーは有効なサブスクリプション {count, number} 件の担当 CSM です。ロールまたは所属を変更する前に、別の CSM に引き継いでください。',
    },
  },
  'last-admin': {
    kind: 'conflict',
    title: { en: 'Last administrator', ja: '最後の管理者です' },
    detail: {
      en: 'The user is the only administrator. Give another user the role admin before you change this one.',
      ja: 'このユーザーは唯一の管理者です。ロールを変更する前に、別のユーザーにロール admin を付与してください。',
    },
  },
  'customer-required': {
    kind: 'rule',
    title: { en: 'Customer required', ja: '顧客の指定が必要です' },
    detail: {
      en: 'A user with the role customer needs the customer it belongs to.',
      ja: 'ロールが customer のユーザーには、所属する顧客を指定してください。',
    },
  },
  'customer-not-allowed': {
    kind: 'rule',
    title: { en: 'Customer not allowed', ja: '顧客は指定できません' },
    detail: {
      en: 'Only a user with the role customer belongs to a customer.',
      ja: '顧客を指定できるのは、ロールが customer のユーザーのみです。',
    },
  },
  'dates-out-of-order': {
    kind: 'rule',
    title: { en: 'Days out of order', ja: '日付の前後関係が正しくありません' },
    detail: {
      en: 'The last day {endsOn} is before the first day {startsOn}.',
      ja: '終了日 {endsOn} が開始日 {startsOn} より前になっています。',
    },
  },
  'expires-on-in-past': {
    kind: 'rule',
    title: { en: 'Expiry in the past', ja: '有効期限が過去の日付です' },
    detail: {
      en: 'The expiry day {expiresOn} is already over.',
      ja: '有効期限 {expiresOn} はすでに過ぎています。',
    },
  },
  'email-already-used': {
    kind: 'conflict',
    title: { en: 'E-mail address already used', ja: '使用済みのメールアドレスです' },
    detail: {
      en: 'The e-mail address {email} is already used.',
      ja: 'メールアドレス {email} はすでに使用されています。',
    },
  },
  'contract-number-already-used': {
    kind: 'conflict',
    title: { en: 'Contract number already used', ja: '使用済みの契約番号です' },
    detail: {
      en: 'Another subscription already has the contract number {contractNumber}.',
      ja: '契約番号 {contractNumber} は別の契約ですでに使用されています。',
    },
  },
  'code-already-used': {
    kind: 'conflict',
    title: { en: 'Code already used', ja: '使用済みのコードです' },
    detail: {
      en: 'The code {code} is already used.',
      ja: 'コード {code} はすでに使用されています。',
    },
  },

  // Rows of an imported file.
  'value-missing': {
    kind: 'malformed',
    title: { en: 'Value missing', ja: '値がありません' },
    detail: {
      en: 'The column {column} is empty.',
      ja: '{column} の値がありません。',
    },
  },
  'value-malformed': {
    kind: 'malformed',
    title: { en: 'Value cannot be read', ja: '値を読み取れません' },
    detail: {
      en: '“{value}” in the column {column} cannot be read. {accepted, select, day {A day is written as YYYY-MM-DD or YYYY/M/D, from 1900 to 2199; with dates=dmy or dates=mdy the year may stand last.} minutes {Minutes are a whole number from 1 to 1,000,000, without separators.} hours {Hours are written as 1.5, 1:30 or 1:30:00, without separators; the decimal mark is a point, or with decimal=comma a comma.} seconds {The durations of this file are whole seconds.} activity {An activity is one of technical-advice, best-practice, health-check, gap-analysis, upgrade, feature-adoption and enablement.} delivery {The delivery is remote or onsite.} severity {The severity is a number from 1 to 4.} kind {The kind is entry.} other {An ID is a UUID.}}',
      ja: '{column} の「{value}」を読み取れません。{accepted, select, day {日付は 1900 年から 2199 年までの YYYY-MM-DD または YYYY/M/D 形式で指定してください。年が最後の形式は dates=dmy または dates=mdy を指定した場合に使用できます。} minutes {分は桁区切りを含めず、1～1,000,000 の整数で指定してください。} hours {時間は 1.5、1:30、1:30:00 のいずれかの形式で、桁区切りを含めずに指定してください。小数点はピリオドです（decimal=comma を指定した場合はコンマ）。} seconds {このファイルの作業時間は秒単位です。整数で指定してください。} activity {作業内容は technical-advice、best-practice、health-check、gap-analysis、upgrade、feature-adoption、enablement のいずれかを指定してください。} delivery {提供形態は remote または onsite を指定してください。} severity {重大度は 1～4 の数字で指定してください。} kind {区分は entry のみ取り込めます。} other {ID は UUID で指定してください。}}',
    },
  },
  'duration-too-short': {
    kind: 'rule',
    title: { en: 'Too short', ja: '時間が短すぎます' },
    detail: {
      en: '“{value}” in the column {column} is too short: the shortest entry is one minute.',
      ja: '{column} の「{value}」は短すぎます。登録できるのは 1 分以上の作業です。',
    },
  },
  'entry-running': {
    kind: 'rule',
    title: { en: 'Still running', ja: '計測中の記録です' },
    detail: {
      en: 'This record is still running: the column {column} is empty. Stop it, export it again, and send the whole file again.',
      ja: 'この記録は計測中です（{column} が空です）。計測を終了してから再度エクスポートし、ファイル全体を送信してください。',
    },
  },
  'name-unknown': {
    kind: 'rule',
    title: { en: 'Nothing by this name', ja: '該当するものが見つかりません' },
    detail: {
      en: '“{value}” in the column {column} names {what, select, customer {no customer of yours; its name or its ID is accepted} consultant {no consultant; the e-mail address, the name or the ID is accepted} other {no product line; its code, its name or its ID is accepted}}.',
      ja: '{column} の「{value}」に該当する{what, select, customer {顧客はありません。顧客名または顧客IDで指定してください} consultant {コンサルタントはありません。メールアドレス、氏名または ID で指定してください} other {製品ラインはありません。コード、名称または ID で指定してください}}。',
    },
  },
  'subscription-unknown': {
    kind: 'absent',
    title: { en: 'No such subscription', ja: '該当するサブスクリプションがありません' },
    detail: {
      en: '“{value}” in the column {column} is no subscription of yours.',
      ja: '{column} の「{value}」に該当するサブスクリプションはありません。',
    },
  },
  'name-ambiguous': {
    kind: 'rule',
    title: { en: 'Several by this name', ja: '該当するものが複数あります' },
    detail: {
      en: '“{value}” in the column {column} names several {what, select, customer {customers; give the customer’s ID, or subscriptionId} consultant {consultants; give the e-mail address or the ID} other {product lines; give the code or the ID}} instead.',
      ja: '{column} の「{value}」に該当する{what, select, customer {顧客が複数あります。顧客ID または subscriptionId で指定してください} consultant {コンサルタントが複数います。メールアドレスまたは ID で指定してください} other {製品ラインが複数あります。コードまたは ID で指定してください}}。',
    },
  },
  'no-subscription-on-day': {
    kind: 'rule',
    title: { en: 'No subscription on that day', ja: '該当日のサブスクリプションがありません' },
    detail: {
      en: 'The customer “{value}” has no subscription of yours on {workDate}.',
      ja: '顧客「{value}」には、{workDate} の時点で対象となるサブスクリプションがありません。',
    },
  },
  'subscription-ambiguous': {
    kind: 'rule',
    title: { en: 'Several subscriptions on that day', ja: '該当日のサブスクリプションが複数あります' },
    detail: {
      en: 'The customer “{value}” has {count, number} subscriptions on {workDate}; name the one meant in a column subscriptionId.',
      ja: '顧客「{value}」には、{workDate} の時点でサブスクリプションが {count, number} 件あります。subscriptionId の列で対象を指定してください。',
    },
  },
  'visit-ambiguous': {
    kind: 'rule',
    title: { en: 'Several visits on that day', ja: '該当日の訪問が複数あります' },
    detail: {
      en: 'The consultant is on several visits on {workDate}; name the one meant in a column visitId.',
      ja: 'このコンサルタントには {workDate} の訪問が複数あります。visitId の列で対象を指定してください。',
    },
  },
  'reversal-not-imported': {
    kind: 'rule',
    title: { en: 'Reversals are not imported', ja: '取り消しの行は取り込めません' },
    detail: {
      en: 'The row takes time back. Only work is imported; reverse an entry in the service.',
      ja: 'この行は作業記録の取り消しです。取り込めるのは作業の記録のみです。取り消しはサービス上で行ってください。',
    },
  },
  'entry-already-here': {
    kind: 'conflict',
    title: { en: 'Entry already recorded', ja: '登録済みの作業記録です' },
    detail: {
      en: 'The row comes from a report of this service, which still has the entry (ID: {value}). Leave the column {column} out to record it a second time.',
      ja: 'この行は本サービスのレポートから出力された登録済みの作業記録です（ID：{value}）。別の作業として登録する場合は、{column} の列を削除してください。',
    },
  },

  // The jobs and the simulated clock.
  'clock-not-simulated': {
    kind: 'absent',
    title: { en: 'Clock not simulated', ja: 'シミュレーション用の時計ではありません' },
    detail: {
      en: 'This service runs on the system’s clock, which cannot be read or advanced here.',
      ja: 'このサービスはシステム時計で動作しているため、時刻の参照や変更はできません。',
    },
  },
  'clock-backwards': {
    kind: 'rule',
    title: { en: 'Time goes forward', ja: '時刻は戻せません' },
    detail: {
      en: 'The clock stands at {now} and cannot be set back to {to}.',
      ja: '現在の時刻は {now} です。{to} に戻すことはできません。',
    },
  },
  'clock-busy': {
    kind: 'conflict',
    title: { en: 'Clock is being advanced', ja: '時刻を変更中です' },
    detail: {
      en: 'The clock is already being advanced; try again when that is done.',
      ja: '時刻の変更を実行中です。完了後に再度お試しください。',
    },
  },
  'forecast-too-far': {
    kind: 'rule',
    title: { en: 'Too far ahead', ja: '見通しの期間が長すぎます' },
    detail: {
      en: 'One can look ahead {years, plural, one {# year} other {# years}}: until {latest} at most.',
      ja: '見通しは {years} 年先（{latest}）まで表示できます。',
    },
  },
  'job-unknown': {
    kind: 'absent',
    title: { en: 'Unknown job', ja: 'ジョブが見つかりません' },
    detail: { en: 'There is no job {name}.', ja: 'ジョブ {name} はありません。' },
  },
  'job-running': {
    kind: 'conflict',
    title: { en: 'Job is running', ja: 'ジョブを実行中です' },
    detail: {
      en: 'The job {name} is running already; try again when it is done.',
      ja: 'ジョブ {name} は実行中です。完了後に再度お試しください。',
    },
  },
  'dry-run-not-supported': {
    kind: 'rule',
    title: { en: 'No dry run of this job', ja: 'このジョブは試行できません' },
    detail: {
      en: 'The job {name} has no dry run; these have one: {jobs}.',
      ja: 'ジョブ {name} は試行（dryRun）に対応していません。試行できるジョブ：{jobs}。',
    },
  },

  // Mails.
  'mail-not-failed': {
    kind: 'conflict',
    title: { en: 'Mail has not failed', ja: '送信に失敗したメールではありません' },
    detail: {
      en: 'Only a mail that failed, or whose outcome is uncertain, can be sent again. This mail {status, select, sent {is sent already} other {still waits to be sent}}.',
      ja: '再送できるのは、送信に失敗したメール、または送信結果が不明なメールのみです。このメールは{status, select, sent {すでに送信済み} other {送信処理中}}です。',
    },
  },
  'mail-no-longer-true': {
    kind: 'conflict',
    title: { en: 'Mail is no longer true', ja: 'メールの内容が現状と異なります' },
    detail: {
      en: 'What this mail says is no longer true, as its time has passed or its reason has gone. It is not sent again.',
      ja: '期限の経過または状況の変化により、このメールの内容は現状と一致しなくなったため、再送できません。',
    },
  },
  'mails-held-by-setting': {
    kind: 'conflict',
    title: { en: 'Mails are held by a setting', ja: '設定によりメールの送信を保留しています' },
    detail: {
      en: 'MAIL_HOLD=on holds all mails of this instance. Set MAIL_HOLD=off and start the service again; then release the mails if they are still held.',
      ja: 'MAIL_HOLD=on により、メールの送信を保留しています。MAIL_HOLD=off に変更してサービスを再起動し、なお保留されている場合は再度解除してください。',
    },
  },

  // The request as such.
  'malformed-body': {
    kind: 'malformed',
    title: { en: 'Malformed body', ja: 'リクエスト本文が正しくありません' },
    detail: {
      en: 'The body of the request is not as expected; see errors.',
      ja: 'リクエスト本文に誤りがあります。詳細は errors をご確認ください。',
    },
  },
  'malformed-json': {
    kind: 'malformed',
    title: { en: 'Malformed JSON', ja: 'JSON の形式が正しくありません' },
    detail: {
      en: 'The body of the request is not valid JSON.',
      ja: 'リクエスト本文が正しい JSON ではありません。',
    },
  },
  'malformed-month': {
    kind: 'malformed',
    title: { en: 'Malformed month', ja: '月の形式が正しくありません' },
    detail: {
      en: 'A month is written as YYYY-MM, from 1900 to 2199.',
      ja: '1900 年から 2199 年までの月を YYYY-MM 形式で指定してください。',
    },
  },
  'malformed-csv': {
    kind: 'malformed',
    title: { en: 'Malformed CSV file', ja: 'CSV ファイルの形式が正しくありません' },
    detail: {
      en: '{count, plural, one {# fault was} other {# faults were}} found in the form of the file, and nothing of it was imported; see errors.',
      ja: 'ファイルの形式に {count, number} 件の誤りがあるため、取り込みを行っていません。詳細は errors をご確認ください。',
    },
  },
  'file-too-long': {
    kind: 'rule',
    title: { en: 'Too many rows', ja: '行数が多すぎます' },
    detail: {
      en: 'A file may have at most {maximum, number} rows; send it in parts. Nothing of it was imported.',
      ja: '1 つのファイルで取り込めるのは {maximum, number} 行までです。分割して送信してください。取り込みは行っていません。',
    },
  },
  'upload-stalled': {
    kind: 'too-slow',
    title: { en: 'Transfer too slow', ja: 'ファイルの送信が遅すぎます' },
    detail: {
      en: 'The file did not arrive in time, or too slowly. Nothing of it was imported; send it again.',
      ja: 'ファイルの送信が途切れたか、遅すぎたため、受信を打ち切りました。取り込みは行っていません。再度送信してください。',
    },
  },
  'malformed-request': {
    kind: 'malformed',
    title: { en: 'Malformed request', ja: 'リクエストが正しくありません' },
    detail: {
      en: 'The request could not be understood.',
      ja: 'リクエストを解釈できませんでした。',
    },
  },
  'invalid-query': {
    kind: 'malformed',
    title: { en: 'Invalid query', ja: 'クエリパラメーターが正しくありません' },
    detail: {
      en: 'A parameter of the query is unknown or has a wrong value; see errors.',
      ja: 'クエリパラメーターに、不明な項目または誤った値が含まれています。詳細は errors をご確認ください。',
    },
  },
  'invalid-cursor': {
    kind: 'malformed',
    title: { en: 'Invalid cursor', ja: 'カーソルが正しくありません' },
    detail: {
      en: 'The cursor is not one that this list has given out; start again without one.',
      ja: 'この一覧で発行されたカーソルではありません。カーソルを指定せずに再度お試しください。',
    },
  },
  'idempotency-key-malformed': {
    kind: 'malformed',
    title: { en: 'Malformed Idempotency-Key', ja: 'Idempotency-Key が正しくありません' },
    detail: {
      en: 'An Idempotency-Key has 1 to 255 visible ASCII characters.',
      ja: 'Idempotency-Key は、表示可能な ASCII 文字 1～255 文字で指定してください。',
    },
  },
  'idempotency-key-reused': {
    kind: 'rule',
    title: { en: 'Idempotency-Key reused', ja: 'Idempotency-Key が再利用されています' },
    detail: {
      en: 'This Idempotency-Key was already used with another body.',
      ja: 'この Idempotency-Key は、別の内容のリクエストですでに使用されています。',
    },
  },
  'idempotency-key-in-use': {
    kind: 'conflict',
    title: { en: 'Idempotency-Key in use', ja: '同じリクエストを処理中です' },
    detail: {
      en: 'The first request with this Idempotency-Key is still running; try again when it is done.',
      ja: 'この Idempotency-Key を指定した最初のリクエストを処理中です。完了後に再度お試しください。',
    },
  },
  unauthenticated: {
    kind: 'unauthenticated',
    title: { en: 'Not authenticated', ja: '認証が必要です' },
    detail: {
      en: 'The request needs a valid bearer token.',
      ja: '有効な Bearer トークンを指定してください。',
    },
  },
  forbidden: {
    kind: 'forbidden',
    title: { en: 'Not allowed', ja: '権限がありません' },
    detail: {
      en: 'Your role may not do this.',
      ja: 'お使いのロールでは、この操作を実行できません。',
    },
  },
  'field-for-staff-only': {
    kind: 'forbidden',
    title: { en: 'For staff only', ja: 'スタッフ専用の項目です' },
    detail: {
      en: 'Only staff may set {field}.',
      ja: '{field} を指定できるのはスタッフのみです。',
    },
  },
  'not-found': {
    kind: 'absent',
    title: { en: 'Not found', ja: '見つかりません' },
    detail: {
      en: 'There is nothing at this address.',
      ja: '指定された対象は見つかりませんでした。',
    },
  },
  'link-not-valid': {
    kind: 'absent',
    title: { en: 'This link is not valid', ja: 'このリンクは無効です' },
    detail: {
      en: 'The link may be incomplete, its term may be over, or the person it was made for may no longer be a contact. Please open the link in the newest e-mail about your subscription, or ask your Customer Success Manager. Nothing has been changed.',
      ja: 'リンクが途中で切れているか、対象の契約期間が終了しているか、宛先の方がご担当から外れている可能性があります。最新のご案内メールにあるリンクをお試しいただくか、担当CSM（カスタマーサクセスマネージャー）までお問い合わせください。ご契約の内容は変更されていません。',
    },
  },
  'report-owner-lost-sight': {
    kind: 'conflict',
    title: { en: 'Owner may no longer read the report', ja: '設定者に閲覧権限がありません' },
    detail: {
      en: '{owner}, who set this report up, may no longer read it. Somebody who may has to set it up anew; an administrator can delete it.',
      ja: 'このレポートの設定者（{owner}）には、閲覧権限がなくなっています。権限のある方が改めて設定してください。既存の設定は管理者が削除できます。',
    },
  },
  'report-link-not-valid': {
    kind: 'absent',
    title: { en: 'This link is not valid', ja: 'このリンクは無効です' },
    detail: {
      en: 'The link may be incomplete or have expired, the report may no longer be sent, or the person it was made for may no longer be one of its recipients. Please ask whoever set up the report, or wait for the next mail.',
      ja: 'リンクが途中で切れているか、有効期限が過ぎているか、レポートの定期送信が終了しているか、宛先の方が受信者から外れている可能性があります。レポートの設定者にお問い合わせいただくか、次回のメールをお待ちください。',
    },
  },
  'method-not-allowed': {
    kind: 'method',
    title: { en: 'Method not allowed', ja: '許可されていないメソッドです' },
    detail: {
      en: 'This address does not take this method. It takes {methods}.',
      ja: 'このアドレスでは、このメソッドを使用できません。使用できるメソッド：{methods}',
    },
  },
  'etag-stale': {
    kind: 'stale',
    title: { en: 'Changed in the meantime', ja: 'すでに変更されています' },
    detail: {
      en: 'What you want to change has changed since you read it; read it again.',
      ja: '変更対象は、取得後に更新されています。再度取得してからお試しください。',
    },
  },
  'etag-required': {
    kind: 'precondition',
    title: { en: 'If-Match required', ja: 'If-Match が必要です' },
    detail: {
      en: 'Send the ETag of what you read in the If-Match header.',
      ja: '取得時の ETag を If-Match ヘッダーに指定してください。',
    },
  },
  'payload-too-large': {
    kind: 'too-large',
    title: { en: 'Body too large', ja: 'リクエスト本文が大きすぎます' },
    detail: { en: 'The body of the request is too large.', ja: 'リクエスト本文がサイズの上限を超えています。' },
  },
  'request-timeout': {
    kind: 'too-slow',
    title: { en: 'Request took too long', ja: 'リクエストの受信がタイムアウトしました' },
    detail: {
      en: 'The request did not arrive completely in time. Send it again.',
      ja: 'リクエストの全体を時間内に受信できませんでした。もう一度送信してください。',
    },
  },
  'headers-too-large': {
    kind: 'headers-too-large',
    title: { en: 'Address or headers too long', ja: 'アドレスまたはヘッダーが長すぎます' },
    detail: {
      en: 'The address and the headers of the request are too long.',
      ja: 'リクエストのアドレスとヘッダーが長すぎます。',
    },
  },
  'unsupported-media-type': {
    kind: 'unsupported',
    title: { en: 'Unsupported media type', ja: '対応していない形式です' },
    detail: {
      en: 'This address does not take a body of this content type. It takes {types}.',
      ja: 'この Content-Type のリクエスト本文には対応していません。対応している形式：{types}',
    },
  },
  'unsupported-content-encoding': {
    kind: 'unsupported',
    title: { en: 'Unsupported content encoding', ja: '対応していないエンコード方式です' },
    detail: {
      en: 'Send the body as it is, without the Content-Encoding “{value}”.',
      ja: 'リクエスト本文は、Content-Encoding「{value}」を使用せずに送信してください。',
    },
  },
  'unsupported-charset': {
    kind: 'unsupported',
    title: { en: 'Unsupported charset', ja: '対応していない文字コードです' },
    detail: {
      en: 'The charset in Content-Type must be utf-8, not “{value}”. For a CSV file in another encoding, leave the charset out and use the parameter “encoding”.',
      ja: 'Content-Type の charset に指定できるのは utf-8 のみです（指定値：「{value}」）。CSV ファイルの文字コードは、charset ではなく encoding パラメーターで指定してください。',
    },
  },
  'too-many-reports': {
    kind: 'too-many',
    title: { en: 'Too many reports of one user', ja: '同時に出力できるレポート数の上限に達しています' },
    detail: {
      en: 'You are reading {atOnce, number} reports or archives already, which is as many as one user can read at one time; try again when one is done.',
      ja: 'お一人で同時に出力できるレポートなどのファイルは {atOnce, number} 件までです。いずれかの出力が完了してから再度お試しください。',
    },
  },
  'too-many-imports': {
    kind: 'too-many',
    title: { en: 'Too many imports of one user', ja: '同時に取り込めるファイル数の上限に達しています' },
    detail: {
      en: 'You are importing {atOnce, number} files already, which is as many as one user can import at one time. Nothing of this file was imported; send it again when one is done.',
      ja: 'お一人で同時に取り込めるファイルは {atOnce, number} 件までです。このファイルの取り込みは行っていません。いずれかの取り込みが完了してから再度送信してください。',
    },
  },
  'too-many-requests': {
    kind: 'too-many',
    title: { en: 'Too many requests', ja: 'リクエストが多すぎます' },
    detail: {
      en: 'Too many requests in a short time; try again later.',
      ja: '短時間に多数のリクエストを受信しました。しばらくしてから再度お試しください。',
    },
  },
  'too-many-rows': {
    kind: 'rule',
    title: { en: 'Too many rows', ja: '行数が多すぎます' },
    detail: {
      en: 'The file has {rows, number} rows; all or nothing is possible with at most {maximum, number}.',
      ja: 'このファイルは {rows, number} 行あります。一括での取り込み（すべて登録するか、まったく登録しないか）は {maximum, number} 行までです。',
    },
  },
  'import-interrupted': {
    kind: 'unavailable',
    title: { en: 'Import interrupted', ja: '取り込みが中断されました' },
    detail: {
      en: 'The import was interrupted. What was taken so far is kept: send the same file again, and it goes on from there.',
      ja: '取り込みが中断されました。ここまでに登録された行は保存されています。同じファイルを再度送信すると、続きから取り込まれます。',
    },
  },
  'import-undone': {
    kind: 'conflict',
    title: { en: 'Import undone', ja: '取り消された取り込みです' },
    detail: {
      en: 'Somebody is undoing this import. The rows that were booked are being reversed, and no further row is booked.',
      ja: 'この取り込みは取り消し中です。登録済みの行は取り消され、以降の行は登録されません。',
    },
  },
  'import-beyond-portfolio': {
    kind: 'conflict',
    title: { en: 'Import reaches beyond your portfolio', ja: '担当外の作業記録を含む取り込みです' },
    detail: {
      en: 'Some entries of this import belong to subscriptions of another CSM by now. An admin can undo it.',
      ja: 'この取り込みには、現在は他の CSM が担当するサブスクリプションの作業記録が含まれています。取り消しは管理者に依頼してください。',
    },
  },
  overloaded: {
    kind: 'unavailable',
    title: { en: 'Overloaded', ja: '混み合っています' },
    detail: {
      en: 'The service is overloaded; try again shortly.',
      ja: 'ただいま混み合っています。しばらくしてから再度お試しください。',
    },
  },
  'subscription-busy': {
    kind: 'unavailable',
    title: { en: 'Subscription in use', ja: 'サブスクリプションは使用中です' },
    detail: {
      en: 'Another change of this subscription, or of the same day of a consultant, has not ended yet; try again shortly.',
      ja: 'このサブスクリプション、またはコンサルタントの同じ日に対する別の処理が終わっていません。しばらくしてから再度お試しください。',
    },
  },
  'reports-busy': {
    kind: 'unavailable',
    title: { en: 'Too many reports at one time', ja: '同時に出力できるレポートの上限に達しています' },
    detail: {
      en: 'Reports and archives are being read by {atOnce, number} others, which is as many as can be read at one time; try again when one is done.',
      ja: 'レポートなどのファイルを同時に出力できるのは {atOnce, number} 件までです。現在は上限に達しているため、しばらくしてから再度お試しください。',
    },
  },
  'imports-busy': {
    kind: 'unavailable',
    title: { en: 'Too many imports at one time', ja: '同時に取り込めるファイルの上限に達しています' },
    detail: {
      en: 'The files that are being imported at the moment leave no room for another one. Nothing of this file was imported; send it again shortly.',
      ja: '現在取り込み中のファイルが上限に達しています。このファイルの取り込みは行っていません。しばらくしてから再度送信してください。',
    },
  },
  'storage-full': {
    kind: 'unavailable',
    title: { en: 'No space left', ja: 'ディスクの空き容量がありません' },
    detail: {
      en: 'The disk of the service or of its database is full. This request changed nothing; send it again when there is space.',
      ja: 'サービスまたはデータベースのディスクに空き容量がありません。このリクエストによる変更は行われていません。しばらくしてから再度送信してください。',
    },
  },
  'database-unavailable': {
    kind: 'unavailable',
    title: { en: 'Database not available', ja: 'データベースに接続できません' },
    detail: {
      en: 'The database cannot be reached at the moment; try again shortly.',
      ja: 'ただいまデータベースに接続できません。しばらくしてから再度お試しください。',
    },
  },
  'internal-error': {
    kind: 'broken',
    title: { en: 'Internal error', ja: '内部エラーが発生しました' },
    detail: {
      en: 'Something went wrong on our side; it has been recorded.',
      ja: 'サービス側で問題が発生しました。内容は記録されています。',
    },
  },
} as const satisfies Record<string, RefusalRow>;

export type RefusalCode = keyof typeof refusals;
