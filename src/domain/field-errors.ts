/** What is wrong with a field of a body or query: the sentences for `errors[].detail`, in ICU MessageFormat. */
export const fieldErrors = {
  required: { en: 'is required', ja: '必須項目です' },
  unknown: { en: 'is not a field of this request', ja: 'このリクエストでは使用できない項目です' },
  'unknown-parameter': {
    en: 'is not a parameter of this address{count, plural, =0 {, which accepts none} other {; accepted parameters: {names}}}',
    ja: 'このアドレスでは使用できないパラメーターです（{count, plural, =0 {使用できるパラメーターはありません} other {使用できるパラメーター：{names}}}）',
  },
  'not-null': { en: 'must not be null', ja: 'null は指定できません' },
  object: { en: 'must be a JSON object', ja: 'JSON オブジェクトで指定してください' },
  array: { en: 'must be an array', ja: '配列で指定してください' },
  string: { en: 'must be a string', ja: '文字列で指定してください' },
  boolean: { en: 'must be true or false', ja: 'true または false で指定してください' },
  number: { en: 'must be a number', ja: '数値で指定してください' },
  integer: { en: 'must be a whole number', ja: '整数で指定してください' },
  min: { en: 'must be {min, number} or more', ja: '{min, number} 以上で指定してください' },
  max: { en: 'must be {max, number} or less', ja: '{max, number} 以下で指定してください' },
  'too-short': {
    en: 'must have at least {min, plural, one {# character} other {# characters}}',
    ja: '{min, number} 文字以上で指定してください',
  },
  'too-long': {
    en: 'must have at most {max, plural, one {# character} other {# characters}}',
    ja: '{max, number} 文字以内で指定してください',
  },
  blank: { en: 'must not be blank', ja: '空白のみの値は指定できません' },
  unprintable: {
    en: 'must not contain control characters (other than line feed and tab), NUL or lone surrogates',
    ja: '制御文字（改行とタブを除く）、NUL、対にならないサロゲートは使用できません',
  },
  'one-line': { en: 'must be on one line', ja: '改行を含めずに指定してください' },
  deceptive: {
    en: 'must not contain the invisible character {character}',
    ja: '目に見えない文字（{character}）は使用できません',
  },
  one: { en: 'must be one of: {values}', ja: '次のいずれかを指定してください：{values}' },
  format: { en: 'does not have the expected format', ja: '形式が正しくありません' },
  id: { en: 'must be a UUID', ja: 'UUID で指定してください' },
  email: {
    en: 'must be an e-mail address without a display name, with at most 254 characters and at most 64 before the @',
    ja: '254 文字以内（@ の前は 64 文字以内）のメールアドレスを表示名なしで指定してください',
  },
  'email-ascii': {
    en: 'must be an e-mail address in ASCII; write an international domain in its xn-- form, such as xn--wgv71a.example',
    ja: 'ASCII 文字のメールアドレスを指定してください。国際化ドメインは xn-- で始まる形式（例：xn--wgv71a.example）で指定してください',
  },
  day: {
    en: 'must be a calendar day written as YYYY-MM-DD, from 1900 to 2199',
    ja: '1900 年から 2199 年までの実在する日付を YYYY-MM-DD 形式で指定してください',
  },
  month: {
    en: 'must be a month written as YYYY-MM, from 1900 to 2199',
    ja: '1900 年から 2199 年までの月を YYYY-MM 形式で指定してください',
  },
  'other-month': {
    en: 'must be a day of {month}, the month in the path',
    ja: 'パスに指定した月（{month}）の日付を指定してください',
  },
  instant: {
    en: 'must be a date and time in RFC 3339 format, such as 2026-04-01T09:00:00Z',
    ja: 'RFC 3339 形式の日時で指定してください（例：2026-04-01T09:00:00Z）',
  },
  'day-or-instant': {
    en: 'must be a day written as YYYY-MM-DD, or a date and time in RFC 3339 format such as 2026-04-01T09:00:00Z',
    ja: '日付（YYYY-MM-DD）または RFC 3339 形式の日時で指定してください（例：2026-04-01T09:00:00Z）',
  },
  'not-before': {
    en: 'must not be before `{start}` ({value})',
    ja: '`{start}`（{value}）以降の値を指定してください',
  },
  'time-zone': {
    en: 'must be an IANA time zone such as Asia/Tokyo',
    ja: 'IANA のタイムゾーン名で指定してください（例：Asia/Tokyo）',
  },
  country: {
    en: 'must be a two-letter ISO 3166-1 country code such as JP',
    ja: 'ISO 3166-1 の 2 文字の国コードで指定してください（例：JP）',
  },
  currency: {
    en: 'must be a three-letter ISO 4217 currency code such as JPY',
    ja: 'ISO 4217 の 3 文字の通貨コードで指定してください（例：JPY）',
  },
  amount: {
    en: 'must be an amount above 0 and below 10,000,000,000, such as "123.45": digits and a decimal point only',
    ja: '0 より大きく 10,000,000,000 未満の金額を、桁区切りを含めず半角数字で指定してください（例："123.45"）',
  },
  'amount-decimals': {
    en: 'must have {decimals, plural, =0 {no decimal places in {currency}} one {at most # decimal place in {currency}} other {at most # decimal places in {currency}}}',
    ja: '{decimals, plural, =0 {{currency} の金額は小数点以下を含めずに指定してください} other {{currency} の金額は小数点以下 # 桁以内で指定してください}}',
  },
  'no-recipient': {
    en: 'must have at least one address, unless recipientRoles names a role',
    ja: '宛先を 1 件以上指定してください（recipientRoles でロールを指定する場合は省略できます）',
  },
  'too-few': {
    en: 'must have at least {min, plural, one {# element} other {# elements}}',
    ja: '{min, number} 件以上で指定してください',
  },
  'too-many': {
    en: 'must have at most {max, plural, one {# element} other {# elements}}',
    ja: '{max, number} 件以内で指定してください',
  },
  repeated: { en: 'must not contain the same element twice', ja: '同じ要素を重複して指定することはできません' },
  once: { en: 'must be given only once', ja: '一度だけ指定してください' },
  cursor: { en: 'is not a cursor of this list', ja: 'この一覧が発行したカーソルではありません' },
  json: { en: 'must be JSON in UTF-8', ja: 'UTF-8 の正しい JSON で指定してください' },
  'too-deep': {
    en: 'must not be nested deeper than {max, number} levels',
    ja: '入れ子は {max, number} 段以内にしてください',
  },
  'unicode-only': { en: 'is allowed only for files in UTF-8', ja: 'UTF-8 のファイルの場合にのみ指定できます' },
  'onsite-only': { en: 'is allowed only for onsite work', ja: '訪問支援の場合にのみ指定できます' },
  duration: {
    en: 'must be an amount of time, such as 1:30, 90m or 1.5h',
    ja: '時間は 1:30、90分、1.5h のように指定してください',
  },
  'duration-ambiguous': {
    en: 'can mean hours or minutes: write {number, number}h or {number, number}m',
    ja: '時間か分かを判別できません。{number, number}h または {number, number}m のように指定してください',
  },
  'idempotency-key': {
    en: 'must have 1 to 255 visible ASCII characters',
    ja: '表示可能な ASCII 文字 1～255 文字で指定してください',
  },
} satisfies Record<string, { en: string; ja: string }>;

export type FieldErrorCode = keyof typeof fieldErrors;

/** One wrong field of a request; `pointer` is a JSON Pointer into the body, or `/name` for a query parameter. */
export interface FieldError {
  pointer: string;
  code: FieldErrorCode;
  params?: Record<string, string | number>;
}
