import type { Language } from '../../domain/language.js';
import type { JobName } from '../../jobs/job.js';

type Texts = Readonly<Record<Language, string>>;

/** What each job is called and what it does. */
export const jobTexts: Readonly<Record<JobName, { name: Texts; does: Texts }>> = {
  'renewal-lock': {
    name: { en: 'Renewal lock', ja: '更新の確定' },
    does: {
      en: 'Fixes renewals whose notice deadline has passed without a notice.',
      ja: '通知期限までに通知がなかった契約の更新を確定します。',
    },
  },
  'term-roll-over': {
    name: { en: 'Roll-over', ja: '契約期間の切り替え' },
    does: {
      en: 'Closes terms that are over: unused minutes expire, and the next term opens or the subscription ends.',
      ja: '終了した契約期間を締め、未使用時間を失効させ、次の期間を開始するか契約を終了します。',
    },
  },
  'renewal-reminders': {
    name: { en: 'Renewal reminders', ja: '更新のご案内' },
    does: {
      en: 'Sends reminders to the renewal contacts and the CSM.',
      ja: '更新連絡先とCSMに更新のご案内を送ります。',
    },
  },
  'pace-alerts': {
    name: { en: 'Alerts and nudges', ja: '利用状況のお知らせ' },
    does: {
      en: 'Sends alerts about the use of hours, the Monday digest, and requests to log time.',
      ja: '時間の消費に関するお知らせ、月曜日のまとめ、時間記録のお願いを送ります。',
    },
  },
  'usage-statements': {
    name: { en: 'Usage statements', ja: 'ご利用明細' },
    does: {
      en: 'Sends a statement to the usage contacts after each service month.',
      ja: 'サービス月ごとに、利用連絡先へご利用明細を送ります。',
    },
  },
  'scheduled-reports': {
    name: { en: 'Scheduled reports', ja: '定期レポート' },
    does: { en: 'Sends reports on their day of the month.', ja: '毎月の指定日にレポートを送ります。' },
  },
  'mail-delivery': {
    name: { en: 'Mail delivery', ja: 'メールの配信' },
    does: {
      en: 'Sends queued mails, and tries again after a failure.',
      ja: '待機中のメールを送り、失敗した場合は再送します。',
    },
  },
  'ledger-verification': {
    name: { en: 'Check of the ledgers', ja: '台帳の検証' },
    does: {
      en: 'Computes every balance again from its ledger each night, and reports differences.',
      ja: '毎晩、すべての残高を台帳から再計算し、差異を報告します。',
    },
  },
  housekeeping: {
    name: { en: 'Housekeeping', ja: 'データの整理' },
    does: {
      en: 'Deletes old records, follows new time zone rules, and prepares the reasons for attention.',
      ja: '古い記録を削除し、タイムゾーン規則の変更に追随し、対応が必要な理由を準備します。',
    },
  },
};

/** What the numbers of a run count. */
export const countTexts: Readonly<Record<string, Texts>> = {
  locked: { en: '{count, plural, one {# renewal fixed} other {# renewals fixed}}', ja: '更新の確定：{count}件' },
  rolled: { en: '{count, plural, one {# term closed} other {# terms closed}}', ja: '期間の終了：{count}件' },
  renewed: { en: '{count} renewed', ja: '更新：{count}件' },
  ended: { en: '{count} ended', ja: '契約の終了：{count}件' },
  terms: { en: '{count, plural, one {# term} other {# terms}}', ja: '契約期間：{count}件' },
  alerts: { en: '{count, plural, one {# alert} other {# alerts}}', ja: 'お知らせ：{count}件' },
  nudges: { en: '{count, plural, one {# nudge} other {# nudges}}', ja: 'CSMへの連絡：{count}件' },
  mails: { en: '{count, plural, one {# mail queued} other {# mails queued}}', ja: '登録したメール：{count}通' },
  schedules: { en: '{count, plural, one {# report} other {# reports}}', ja: 'レポート：{count}件' },
  sent: { en: '{count} sent', ja: '送信：{count}通' },
  retried: { en: '{count} to be tried again', ja: '再送予定：{count}通' },
  failed: { en: '{count} failed', ja: '失敗：{count}通' },
  uncertain: { en: '{count} uncertain', ja: '結果不明：{count}通' },
  subscriptions: { en: '{count, plural, one {# subscription} other {# subscriptions}}', ja: '契約：{count}件' },
  differences: { en: '{count, plural, one {# difference} other {# differences}}', ja: '差異：{count}件' },
  idempotencyKeys: { en: '{count} old request keys deleted', ja: '古いリクエストキーの削除：{count}件' },
  jobRuns: { en: '{count} old runs deleted', ja: '古い実行記録の削除：{count}件' },
  sessions: { en: '{count} old sessions deleted', ja: '古いセッションの削除：{count}件' },
  termsMoved: { en: '{count} terms with new due times', ja: '期限を再計算した期間：{count}件' },
  schedulesMoved: { en: '{count} reports with new due times', ja: '期限を再計算したレポート：{count}件' },
  mailsMoved: { en: '{count} mails with new times', ja: '時刻を再計算したメール：{count}通' },
  attentions: {
    en: '{count, plural, one {# subscription} other {# subscriptions}} looked at',
    ja: '確認した契約：{count}件',
  },
  setAside: {
    en: '{count, plural, one {# subscription} other {# subscriptions}} put into quarantine',
    ja: '隔離した契約：{count}件',
  },
  busy: { en: '{count} in use elsewhere', ja: '他で使用中：{count}件' },
};

/** The events of a dry run that are no mails. */
export const eventNames: Readonly<Record<string, Texts>> = {
  locked: { en: 'The renewal becomes fixed', ja: '更新が確定します' },
  renewed: { en: 'The term renews', ja: '契約が更新されます' },
  ended: { en: 'The subscription ends', ja: '契約が終了します' },
  'set-aside': { en: 'Fails, and goes into quarantine', ja: '失敗し、隔離されます' },
};

export const jobsWords = {
  en: {
    title: 'Jobs',
    job: 'Job',
    due: 'Next due',
    latest: 'Last run',
    action: 'Action',
    nothingDue: 'Nothing is due',
    overdue: 'Overdue',
    never: 'Has not run yet',
    outcomes: { running: 'Running', succeeded: 'Done', failed: 'Failed', interrupted: 'Interrupted' },
    nothingToDo: 'nothing to do',
    run: 'Run now',
    dryRun: 'Show what a run would do',
    ran: '{job}: {outcome}. {counts}',
    held: 'Mails are held: no mail leaves until they are released.',
    toMails: 'Go to the mails',
    notAnswering: 'The mail server has not answered since {since}: {error}. Mails wait. The next try is at {next}.',
    quarantined: '{count, plural, one {# subscription in quarantine} other {# subscriptions in quarantine}}',
    runs: 'Runs',
    started: 'Started',
    outcome: 'Outcome',
    did: 'What it did',
    took: 'Took',
    by: 'Asked by',
    askedBy: { schedule: 'Schedule', person: 'Administrator' },
    older: 'Older runs',
    noRuns: 'This job has not run yet.',
    quarantine: 'Quarantine',
    quarantineHint:
      'The job failed for these subscriptions and tries again by itself. It goes on for all others. “Run now” tries all of these at once.',
    noQuarantine: 'No subscription is in quarantine.',
    subscription: 'Subscription',
    error: 'Error',
    since: 'Since',
    tries: 'Tries',
    again: 'Next try',
    release: 'Try at the next run',
    released: 'The next run tries {name} again.',
    dryTitle: '{job}: what a run would do now',
    dryHint: 'Nothing was changed or sent.',
    dryNothing: 'A run would do nothing now.',
    dryFirst: '{count, plural, one {# event} other {# events}}',
    happens: 'What would happen',
    back: 'All jobs',
    moment: '< 1 s',
    seconds: '{count} s',
    minutes: '{count} min',
  },
  ja: {
    title: 'ジョブ',
    job: 'ジョブ',
    due: '次回の予定',
    latest: '前回の実行',
    action: '操作',
    nothingDue: '予定なし',
    overdue: '遅延',
    never: 'まだ実行されていません',
    outcomes: { running: '実行中', succeeded: '完了', failed: '失敗', interrupted: '中断' },
    nothingToDo: '対象なし',
    run: '今すぐ実行',
    dryRun: '実行した場合の結果を表示',
    ran: '{job}：{outcome}。{counts}',
    held: 'メールは保留中です。解除するまで送信されません。',
    toMails: 'メールを開く',
    notAnswering: 'メールサーバーが{since}から応答していません：{error}。メールは待機中です。次の試行は{next}です。',
    quarantined: '隔離中の契約：{count}件',
    runs: '実行記録',
    started: '開始',
    outcome: '結果',
    did: '処理内容',
    took: '所要時間',
    by: '実行者',
    askedBy: { schedule: 'スケジュール', person: '管理者' },
    older: 'さらに前の実行',
    noRuns: 'このジョブはまだ実行されていません。',
    quarantine: '隔離',
    quarantineHint:
      'これらの契約では処理が失敗しました。自動的に再試行されます。他の契約の処理は続いています。「今すぐ実行」を押すと、すべてをすぐに再試行します。',
    noQuarantine: '隔離中の契約はありません。',
    subscription: '契約',
    error: 'エラー',
    since: '発生',
    tries: '試行回数',
    again: '次の試行',
    release: '次回の実行で再試行',
    released: '次回の実行で{name}を再試行します。',
    dryTitle: '{job}：今実行した場合の結果',
    dryHint: '変更も送信も行われていません。',
    dryNothing: '今実行しても、対象はありません。',
    dryFirst: '対象：{count}件',
    happens: '起こること',
    back: 'ジョブ一覧',
    moment: '1秒未満',
    seconds: '{count}秒',
    minutes: '{count}分',
  },
} as const satisfies Record<Language, object>;
