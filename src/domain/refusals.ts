/** The kinds of refusals. Each kind has one HTTP status, in `refusal.ts`. */
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

/** The name of a package, as in `config/packages.yaml`, for a parameter with its code. */
export const packageNamed = {
  en: (param: string) =>
    `{${param}, select, basic {the Basic package} premier {the Premier package} enterprise {the Enterprise package} dedicated {the Dedicated package} other {the package {${param}}}}`,
  ja: (param: string) =>
    `{${param}, select, basic {ベーシック} premier {プレミア} enterprise {エンタープライズ} dedicated {デディケイテッド} other {{${param}}}}`,
};

/** The last sentence of a refusal for too many minutes. */
const atMost = {
  en: '{maxAcceptableMinutes, plural, =0 {No more can be accepted.} other {At most # min can be accepted.}}',
  ja: '{maxAcceptableMinutes, plural, =0 {これ以上は登録できません。} other {登録できるのは # 分までです。}}',
};

/**
 * Every refusal of the service: its kind and its sentences (ICU MessageFormat, named parameters).
 * A sentence can use the parameters of the refusal and the amounts of its violation (`limitMinutes`, …).
 */
export const refusals = {
  // Time entries (§5), in the order of the checks.
  'term-not-found': {
    kind: 'rule',
    title: { en: 'No term on that day', ja: '契約期間外の日付です' },
    detail: {
      en: 'No term of this subscription contains the work day {workDate}. Its terms: {terms}.',
      ja: '作業日 {workDate} は、このサブスクリプションのどの契約期間にも含まれていません。契約期間：{terms}',
    },
  },
  'work-date-in-future': {
    kind: 'rule',
    title: { en: 'Work day in the future', ja: '作業日が未来の日付です' },
    detail: {
      en: 'The work day {workDate} is in the future: today is {today} in the customer’s time zone.',
      ja: '作業日 {workDate} は未来の日付です。お客様のタイムゾーンにおける本日（{today}）以前の日付を指定してください。',
    },
  },
  'late-entry-window-passed': {
    kind: 'rule',
    title: { en: 'Too late for this term', ja: '登録期限を過ぎています' },
    detail: {
      en: 'The term has closed. The last day to log its work was {lastDay}.',
      ja: 'この契約期間は終了しており、期間中の作業の登録期限（{lastDay}）を過ぎています。',
    },
  },
  'period-closed': {
    kind: 'rule',
    title: { en: 'Month closed', ja: '締め済みの月です' },
    detail: {
      en: 'The accounting month {month} is closed, so no new entries are accepted. Its entries can still be reversed or corrected, and finance or an administrator can log forgotten work as an adjustment. All of this counts in {firstOpenMonth}.',
      ja: '{month} は月次締めが完了しているため、新しい作業記録は登録できません。既存の作業記録の取消と訂正は可能です。登録漏れの作業は、経理担当者または管理者が調整として登録できます。いずれも {firstOpenMonth} に計上されます。',
    },
  },
  'consultant-not-assigned': {
    kind: 'rule',
    title: { en: 'Consultant not assigned', ja: '割り当てのないコンサルタントです' },
    detail: {
      en: 'The consultant has no allocation on this product line, either now or on {workDate}.{assigned, select, unnamed {} nobody { No consultant is assigned yet: set the allocations first.} other { Assigned consultants: {assigned}.}}',
      ja: 'このコンサルタントには、この製品ラインの時間配分が、現在も {workDate} の時点でも設定されていません。{assigned, select, unnamed {} nobody {割り当て済みのコンサルタントはまだいません。先に時間配分を設定してください。} other {割り当て済みのコンサルタント：{assigned}}}',
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
      en: `The entry has {minutes, number} min, but the term has only {remainingMinutes, number} min left ({usedMinutes, number} of {limitMinutes, number} min used). ${atMost.en}`,
      ja: `作業時間 {minutes, number} 分に対し、残り時間は {remainingMinutes, number} 分です（{limitMinutes, number} 分中 {usedMinutes, number} 分を使用済み）。${atMost.ja}`,
    },
  },
  'allocation-exhausted': {
    kind: 'rule',
    title: { en: 'Allocation used up', ja: '時間配分が不足しています' },
    detail: {
      en: `The entry has {minutes, number} min, but the allocation and the unallocated minutes of the term together have only {remainingMinutes, number} min left (allocation: {limitMinutes, number} min, {usedMinutes, number} min used). ${atMost.en}`,
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
      en: 'An onsite entry must name a visit of this subscription. {count, plural, =0 {No visit of this consultant includes {workDate}: plan the visit first.} other {Accepted visits: {visits}.}}',
      ja: '訪問支援の作業記録には、このサブスクリプションの訪問を指定してください。{count, plural, =0 {{workDate} を含む、このコンサルタントの訪問はありません。先に訪問を登録してください。} other {指定できる訪問：{visits}}}',
    },
  },
  'outside-visit': {
    kind: 'rule',
    title: { en: 'Outside the visit', ja: '訪問の範囲外です' },
    detail: {
      en: 'The work day must be one of the visit’s days ({startsOn} to {endsOn}), and the consultant must take part in the visit. No time can be logged on a cancelled visit.',
      ja: '作業日は訪問期間（{startsOn}～{endsOn}）内の日付とし、訪問に参加するコンサルタントを指定してください。取り消された訪問には作業記録を登録できません。',
    },
  },
  'onsite-cap-exceeded': {
    kind: 'rule',
    title: { en: 'Onsite cap exceeded', ja: '訪問支援の上限を超えます' },
    detail: {
      en: `The entry has {minutes, number} min of onsite work, but only {remainingMinutes, number} min are left under the onsite cap ({usedMinutes, number} of {limitMinutes, number} min used). ${atMost.en}`,
      ja: `訪問支援の作業時間 {minutes, number} 分に対し、上限までの残りは {remainingMinutes, number} 分です（{limitMinutes, number} 分中 {usedMinutes, number} 分を使用済み）。${atMost.ja}`,
    },
  },
  'consultant-day-exceeded': {
    kind: 'rule',
    title: { en: 'More than a day’s hours', ja: '1 日の上限を超えます' },
    detail: {
      en: `A consultant can log at most {limitMinutes, number} min a day over all customers. On {workDate} this consultant already has {usedMinutes, number} min, and the entry adds {minutes, number} min. ${atMost.en}`,
      ja: `作業時間 {minutes, number} 分を登録すると、このコンサルタントの {workDate} の作業時間が 1 日の上限を超えます（全顧客の合計で {limitMinutes, number} 分中 {usedMinutes, number} 分を登録済み）。${atMost.ja}`,
    },
  },
  'ahead-of-pace': {
    kind: 'rule',
    title: { en: 'Ahead of the agreed pace', ja: '利用ペースの上限を超えます' },
    detail: {
      en: `Up to the end of this service month, the agreed pace allows {limitMinutes, number} min in total. {usedMinutes, number} min are already used, and the entry adds {minutes, number} min. ${atMost.en}`,
      ja: `作業時間 {minutes, number} 分を登録すると、合意された利用ペースを超えます。このサービス月の末日までに利用できるのは累計 {limitMinutes, number} 分で、すでに {usedMinutes, number} 分を使用済みです。${atMost.ja}`,
    },
  },
  'rules-violated': {
    kind: 'rule',
    title: { en: 'Several rules are broken', ja: '満たしていない条件があります' },
    detail: {
      en: 'This request was refused for {count, plural, one {# reason} other {# reasons}}, listed in violations, results or problems.',
      ja: '{count, number} 件の理由により、このリクエストを受け付けられません。詳細は violations、results、problems のいずれかをご確認ください。',
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
      en: 'The allocations name {count, plural, one {# consultant} other {# different consultants}}; the package allows {limit, number}.',
      ja: 'コンサルタントが {count, number} 名指定されていますが、パッケージの上限は {limit, number} 名です。',
    },
  },
  'too-many-product-lines': {
    kind: 'rule',
    title: { en: 'Too many product lines', ja: '製品ラインの数が上限を超えます' },
    detail: {
      en: '{count, plural, one {# product line} other {# product lines}} would be enrolled at the same time; the package allows {limit, number}.',
      ja: '同時にサポート対象となる製品ラインが {count, number} 件になりますが、パッケージの上限は {limit, number} 件です。',
    },
  },
  'allocations-exceed-grant': {
    kind: 'rule',
    title: { en: 'More allocated than granted', ja: '時間配分が付与時間を超えます' },
    detail: {
      en: 'The allocations, plus the minutes worked beyond them, come to {minutes, number} min; the term grants only {limitMinutes, number} min.',
      ja: '時間配分と、配分を超えて使用した時間の合計が {minutes, number} 分になり、契約期間の付与時間 {limitMinutes, number} 分を超えます。',
    },
  },
  'allocation-below-used': {
    kind: 'rule',
    title: { en: 'Allocation below used minutes', ja: '使用済み時間を下回る時間配分です' },
    detail: {
      en: 'The allocation would be {minutes, number} min, but {usedMinutes, number} min of it are already used (consultant ID: {consultantId}, product line ID: {productLineId}).',
      ja: '時間配分が {minutes, number} 分となり、使用済みの {usedMinutes, number} 分を下回ります（コンサルタントID：{consultantId}、製品ラインID：{productLineId}）。',
    },
  },
  'several-primaries': {
    kind: 'rule',
    title: { en: 'Several primary consultants', ja: '主担当が複数指定されています' },
    detail: {
      en: '{count, plural, one {# consultant is} other {# consultants are}} marked as primary; only one is allowed.',
      ja: '主担当が {count, number} 名指定されています。主担当に指定できるのは 1 名のみです。',
    },
  },
  'duplicate-allocation': {
    kind: 'rule',
    title: { en: 'Allocation repeated', ja: '時間配分が重複しています' },
    detail: {
      en: 'The same consultant appears more than once on the same product line (consultant ID: {consultantId}, product line ID: {productLineId}).',
      ja: '同じ製品ラインに同じコンサルタントが重複して指定されています（コンサルタントID：{consultantId}、製品ラインID：{productLineId}）。',
    },
  },
  'product-line-in-use': {
    kind: 'rule',
    title: { en: 'Product line in use', ja: '使用中の製品ラインです' },
    detail: {
      en: 'The product line still has {remainingMinutes, number} allocated min that are not used. Reduce or move its allocations before you remove it (ID: {productLineId}).',
      ja: 'この製品ラインには未使用の時間配分が {remainingMinutes, number} 分残っています。サポート対象から外す前に、時間配分を減らすか、他の製品ラインに移してください（ID：{productLineId}）。',
    },
  },
  'product-line-leaving': {
    kind: 'rule',
    title: { en: 'Product line about to be removed', ja: 'サポート対象から外れる予定の製品ラインです' },
    detail: {
      en: 'The product line is not enrolled from {untilOn} on, but {remainingMinutes, number} min of its allocations would still be unused. Allocate at most the minutes already worked on it, or change its planned removal first (ID: {productLineId}).',
      ja: 'この製品ラインは {untilOn} にサポート対象から外れる予定のため、未使用の時間（{remainingMinutes, number} 分）を配分できません。使用済みの時間以内で配分するか、先に製品ラインの変更予定を見直してください（ID：{productLineId}）。',
    },
  },

  // Visits (§8).
  'visits-exhausted': {
    kind: 'rule',
    title: { en: 'No visits left', ja: '訪問回数の上限に達しています' },
    detail: {
      en: 'The package allows {limit, plural, one {# onsite visit} other {# onsite visits}} per term, and {used, plural, one {# is} other {# are}} already planned or completed.',
      ja: '1 契約期間あたりの訪問は {limit, number} 回までです。すでに {used, number} 回が予定または実施済みです。',
    },
  },
  'visit-outside-term': {
    kind: 'rule',
    title: { en: 'Visit outside the term', ja: '訪問が契約期間外です' },
    detail: {
      en: 'All days of the visit ({startsOn} to {endsOn}) must be in one term of the subscription.',
      ja: '訪問期間（{startsOn}～{endsOn}）は、全日程を 1 つの契約期間内に収めてください。',
    },
  },
  'visit-has-entries': {
    kind: 'rule',
    title: { en: 'Visit has time entries', ja: '作業記録のある訪問です' },
    detail: {
      en: 'Time is logged on this visit. Reverse its time entries before you cancel the visit.',
      ja: 'この訪問には作業記録があります。先に作業記録を取り消してください。',
    },
  },
  'visit-leaves-entries': {
    kind: 'rule',
    title: { en: 'Time entries outside the changed visit', ja: '変更後の訪問の範囲外となる作業記録があります' },
    detail: {
      en: 'After this change, {count, plural, one {# time entry} other {# time entries}} of the visit would be outside its days or belong to a consultant who no longer takes part: {named}. Reverse every such entry first.',
      ja: '訪問の期間外となる、または訪問から外れるコンサルタントの作業記録が {count, number} 件あります（{named}）。先に作業記録を取り消してください。',
    },
  },
  'visit-has-expenses': {
    kind: 'rule',
    title: { en: 'Visit has travel expenses', ja: '出張旅費のある訪問です' },
    detail: {
      en: 'Travel expenses of this visit count in {month}. {closed, select, yes {This month is closed, so the days and the place of the visit cannot be changed.} other {The first day of the visit must stay in this month.}}',
      ja: 'この訪問の出張旅費は {month} に計上されています。{closed, select, yes {締め済みの月のため、訪問の期間と訪問先は変更できません。} other {訪問の開始日は同じ月の日付にしてください。}}',
    },
  },
  'already-cancelled': {
    kind: 'conflict',
    title: { en: 'Already cancelled', ja: '取り消し済みです' },
    detail: { en: 'This has already been cancelled.', ja: 'すでに取り消されています。' },
  },
  'already-completed': {
    kind: 'conflict',
    title: { en: 'Already completed', ja: '実施済みです' },
    detail: { en: 'This visit has already been completed.', ja: 'この訪問はすでに実施済みです。' },
  },

  // Planned sessions (§6).
  'planned-in-past': {
    kind: 'rule',
    title: { en: 'Planned in the past', ja: '予定日が過去の日付です' },
    detail: {
      en: 'The day {plannedOn} has passed: today is {today} in the customer’s time zone. Log a time entry for work that is done.',
      ja: '予定日 {plannedOn} はすでに過ぎています（お客様のタイムゾーンでの本日：{today}）。実施済みの作業は、作業時間として記録してください。',
    },
  },
  'series-outside-term': {
    kind: 'rule',
    title: { en: 'Series outside the term', ja: '繰り返しの予定が契約期間外です' },
    detail: {
      en: 'A series lies within one term: {until} is after its last day {endsOn}.',
      ja: '繰り返しの予定は 1 つの契約期間内に収めてください。{until} は、その最終日 {endsOn} より後です。',
    },
  },
  'series-without-days': {
    kind: 'rule',
    title: { en: 'Series without days', ja: '予定日のない繰り返しです' },
    detail: {
      en: 'All days of the series are public holidays of the customer’s country.',
      ja: '繰り返しの予定日が、すべてお客様の国の祝日に当たります。',
    },
  },
  'too-many-planned-sessions': {
    kind: 'rule',
    title: { en: 'Too many planned sessions', ja: '予定の件数が上限を超えます' },
    detail: {
      en: 'A subscription has at most {limit, number} open planned sessions in its present term. It has {open, number}, and the request adds {added, number}.',
      ja: '現在の契約期間に登録できる未実施の予定は、1 つのサブスクリプションにつき {limit, number} 件までです。現在 {open, number} 件あり、さらに {added, number} 件が追加されます。',
    },
  },
  'nobody-to-plan': {
    kind: 'rule',
    title: { en: 'Nobody to plan', ja: '予定を割り当てる担当者がいません' },
    detail: {
      en: 'From {from} to {endsOn}, no product line with an allocation is enrolled. Set the allocations first.',
      ja: '{from}～{endsOn} の間、時間配分が設定され、サポート対象に登録されている製品ラインがありません。先に時間配分を設定してください。',
    },
  },
  'no-room-for-sessions': {
    kind: 'rule',
    title: { en: 'Too few days left', ja: '残りの日数が不足しています' },
    detail: {
      en: '{minutes, number} min do not fit on the remaining {days, plural, one {# day} other {# days}}, which have room for {mostMinutes, number} min.',
      ja: '残り {days, number} 日に予定できるのは {mostMinutes, number} 分までで、{minutes, number} 分を予定することはできません。',
    },
  },
  'planned-session-not-found': {
    kind: 'rule',
    title: { en: 'No such planned session', ja: '該当する予定がありません' },
    detail: {
      en: 'This subscription has no planned session with the ID {plannedSessionId}.',
      ja: 'このサブスクリプションには、ID が {plannedSessionId} の予定はありません。',
    },
  },
  'planned-session-cancelled': {
    kind: 'conflict',
    title: { en: 'Planned session cancelled', ja: '取り消し済みの予定です' },
    detail: { en: 'This planned session has been cancelled.', ja: 'この予定はすでに取り消されています。' },
  },
  'planned-session-fulfilled': {
    kind: 'conflict',
    title: { en: 'Planned session fulfilled', ja: '実施済みの予定です' },
    detail: {
      en: 'A time entry has already fulfilled this planned session. If you reverse that entry, the session is open again.',
      ja: 'この予定にはすでに作業時間が記録されています。その記録を取り消すと、予定は未実施に戻ります。',
    },
  },

  // Seats (§9).
  'seats-exhausted': {
    kind: 'rule',
    title: { en: 'No seats left', ja: '受講ライセンスが不足しています' },
    detail: {
      en: 'All learning seats of the term are in use ({used, number} of {limit, number}).',
      ja: '契約期間の受講ライセンスは {limit, number} 名分中 {used, number} 名分が使用中のため、新たに割り当てられません。',
    },
  },
  'seat-already-held': {
    kind: 'rule',
    title: { en: 'Learner already has a seat', ja: '受講ライセンス割り当て済みの受講者です' },
    detail: {
      en: '{learnerEmail} already holds a seat of this subscription.',
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
    title: { en: 'Term not started', ja: '開始前の契約期間です' },
    detail: {
      en: 'The term has not started yet: its first day is {startsOn}.',
      ja: 'この契約期間はまだ始まっていません（開始日：{startsOn}）。',
    },
  },
  'subscription-ended': {
    kind: 'conflict',
    title: { en: 'Subscription ended', ja: '終了したサブスクリプションです' },
    detail: {
      en: 'This subscription has ended and can no longer be changed.',
      ja: 'このサブスクリプションは終了しているため、変更できません。',
    },
  },
  'subscription-annulled': {
    kind: 'conflict',
    title: { en: 'Subscription annulled', ja: '無効化済みのサブスクリプションです' },
    detail: {
      en: 'This subscription has been annulled and can no longer be changed.',
      ja: 'このサブスクリプションは無効化されているため、変更できません。',
    },
  },
  'subscription-already-renewed': {
    kind: 'rule',
    title: { en: 'Subscription already renewed', ja: '更新済みのサブスクリプションです' },
    detail: {
      en: 'Only a subscription in its first term can be annulled. To end this one, record a notice of non-renewal.',
      ja: '無効化できるのは、初回の契約期間中のサブスクリプションのみです。終了するには、更新しない旨の通知を記録してください。',
    },
  },
  'subscription-has-entries': {
    kind: 'rule',
    title: { en: 'Subscription has time entries', ja: '作業記録のあるサブスクリプションです' },
    detail: {
      en: 'This subscription has {count, plural, one {# time entry that is} other {# time entries that are}} not reversed. Reverse every time entry before you annul the subscription.',
      ja: 'このサブスクリプションには、取り消されていない作業記録が {count, number} 件あります。無効化する前に取り消してください。',
    },
  },
  'subscription-has-visits': {
    kind: 'rule',
    title: { en: 'Subscription has visits', ja: '訪問のあるサブスクリプションです' },
    detail: {
      en: 'This subscription has {count, plural, one {# visit that is} other {# visits that are}} not cancelled. Cancel every visit before you annul the subscription.',
      ja: 'このサブスクリプションには、予定または実施済みの訪問が {count, number} 件あります。無効化する前に取り消してください。',
    },
  },
  'subscription-has-expenses': {
    kind: 'rule',
    title: { en: 'Subscription has travel expenses', ja: '出張旅費のあるサブスクリプションです' },
    detail: {
      en: 'This subscription has {count, plural, one {# travel expense that is} other {# travel expenses that are}} not reversed. Reverse every travel expense before you annul the subscription.',
      ja: 'このサブスクリプションには、取り消されていない出張旅費が {count, number} 件あります。無効化する前に取り消してください。',
    },
  },
  'subscription-has-notices': {
    kind: 'rule',
    title: { en: 'Subscription has notices', ja: '更新しない旨の通知があるサブスクリプションです' },
    detail: {
      en: 'This subscription has {count, plural, one {# notice of non-renewal that is} other {# notices of non-renewal that are}} not withdrawn. Record the withdrawal of every notice before you annul the subscription.',
      ja: 'このサブスクリプションには、撤回されていない「更新しない旨の通知」が {count, number} 件あります。無効化する前に撤回を記録してください。',
    },
  },
  'not-an-upgrade': {
    kind: 'rule',
    title: { en: 'Not an upgrade', ja: 'アップグレードではありません' },
    detail: {
      en: `A change from ${packageNamed.en('from')} to ${packageNamed.en('to')} is not an upgrade. A package with any lower limit can take effect only at the next renewal: set it as the next package.`,
      ja: `「${packageNamed.ja('from')}」から「${packageNamed.ja('to')}」への変更はアップグレードに該当しません。上限が一つでも下がる変更は次回の更新時に適用されますので、次回パッケージとして指定してください。`,
    },
  },
  'upgrade-in-future': {
    kind: 'rule',
    title: { en: 'Upgrade in the future', ja: '適用日が未来の日付です' },
    detail: {
      en: 'An upgrade must take effect today ({today}) or earlier, not on {effectiveOn}.',
      ja: 'アップグレードの適用日には、本日（{today}）以前の日付を指定してください（指定された日付：{effectiveOn}）。',
    },
  },
  'effective-on-out-of-range': {
    kind: 'rule',
    title: { en: 'Effective day out of range', ja: '適用日が範囲外です' },
    detail: {
      en: 'The effective day {effectiveOn} is out of range: it must be from {earliest} to {latest}, both included.',
      ja: '適用日は {earliest} から {latest} までの範囲で指定してください（指定された日付：{effectiveOn}）。',
    },
  },
  'order-number-required': {
    kind: 'rule',
    title: { en: 'Order number required', ja: '注文番号の指定が必要です' },
    detail: {
      en: 'A supplement must have the orderNumber of the customer’s order.',
      ja: '追加購入（supplement）には、お客様の注文番号（orderNumber）を指定してください。',
    },
  },
  'reason-required': {
    kind: 'rule',
    title: { en: 'Reason required', ja: '理由の指定が必要です' },
    detail: {
      en: 'A goodwill must have a reason.',
      ja: '無償付与（goodwill）には、理由（reason）を指定してください。',
    },
  },
  'field-of-other-top-up': {
    kind: 'rule',
    title: { en: 'Field of the other kind of top-up', ja: 'この種別では指定できない項目です' },
    detail: {
      en: 'A top-up of the kind {kind} has no {field}. Only a supplement has an orderNumber, and only a goodwill has a reason.',
      ja: '種別 {kind} の時間追加に {field} は指定できません。orderNumber は追加購入（supplement）、reason は無償付与（goodwill）にのみ指定できます。',
    },
  },
  'top-up-too-large': {
    kind: 'rule',
    title: { en: 'Top-up too large', ja: '追加時間が上限を超えています' },
    detail: {
      en: `The top-up has {minutes, number} min, but the limit is {limitMinutes, number} min: {packages, number} times the minutes of the package. ${atMost.en}`,
      ja: `追加時間 {minutes, number} 分が、上限の {limitMinutes, number} 分（パッケージの時間の {packages, number} 倍）を超えています。${atMost.ja}`,
    },
  },
  'too-many-top-ups': {
    kind: 'rule',
    title: { en: 'Too many top-ups', ja: '時間追加の件数が上限に達しています' },
    detail: {
      en: 'The term already has {limit, number} top-ups, and cannot have more.',
      ja: 'この契約期間の時間追加は上限の {limit, number} 件に達しているため、これ以上は登録できません。',
    },
  },
  'top-up-used': {
    kind: 'rule',
    title: { en: 'Top-up used', ja: '使用済みの追加時間です' },
    detail: {
      en: 'None of the {limitMinutes, number} min of this top-up can be taken back: the minutes of the term are worked or allocated, or its onsite work needs them. Reverse time entries or lower allocations first.',
      ja: 'この追加時間 {limitMinutes, number} 分は取り消せません。契約期間の時間がすべて使用済みまたは配分済みであるか、訪問支援の実績に必要です。先に作業記録を取り消すか、時間配分を減らしてください。',
    },
  },
  'starts-on-out-of-range': {
    kind: 'rule',
    title: { en: 'First day out of range', ja: '開始日が範囲外です' },
    detail: {
      en: 'The first day {startsOn} is out of range: it must be from {earliest} to {latest}, both included.',
      ja: '開始日は {earliest} から {latest} までの範囲で指定してください（指定された日付：{startsOn}）。',
    },
  },
  'purchased-at-out-of-range': {
    kind: 'rule',
    title: { en: 'Purchase time out of range', ja: '購入日時が範囲外です' },
    detail: {
      en: 'The purchase time {purchasedAt} is out of range: it must be from {earliest} to now, {latest}.',
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
      en: 'No next package is set: the subscription renews with its current package.',
      ja: '次回パッケージは指定されていません。次回の更新では現在のパッケージが継続されます。',
    },
  },

  // The outlook of a renewal (§2).
  'next-step-missing': {
    kind: 'rule',
    title: { en: 'Next step missing', ja: '次の対応がありません' },
    detail: {
      en: 'The outlook names {nextStepOn} as the day of the next step, but no next step. Describe the step in nextStep.',
      ja: '次の対応の予定日（{nextStepOn}）が指定されていますが、対応の内容がありません。nextStep に内容を入力してください。',
    },
  },

  // Questions about considered changes (§6).
  'day-outside-term': {
    kind: 'rule',
    title: { en: 'Day outside the term', ja: '契約期間外の日付です' },
    detail: {
      en: '{day} lies outside the current term, which runs from {startsOn} to {endsOn}.',
      ja: '{day} は現在の契約期間（{startsOn} から {endsOn} まで）に含まれていません。',
    },
  },

  // Notices of non-renewal (§11).
  'receipt-in-future': {
    kind: 'rule',
    title: { en: 'Time of receipt in the future', ja: '受領日時が未来です' },
    detail: {
      en: 'The time of receipt, {receivedAt}, is in the future. It must be now or earlier.',
      ja: '受領日時 {receivedAt} は未来の日時です。現在以前の日時を指定してください。',
    },
  },
  'notice-before-contract': {
    kind: 'rule',
    title: { en: 'Notice before the contract', ja: '通知の日時が契約より前です' },
    detail: {
      en: 'A notice cannot have been sent or received at {at}: the contract did not exist before {earliest}.',
      ja: '通知の発信または受領の日時 {at} が、契約の開始または登録の日時（{earliest}）より前になっています。',
    },
  },
  'sent-after-receipt': {
    kind: 'rule',
    title: { en: 'Sent after receipt', ja: '発信日時が受領日時より後です' },
    detail: {
      en: 'The time of sending, {sentAt}, is after the time of receipt, {receivedAt}.',
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
    title: { en: 'Late notice already accepted', ja: '期限後の通知は受理済みです' },
    detail: {
      en: 'This late notice has already been accepted by mutual agreement.',
      ja: '通知期限後に受領したこの通知は、すでに双方の合意により受理されています。',
    },
  },
  'notice-not-late': {
    kind: 'conflict',
    title: { en: 'Notice not late', ja: '通知期限内の通知です' },
    detail: {
      en: 'Only a notice that was received after the deadline needs to be accepted. This notice was not late.',
      ja: '合意による受理が必要なのは、通知期限後に受領した通知のみです。この通知は該当しません。',
    },
  },
  'notice-not-own': {
    kind: 'forbidden',
    title: { en: 'Not your notice', ja: 'お客様ご自身の通知ではありません' },
    detail: {
      en: 'A customer can give or withdraw only its own notices.',
      ja: 'お客様が行えるのは、お客様ご自身の通知とその撤回のみです。',
    },
  },
  'agreement-required': {
    kind: 'rule',
    title: { en: 'Agreement required', ja: '相手方の同意が必要です' },
    detail: {
      en: 'The last day for a notice, {noticeDeadline}, has passed. Only staff can now record a withdrawal, with the other party’s agreement.',
      ja: '通知期限（{noticeDeadline}）を過ぎているため、撤回には相手方の同意が必要です。同意を得たうえで、スタッフが記録します。',
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
    title: { en: 'Month not started', ja: 'まだ始まっていない月です' },
    detail: {
      en: 'The month {month} has not started yet in the service’s own time zone, so it cannot be closed.',
      ja: '自社のタイムゾーンでは {month} がまだ始まっていないため、月次締めを行えません。',
    },
  },
  'period-not-over': {
    kind: 'rule',
    title: { en: 'Month not over', ja: 'まだ終わっていない月です' },
    detail: {
      en: 'The month {month} is not over yet in the service’s own time zone. Close it when it is over, or send "early": true.',
      ja: '自社のタイムゾーンでは {month} がまだ終わっていません。月が終わってから締めるか、"early": true を指定してください。',
    },
  },
  'control-totals-differ': {
    kind: 'conflict',
    title: { en: 'Control totals differ', ja: '締め時の合計と一致しません' },
    detail: {
      en: 'The rows and minutes of {month} no longer match the totals recorded at its closing{figures, select, shown { (at closing: {storedRows, number} rows, {storedMinutes, number} min, {storedOnsiteMinutes, number} min onsite; now: {foundRows, number} rows, {foundMinutes, number} min, {foundOnsiteMinutes, number} min onsite)} other {}}. Nothing was exported. An administrator has to investigate.',
      ja: '{month} の行数または時間が、締め時の合計と一致しません{figures, select, shown {（締め時：{storedRows, number} 行・{storedMinutes, number} 分・うち訪問支援 {storedOnsiteMinutes, number} 分、現在：{foundRows, number} 行・{foundMinutes, number} 分・うち訪問支援 {foundOnsiteMinutes, number} 分）} other {}}。出力は行っていません。管理者による確認が必要です。',
    },
  },

  // References to other records, and values that contradict each other.
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
      en: '{field} refers to {id}, which does not exist.',
      ja: '{field} に指定された {id} は登録されていません。',
    },
  },
  'not-a-csm': {
    kind: 'rule',
    title: { en: 'Not a CSM', ja: 'CSM ではないユーザーです' },
    detail: {
      en: 'The user cannot be the CSM (ID: {id}). Choose a user with the role csm or admin.',
      ja: '指定されたユーザーは担当 CSM にできません（ID：{id}）。ロールが csm または admin のユーザーを指定してください。',
    },
  },
  'roles-need-customer': {
    kind: 'rule',
    title: { en: 'Roles need a customer', ja: '顧客の指定が必要です' },
    detail: {
      en: 'recipientRoles selects contacts of one customer. Set customerId too, or list e-mail addresses in recipients instead.',
      ja: 'recipientRoles は 1 社の顧客の連絡先を指定する項目です。customerId もあわせて指定するか、代わりに recipients にメールアドレスを指定してください。',
    },
  },
  'report-not-for-customers': {
    kind: 'rule',
    title: { en: 'Report not for customers', ja: '顧客には送信できないレポートです' },
    detail: {
      en: 'The report {report} cannot be sent to contacts of a customer. With recipientRoles, choose one of: {reports}.',
      ja: 'レポート {report} は顧客の連絡先には送信できません。recipientRoles を指定する場合は、次のいずれかのレポートを指定してください：{reports}。',
    },
  },
  'csm-required': {
    kind: 'rule',
    title: { en: 'CSM required', ja: '担当 CSM の指定が必要です' },
    detail: {
      en: 'An administrator who creates a subscription must set csmId to a user with the role csm or admin.',
      ja: '管理者がサブスクリプションを登録するときは、担当 CSM を csmId に指定してください（ロールが csm または admin のユーザー）。',
    },
  },
  'user-owns-subscriptions': {
    kind: 'conflict',
    title: { en: 'User owns subscriptions', ja: '担当中のサブスクリプションがあります' },
    detail: {
      en: 'The user is the CSM of {count, plural, one {# active subscription} other {# active subscriptions}}. Assign another CSM to every subscription before you change the user’s role or customer, or deactivate the user.',
      ja: 'このユーザーは有効なサブスクリプション {count, number} 件の担当 CSM です。ロールや所属する顧客を変更したり、ユーザーを無効にしたりする前に、別の CSM に引き継いでください。',
    },
  },
  'last-admin': {
    kind: 'conflict',
    title: { en: 'Last administrator', ja: '最後の管理者です' },
    detail: {
      en: 'The user is the only active administrator. Give another active user the role admin before you change this one.',
      ja: 'このユーザーは唯一の有効な管理者です。ロールを変更したりユーザーを無効にしたりする前に、別の有効なユーザーにロール admin を付与してください。',
    },
  },
  'own-deactivation': {
    kind: 'conflict',
    title: { en: 'Own deactivation', ja: '自分自身は無効にできません' },
    detail: {
      en: 'Administrators cannot deactivate themselves. Ask another administrator to do it.',
      ja: '管理者が自分自身を無効にすることはできません。別の管理者にご依頼ください。',
    },
  },
  'user-inactive': {
    kind: 'rule',
    title: { en: 'User inactive', ja: '無効なユーザーです' },
    detail: {
      en: 'The user {id} is inactive. Choose an active user, or ask an administrator to activate this one.',
      ja: 'ユーザー {id} は無効になっています。有効なユーザーを指定するか、このユーザーを有効にするよう管理者にご依頼ください。',
    },
  },
  'hand-over-to-same': {
    kind: 'rule',
    title: { en: 'Hand-over to the same user', ja: '引き継ぎ先が同じユーザーです' },
    detail: {
      en: 'A portfolio cannot be handed over to the user who owns it. Choose another CSM.',
      ja: '担当者本人に引き継ぐことはできません。別の CSM を指定してください。',
    },
  },
  'subscription-not-owned': {
    kind: 'rule',
    title: { en: 'Subscription not owned', ja: '担当していないサブスクリプションです' },
    detail: {
      en: 'The subscription {id} is not an active subscription of this user. Leave it out, and check who its CSM is.',
      ja: 'サブスクリプション {id} は、このユーザーが担当している有効なサブスクリプションではありません。対象から外し、担当 CSM を確認してください。',
    },
  },
  'nothing-to-hand-over': {
    kind: 'conflict',
    title: { en: 'Nothing to hand over', ja: '引き継ぐものがありません' },
    detail: {
      en: 'The user is the CSM of no active subscription.',
      ja: 'このユーザーが担当している有効なサブスクリプションはありません。',
    },
  },
  'deputy-is-csm': {
    kind: 'rule',
    title: { en: 'Deputy is the CSM', ja: '本人は代理になれません' },
    detail: {
      en: 'A CSM cannot be their own deputy. Name another CSM.',
      ja: 'CSM 本人を代理に指定することはできません。別の CSM を指定してください。',
    },
  },
  'deputy-not-a-csm': {
    kind: 'rule',
    title: { en: 'Deputy not a CSM', ja: '代理にできないユーザーです' },
    detail: {
      en: 'The user {id} cannot be a deputy: only users with the role csm can.',
      ja: 'ユーザー {id} を代理に指定することはできません。代理に指定できるのは、ロールが csm のユーザーだけです。',
    },
  },
  'deputy-days-reversed': {
    kind: 'rule',
    title: { en: 'Days of a deputy reversed', ja: '代理期間の開始日が終了日より後です' },
    detail: {
      en: 'The first day {from} is after the last day {to}.',
      ja: '開始日（{from}）が終了日（{to}）より後になっています。',
    },
  },
  'deputy-days-past': {
    kind: 'rule',
    title: { en: 'Days of a deputy over', ja: '代理期間がすでに終わっています' },
    detail: {
      en: 'The last day {to} is over: today is {today} in the time zone of the CSM.',
      ja: '終了日（{to}）はすでに過ぎています（CSM のタイムゾーンでの今日は {today} です）。',
    },
  },
  'deputy-days-overlap': {
    kind: 'rule',
    title: { en: 'Days of a deputy overlap', ja: '同じ代理の期間が重なっています' },
    detail: {
      en: 'The user {id} is named twice for the same days. Join the two into one, or separate their days.',
      ja: 'ユーザー {id} が同じ日に重複して指定されています。1 件にまとめるか、期間が重ならないようにしてください。',
    },
  },
  'deputy-circle': {
    kind: 'rule',
    title: { en: 'Deputies in a circle', ja: '代理が循環しています' },
    detail: {
      en: 'On {day}, the deputies of the user {id} lead back to this CSM. Choose another deputy or other days.',
      ja: '{day} に、ユーザー {id} の代理をたどるとこの CSM に戻ります。別の代理または別の期間を指定してください。',
    },
  },
  'customer-required': {
    kind: 'rule',
    title: { en: 'Customer required', ja: '顧客の指定が必要です' },
    detail: {
      en: 'A user with the role customer must have a customerId.',
      ja: 'ロールが customer のユーザーには、所属する顧客（customerId）を指定してください。',
    },
  },
  'customer-not-allowed': {
    kind: 'rule',
    title: { en: 'Customer not allowed', ja: '顧客は指定できません' },
    detail: {
      en: 'Only a user with the role customer can have a customerId.',
      ja: '所属する顧客（customerId）を指定できるのは、ロールが customer のユーザーのみです。',
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
      en: 'The expiry day {expiresOn} is in the past.',
      ja: '有効期限 {expiresOn} はすでに過ぎています。',
    },
  },
  'email-already-used': {
    kind: 'conflict',
    title: { en: 'E-mail address already used', ja: '使用済みのメールアドレスです' },
    detail: {
      en: 'The e-mail address {email} is already in use.',
      ja: 'メールアドレス {email} はすでに使用されています。',
    },
  },
  'contract-number-already-used': {
    kind: 'conflict',
    title: { en: 'Contract number already used', ja: '使用済みの契約番号です' },
    detail: {
      en: 'Another subscription already has the contract number {contractNumber}.',
      ja: '契約番号 {contractNumber} は別のサブスクリプションですでに使用されています。',
    },
  },
  'code-already-used': {
    kind: 'conflict',
    title: { en: 'Code already used', ja: '使用済みのコードです' },
    detail: {
      en: 'The code {code} is already in use.',
      ja: 'コード {code} はすでに使用されています。',
    },
  },

  // Rows of an imported file.
  'value-missing': {
    kind: 'malformed',
    title: { en: 'Value missing', ja: '値がありません' },
    detail: {
      en: 'The column {column} has no value.',
      ja: '{column} の値がありません。',
    },
  },
  'value-malformed': {
    kind: 'malformed',
    title: { en: 'Value cannot be read', ja: '値を読み取れません' },
    detail: {
      en: '“{value}” in the column {column} cannot be read. {accepted, select, day {Write a day as YYYY-MM-DD or YYYY/M/D, from 1900 to 2199; with dates=dmy or dates=mdy, the year can come last.} minutes {Write minutes as a whole number from 1 to 1,000,000, without separators.} hours {Write hours as 1.5, 1:30 or 1:30:00, without separators; the decimal mark is a point, or a comma with decimal=comma.} seconds {Durations in this file must be whole seconds.} activity {The activity must be one of technical-advice, best-practice, health-check, gap-analysis, upgrade, feature-adoption and enablement.} delivery {The delivery must be remote or onsite.} severity {The severity must be a number from 1 to 4.} kind {The kind must be entry.} other {An ID must be a UUID.}}',
      ja: '{column} の「{value}」を読み取れません。{accepted, select, day {日付は 1900 年から 2199 年までの YYYY-MM-DD または YYYY/M/D 形式で指定してください。年が最後の形式は dates=dmy または dates=mdy を指定した場合に使用できます。} minutes {分は桁区切りを含めず、1～1,000,000 の整数で指定してください。} hours {時間は 1.5、1:30、1:30:00 のいずれかの形式で、桁区切りを含めずに指定してください。小数点はピリオドです（decimal=comma を指定した場合はコンマ）。} seconds {このファイルの作業時間は秒単位です。整数で指定してください。} activity {作業内容は technical-advice、best-practice、health-check、gap-analysis、upgrade、feature-adoption、enablement のいずれかを指定してください。} delivery {提供形態は remote または onsite を指定してください。} severity {重大度は 1～4 の数字で指定してください。} kind {区分は entry のみ取り込めます。} other {ID は UUID で指定してください。}}',
    },
  },
  'duration-too-short': {
    kind: 'rule',
    title: { en: 'Duration too short', ja: '時間が短すぎます' },
    detail: {
      en: '“{value}” in the column {column} is too short: an entry has at least one minute.',
      ja: '{column} の「{value}」は短すぎます。登録できるのは 1 分以上の作業です。',
    },
  },
  'entry-running': {
    kind: 'rule',
    title: { en: 'Timer still running', ja: '計測中の記録です' },
    detail: {
      en: 'The timer of this record is still running: the column {column} is empty. Stop the timer, export the records again, and send the whole file again.',
      ja: 'この記録は計測中です（{column} が空です）。計測を終了してから再度エクスポートし、ファイル全体を送信してください。',
    },
  },
  'name-unknown': {
    kind: 'rule',
    title: { en: 'No match for this name', ja: '該当するものが見つかりません' },
    detail: {
      en: '“{value}” in the column {column} matches {what, select, customer {no customer that you can see. Use the customer’s name or ID} consultant {no consultant. Use the e-mail address, the name or the ID} other {no product line. Use the code, the name or the ID}}.',
      ja: '{column} の「{value}」に該当する{what, select, customer {顧客はありません。顧客名または顧客IDで指定してください} consultant {コンサルタントはありません。メールアドレス、氏名または ID で指定してください} other {製品ラインはありません。コード、名称または ID で指定してください}}。',
    },
  },
  'subscription-unknown': {
    kind: 'absent',
    title: { en: 'No such subscription', ja: '該当するサブスクリプションがありません' },
    detail: {
      en: '“{value}” in the column {column} is not the ID of a subscription that you can see.',
      ja: '{column} の「{value}」に該当するサブスクリプションが存在しないか、閲覧権限がありません。',
    },
  },
  'name-ambiguous': {
    kind: 'rule',
    title: { en: 'Several matches for this name', ja: '該当するものが複数あります' },
    detail: {
      en: '“{value}” in the column {column} matches several {what, select, customer {customers. Use the customer’s ID, or a column subscriptionId} consultant {consultants. Use the e-mail address or the ID} other {product lines. Use the code or the ID}}.',
      ja: '{column} の「{value}」に該当する{what, select, customer {顧客が複数あります。顧客ID または subscriptionId で指定してください} consultant {コンサルタントが複数います。メールアドレスまたは ID で指定してください} other {製品ラインが複数あります。コードまたは ID で指定してください}}。',
    },
  },
  'no-subscription-on-day': {
    kind: 'rule',
    title: { en: 'No subscription on that day', ja: '該当日のサブスクリプションがありません' },
    detail: {
      en: 'The customer “{value}” has no subscription on {workDate} that you can see.',
      ja: '顧客「{value}」には、{workDate} の時点で、閲覧可能なサブスクリプションがありません。',
    },
  },
  'subscription-ambiguous': {
    kind: 'rule',
    title: { en: 'Several subscriptions on that day', ja: '該当日のサブスクリプションが複数あります' },
    detail: {
      en: 'The customer “{value}” has {count, number} subscriptions on {workDate}. Add a column subscriptionId to choose one.',
      ja: '顧客「{value}」には、{workDate} の時点でサブスクリプションが {count, number} 件あります。subscriptionId の列で対象を指定してください。',
    },
  },
  'visit-ambiguous': {
    kind: 'rule',
    title: { en: 'Several visits on that day', ja: '該当日の訪問が複数あります' },
    detail: {
      en: 'The consultant takes part in several visits on {workDate}. Add a column visitId to choose one.',
      ja: 'このコンサルタントには {workDate} の訪問が複数あります。visitId の列で対象を指定してください。',
    },
  },
  'reversal-not-imported': {
    kind: 'rule',
    title: { en: 'Reversals are not imported', ja: '取り消しの行は取り込めません' },
    detail: {
      en: 'This row is a reversal. Only work can be imported; reverse the entry in the service instead.',
      ja: 'この行は作業記録の取り消しです。取り込めるのは作業の記録のみです。取り消しはサービス上で行ってください。',
    },
  },
  'entry-already-here': {
    kind: 'conflict',
    title: { en: 'Entry already recorded', ja: '登録済みの作業記録です' },
    detail: {
      en: 'This row comes from a report of this service, and its entry still exists (ID: {value}). To record the work a second time, remove the column {column}.',
      ja: 'この行は本サービスのレポートから出力された登録済みの作業記録です（ID：{value}）。別の作業として登録する場合は、{column} の列を削除してください。',
    },
  },

  // Jobs and the simulated clock.
  'clock-not-simulated': {
    kind: 'absent',
    title: { en: 'Clock not simulated', ja: 'シミュレーション用の時計ではありません' },
    detail: {
      en: 'This service uses the system clock. Only a simulated clock can be read or advanced here.',
      ja: 'このサービスはシステム時計で動作しているため、時刻の参照や変更はできません。',
    },
  },
  'clock-backwards': {
    kind: 'rule',
    title: { en: 'Clock cannot go back', ja: '時刻は戻せません' },
    detail: {
      en: 'The clock is at {now} and cannot be set back to {to}.',
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
      en: 'The forecast covers at most {years, plural, one {# year} other {# years}}: until {latest}.',
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
      en: 'The job {name} is already running. Try again when it is done.',
      ja: 'ジョブ {name} は実行中です。完了後に再度お試しください。',
    },
  },
  'dry-run-not-supported': {
    kind: 'rule',
    title: { en: 'Dry run not supported', ja: 'このジョブは試行できません' },
    detail: {
      en: 'The job {name} does not support dry runs. Jobs that do: {jobs}.',
      ja: 'ジョブ {name} は試行（dryRun）に対応していません。試行できるジョブ：{jobs}',
    },
  },

  // Mails.
  'mail-not-failed': {
    kind: 'conflict',
    title: { en: 'Mail has not failed', ja: '送信に失敗したメールではありません' },
    detail: {
      en: 'Only a mail that failed, or whose outcome is uncertain, can be sent again. This mail {status, select, sent {has already been sent} other {is still waiting to be sent}}.',
      ja: '再送できるのは、送信に失敗したメール、または送信結果が不明なメールのみです。このメールは{status, select, sent {すでに送信済み} other {送信処理中}}です。',
    },
  },
  'mail-no-longer-true': {
    kind: 'conflict',
    title: { en: 'Mail out of date', ja: 'メールの内容が現状と異なります' },
    detail: {
      en: 'This mail cannot be sent again: its deadline has passed or the situation has changed, so its content is no longer true.',
      ja: '期限の経過または状況の変化により、このメールの内容は現状と一致しなくなったため、再送できません。',
    },
  },
  'mails-held-by-setting': {
    kind: 'conflict',
    title: { en: 'Mails are held by a setting', ja: '設定によりメールの送信を保留しています' },
    detail: {
      en: 'This instance holds all mails because of MAIL_HOLD=on. Set MAIL_HOLD=off and restart the service; if mails are still held then, release them again.',
      ja: 'MAIL_HOLD=on により、メールの送信を保留しています。MAIL_HOLD=off に変更してサービスを再起動し、なお保留されている場合は再度解除してください。',
    },
  },

  // The request itself.
  'malformed-body': {
    kind: 'malformed',
    title: { en: 'Malformed body', ja: 'リクエスト本文が正しくありません' },
    detail: {
      en: 'The request body has missing, unknown or invalid fields; see errors.',
      ja: 'リクエスト本文に、項目の不足、不明な項目、または誤った値があります。詳細は errors をご確認ください。',
    },
  },
  'form-not-ours': {
    kind: 'forbidden',
    title: { en: 'The form is out of date', ja: 'フォームの有効期限が切れています' },
    detail: {
      en: 'This form does not belong to your present session. Nothing was changed. Open the page again and send its form.',
      ja: 'このフォームは現在のセッションのものではありません。変更は行われていません。ページを開き直して、もう一度送信してください。',
    },
  },
  'malformed-json': {
    kind: 'malformed',
    title: { en: 'Malformed JSON', ja: 'JSON の形式が正しくありません' },
    detail: {
      en: 'The request body is not valid JSON.',
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
      en: 'The file has {count, plural, one {# format error} other {# format errors}}, and nothing was imported; see errors.',
      ja: 'ファイルの形式に {count, number} 件の誤りがあるため、取り込みを行っていません。詳細は errors をご確認ください。',
    },
  },
  'file-too-long': {
    kind: 'rule',
    title: { en: 'Too many rows', ja: '行数が多すぎます' },
    detail: {
      en: 'A file can have at most {maximum, number} rows. Nothing was imported; split the file and send its parts.',
      ja: '1 つのファイルで取り込めるのは {maximum, number} 行までです。分割して送信してください。取り込みは行っていません。',
    },
  },
  'upload-stalled': {
    kind: 'too-slow',
    title: { en: 'Transfer too slow', ja: 'ファイルの送信が遅すぎます' },
    detail: {
      en: 'The file arrived too slowly, or stopped arriving. Nothing was imported; send it again.',
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
    title: { en: 'Invalid query parameters', ja: 'クエリパラメーターが正しくありません' },
    detail: {
      en: 'A query parameter is unknown or has an invalid value; see errors.',
      ja: 'クエリパラメーターに、不明な項目または誤った値が含まれています。詳細は errors をご確認ください。',
    },
  },
  'invalid-cursor': {
    kind: 'malformed',
    title: { en: 'Invalid cursor', ja: 'カーソルが正しくありません' },
    detail: {
      en: 'The cursor does not come from this list. Start again without a cursor.',
      ja: 'この一覧で発行されたカーソルではありません。カーソルを指定せずに再度お試しください。',
    },
  },
  'idempotency-key-malformed': {
    kind: 'malformed',
    title: { en: 'Malformed Idempotency-Key', ja: 'Idempotency-Key が正しくありません' },
    detail: {
      en: 'An Idempotency-Key must have 1 to 255 visible ASCII characters.',
      ja: 'Idempotency-Key は、表示可能な ASCII 文字 1～255 文字で指定してください。',
    },
  },
  'idempotency-key-reused': {
    kind: 'rule',
    title: { en: 'Idempotency-Key reused', ja: 'Idempotency-Key が再利用されています' },
    detail: {
      en: 'This Idempotency-Key was already used for a request with a different body.',
      ja: 'この Idempotency-Key は、本文が異なるリクエストですでに使用されています。',
    },
  },
  'idempotency-key-in-use': {
    kind: 'conflict',
    title: { en: 'Idempotency-Key in use', ja: '同じリクエストを処理中です' },
    detail: {
      en: 'The first request with this Idempotency-Key is still running. Try again when it is done.',
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
      en: 'Your role does not allow this.',
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
      en: 'There is nothing at this address, or you are not allowed to see it.',
      ja: '指定された対象が存在しないか、閲覧する権限がありません。',
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
  'token-already-created': {
    kind: 'conflict',
    title: { en: 'The token was already created', ja: 'トークンは作成済みです' },
    detail: {
      en: 'This form has created its token already, and showed it once. If you did not copy it, revoke it and create another one.',
      ja: 'このフォームのトークンは作成済みで、一度だけ表示されました。コピーできなかった場合は、失効させてから新しいトークンを作成してください。',
    },
  },
  'sign-in-link-not-valid': {
    kind: 'absent',
    title: { en: 'This link is not valid', ja: 'このリンクは無効です' },
    detail: {
      en: 'The link may be incomplete, or a newer one may have replaced it. Ask for a new link.',
      ja: 'リンクが途中で切れているか、新しいリンクが発行された可能性があります。リンクを再度お申し込みください。',
    },
  },
  'sign-in-link-used': {
    kind: 'conflict',
    title: { en: 'This link has been used', ja: 'このリンクは使用済みです' },
    detail: {
      en: 'Each link signs in once. Ask for a new link.',
      ja: 'リンクは一度だけお使いいただけます。リンクを再度お申し込みください。',
    },
  },
  'sign-in-link-expired': {
    kind: 'conflict',
    title: { en: 'This link has expired', ja: 'このリンクは有効期限が切れています' },
    detail: {
      en: 'Links to sign in work for 15 minutes, invitations for seven days. Ask for a new link.',
      ja: 'サインイン用のリンクは15分間、ご招待のリンクは7日間有効です。リンクを再度お申し込みください。',
    },
  },
  'sign-in-link-of-other-browser': {
    kind: 'conflict',
    title: { en: 'This link belongs to another browser', ja: 'このリンクは別のブラウザー用です' },
    detail: {
      en: 'For your safety, the link works only in the browser in which it was asked for. Open it there, or ask for a new link here.',
      ja: '安全のため、リンクはお申し込みになったブラウザーでのみお使いいただけます。そのブラウザーで開くか、こちらでリンクを再度お申し込みください。',
    },
  },
  'sign-in-token-not-valid': {
    kind: 'rule',
    title: { en: 'This access token is not valid', ja: 'このアクセストークンは無効です' },
    detail: {
      en: 'The token may be incomplete, revoked or expired, or its user may be inactive. Nobody has been signed in.',
      ja: 'トークンが途中で切れているか、失効・期限切れとなっているか、ユーザーが無効になっている可能性があります。サインインは行われていません。',
    },
  },
  'report-owner-lost-sight': {
    kind: 'conflict',
    title: { en: 'Owner may no longer read the report', ja: '設定者に閲覧権限がありません' },
    detail: {
      en: '{owner}, who created this schedule, is no longer allowed to read its report. A user who is allowed to read it can create a new schedule; an administrator can delete this one.',
      ja: 'このレポートの設定者（{owner}）には、閲覧権限がなくなっています。権限のある方が改めて設定してください。既存の設定は管理者が削除できます。',
    },
  },
  'report-link-not-valid': {
    kind: 'absent',
    title: { en: 'This link is not valid', ja: 'このリンクは無効です' },
    detail: {
      en: 'The link may be incomplete or have expired, the report may no longer be sent, or the person it was made for may no longer be one of its recipients. Please ask the person who set up the report, or wait for the next mail.',
      ja: 'リンクが途中で切れているか、有効期限が過ぎているか、レポートの定期送信が終了しているか、宛先の方が受信者から外れている可能性があります。レポートの設定者にお問い合わせいただくか、次回のメールをお待ちください。',
    },
  },
  'method-not-allowed': {
    kind: 'method',
    title: { en: 'Method not allowed', ja: '許可されていないメソッドです' },
    detail: {
      en: 'This address does not accept this method. Accepted methods: {methods}.',
      ja: 'このアドレスでは、このメソッドを使用できません。使用できるメソッド：{methods}',
    },
  },
  'etag-stale': {
    kind: 'stale',
    title: { en: 'Changed in the meantime', ja: 'すでに変更されています' },
    detail: {
      en: 'This resource has changed since you read it. Read it again before you change it.',
      ja: '変更対象は、取得後に更新されています。再度取得してからお試しください。',
    },
  },
  'etag-required': {
    kind: 'precondition',
    title: { en: 'If-Match required', ja: 'If-Match が必要です' },
    detail: {
      en: 'Send the ETag from your last read of this resource in the If-Match header.',
      ja: '取得時の ETag を If-Match ヘッダーに指定してください。',
    },
  },
  'payload-too-large': {
    kind: 'too-large',
    title: { en: 'Body too large', ja: 'リクエスト本文が大きすぎます' },
    detail: { en: 'The request body is too large.', ja: 'リクエスト本文がサイズの上限を超えています。' },
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
      en: 'This address does not accept this content type. Accepted content types: {types}.',
      ja: 'この Content-Type のリクエスト本文には対応していません。対応している形式：{types}',
    },
  },
  'unsupported-content-encoding': {
    kind: 'unsupported',
    title: { en: 'Unsupported content encoding', ja: '対応していないエンコード方式です' },
    detail: {
      en: 'The Content-Encoding “{value}” is not supported. Send the body without any content encoding.',
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
    title: { en: 'Too many reports for one user', ja: '同時に出力できるレポート数の上限に達しています' },
    detail: {
      en: 'One user can read at most {atOnce, number} reports or archives at the same time, and you have reached this limit. Try again when one is complete.',
      ja: 'お一人で同時に出力できるレポートなどのファイルは {atOnce, number} 件までです。いずれかの出力が完了してから再度お試しください。',
    },
  },
  'too-many-imports': {
    kind: 'too-many',
    title: { en: 'Too many imports for one user', ja: '同時に取り込めるファイル数の上限に達しています' },
    detail: {
      en: 'One user can import at most {atOnce, number} files at the same time, and you have reached this limit. Nothing of this file was imported; send it again when another import is complete.',
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
    title: { en: 'Too many rows for an atomic import', ja: '一括取り込みの行数が多すぎます' },
    detail: {
      en: 'The file has {rows, number} rows, but an atomic import takes at most {maximum, number}. Split the file, or send it without atomic=true.',
      ja: 'このファイルは {rows, number} 行ありますが、一括での取り込み（atomic=true）は {maximum, number} 行までです。ファイルを分割するか、atomic=true を指定せずに送信してください。',
    },
  },
  'import-interrupted': {
    kind: 'unavailable',
    title: { en: 'Import interrupted', ja: '取り込みが中断されました' },
    detail: {
      en: 'The import was interrupted. The rows imported so far are saved. Send the same file again to import the rest.',
      ja: '取り込みが中断されました。ここまでに登録された行は保存されています。同じファイルを再度送信すると、続きから取り込まれます。',
    },
  },
  'import-undone': {
    kind: 'conflict',
    title: { en: 'Import is being undone', ja: '取り消された取り込みです' },
    detail: {
      en: 'A user is undoing this import. Its booked rows are being reversed, and no further rows are booked.',
      ja: 'この取り込みは取り消し中です。登録済みの行は取り消され、以降の行は登録されません。',
    },
  },
  'import-beyond-portfolio': {
    kind: 'conflict',
    title: { en: 'Import reaches beyond your portfolio', ja: '担当外の作業記録を含む取り込みです' },
    detail: {
      en: 'Some entries of this import now belong to subscriptions of another CSM. Only an administrator can undo it.',
      ja: 'この取り込みには、現在は他の CSM が担当するサブスクリプションの作業記録が含まれています。取り込みの取り消しは管理者に依頼してください。',
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
      en: 'Another change to this subscription, or to the same day of a consultant, is still in progress. Try again shortly.',
      ja: 'このサブスクリプション、またはコンサルタントの同じ日について、別の処理を実行中です。しばらくしてから再度お試しください。',
    },
  },
  'reports-busy': {
    kind: 'unavailable',
    title: { en: 'Too many reports at one time', ja: '同時に出力できるレポートの上限に達しています' },
    detail: {
      en: 'The service can send at most {atOnce, number} reports or archives at the same time, and it has reached this limit. Try again when one is complete.',
      ja: 'レポートなどのファイルを同時に出力できるのは {atOnce, number} 件までです。現在は上限に達しているため、しばらくしてから再度お試しください。',
    },
  },
  'imports-busy': {
    kind: 'unavailable',
    title: { en: 'Too many imports at one time', ja: '同時に取り込めるファイルの上限に達しています' },
    detail: {
      en: 'The files now being imported leave no room for another one. Nothing of this file was imported; send it again shortly.',
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
