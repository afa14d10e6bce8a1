import type { Language } from '../../domain/language.js';
import type { DraftField, FieldSource, NameQuestion } from '../../domain/quick-entry-draft.js';
import type { QuestionReason } from '../../domain/quick-entry.js';

export interface QuickEntryWords {
  title: string;
  line: string;
  example: string;
  hint: string;
  read: string;
  close: string;
  fields: Record<DraftField, string>;
  /** The choice of nothing. */
  empty: Partial<Record<DraftField, string>>;
  sources: Record<FieldSource, string>;
  /** The source of the usual day. */
  today: string;
  needed: string;
  questions: Record<QuestionReason, string>;
  hoursOrMinutes: string;
  minutes: string;
  hours: string;
  theDay: string;
  names: Record<`${NameQuestion['about']} ${NameQuestion['fits']}`, string>;
  after: string;
  ofGranted: string;
  toComplete: string;
  save: string;
  instead: string;
  logged: string;
  undo: string;
  undone: string;
  undoReason: string;
}

export const quickEntryWords: Record<Language, QuickEntryWords> = {
  en: {
    title: 'Log time',
    line: 'What was done',
    example: 'acme 1:30 @suzuki #db health-check "Index review" yesterday ^CASE-123',
    hint: 'Customer, duration, @consultant, #product line, activity, "summary", day, onsite, ^reference, !severity – in any order.',
    read: 'Read the line',
    close: 'Close',
    fields: {
      subscriptionId: 'Subscription',
      workDate: 'Day',
      minutes: 'Duration',
      consultantId: 'Consultant',
      productLineId: 'Product line',
      activity: 'Activity',
      delivery: 'Delivery',
      visitId: 'Visit',
      summary: 'Summary',
      reference: 'Reference',
      severity: 'Severity',
    },
    empty: {
      subscriptionId: 'Type a part of the name',
      consultantId: 'Choose',
      productLineId: 'Choose',
      activity: 'Choose',
      visitId: 'Choose',
      severity: 'None',
    },
    sources: {
      line: 'from the line',
      reader: 'set by you',
      only: 'only one',
      'last-entry': 'as last time',
      usual: 'as usual',
    },
    today: 'today',
    needed: 'needed',
    questions: {
      'bare-number': 'What does “{text}” mean?',
      thousands: 'What does “{text}” mean?',
      'day-order': 'Which day is “{text}”?',
      'no-such-day': 'There is no day “{text}”. Choose the day in its field.',
      several: 'The line has several values for one field. Which one is right?',
      'which-activity': 'Which activity is “{text}”?',
      'which-severity': 'Which severity, from 1 (highest) to 4?',
    },
    hoursOrMinutes: 'Hours or minutes?',
    minutes: '{count, plural, one {# minute} other {# minutes}}',
    hours: '{count, plural, one {# hour} other {# hours}}',
    theDay: 'the day: {day}',
    names: {
      'subscriptionId several': '“{text}” fits several subscriptions. Which one?',
      'subscriptionId none': 'No subscription of yours has “{text}” in its customer’s name, code or contract number.',
      'consultantId several': '“{text}” fits several consultants. Which one?',
      'consultantId none': 'No consultant of this subscription is called “{text}”. Who worked?',
      'productLineId several': '“{text}” fits several product lines. Which one?',
      'productLineId none': 'This subscription has no product line “{text}”. Which one?',
      'visitId several': 'Several visits cover {text}. Which one?',
      'visitId none': 'No visit of this consultant covers {text}. Onsite work needs a visit.',
    },
    after: 'left after this',
    ofGranted: 'of {granted}',
    toComplete: 'Still needed: {fields}',
    save: 'Log time',
    instead: 'Log {amount} instead',
    logged: 'Logged {amount} for {customer} on {day}. {left} left.',
    undo: 'Undo',
    undone: 'Taken back: {amount} on {day}.',
    undoReason: 'Taken back right after it was logged',
  },
  ja: {
    title: '時間を記録',
    line: '作業内容',
    example: 'アクメ 1時間30分 @鈴木 #DB ヘルスチェック 「索引の見直し」 昨日 ^CASE-123',
    hint: 'お客様、時間、@コンサルタント、#製品ライン、作業内容、「概要」、日付、訪問、^参照番号、!重要度。順序は自由です。',
    read: '読み取る',
    close: '閉じる',
    fields: {
      subscriptionId: 'サブスクリプション',
      workDate: '作業日',
      minutes: '時間',
      consultantId: 'コンサルタント',
      productLineId: '製品ライン',
      activity: '作業内容',
      delivery: '提供形態',
      visitId: '訪問',
      summary: '作業概要',
      reference: '参照番号',
      severity: '重要度',
    },
    empty: {
      subscriptionId: '名前の一部を入力',
      consultantId: '選択してください',
      productLineId: '選択してください',
      activity: '選択してください',
      visitId: '選択してください',
      severity: 'なし',
    },
    sources: {
      line: '入力から',
      reader: '選択済み',
      only: '候補は1つ',
      'last-entry': '前回と同じ',
      usual: '通常の値',
    },
    today: '今日',
    needed: '必須',
    questions: {
      'bare-number': '「{text}」は何を表しますか。',
      thousands: '「{text}」は何を表しますか。',
      'day-order': '「{text}」はどの日ですか。',
      'no-such-day': '「{text}」という日付は存在しません。作業日の欄で選択してください。',
      several: '同じ項目に複数の値があります。どれが正しいですか。',
      'which-activity': '「{text}」はどの作業内容ですか。',
      'which-severity': '重要度は1（最高）から4のどれですか。',
    },
    hoursOrMinutes: '時間と分のどちらですか。',
    minutes: '{count}分',
    hours: '{count}時間',
    theDay: '日付：{day}',
    names: {
      'subscriptionId several': '「{text}」に当てはまるサブスクリプションが複数あります。どれですか。',
      'subscriptionId none': 'お客様の名前、コード、契約番号に「{text}」を含む担当サブスクリプションはありません。',
      'consultantId several': '「{text}」に当てはまるコンサルタントが複数います。どなたですか。',
      'consultantId none': 'このサブスクリプションに「{text}」というコンサルタントはいません。どなたの作業ですか。',
      'productLineId several': '「{text}」に当てはまる製品ラインが複数あります。どれですか。',
      'productLineId none': 'このサブスクリプションに「{text}」という製品ラインはありません。どれですか。',
      'visitId several': '{text} を含む訪問が複数あります。どれですか。',
      'visitId none': '{text} を含む、このコンサルタントの訪問がありません。訪問での作業には訪問の登録が必要です。',
    },
    after: 'この記録後の残り',
    ofGranted: '全{granted}のうち',
    toComplete: '未入力：{fields}',
    save: '時間を記録',
    instead: '{amount}で記録',
    logged: '{customer}の{day}の作業として{amount}を記録しました。残り{left}です。',
    undo: '元に戻す',
    undone: '{day}の{amount}の記録を取り消しました。',
    undoReason: '記録の直後に取り消し',
  },
};

/** What stands between the names of several fields. */
export const listSeparator: Record<Language, string> = { en: ', ', ja: '、' };

export const packageNames: Record<Language, Readonly<Record<string, string>>> = {
  en: { basic: 'Basic', premier: 'Premier', enterprise: 'Enterprise', dedicated: 'Dedicated' },
  ja: { basic: 'ベーシック', premier: 'プレミア', enterprise: 'エンタープライズ', dedicated: 'デディケイテッド' },
};
