/** What is wrong with the form of a CSV file: the sentences for `errors[].detail` of `malformed-csv`, in ICU MessageFormat. */
export const csvFaults = {
  'no-header': {
    en: 'The file is empty. The first line must hold the headings of the columns.',
    ja: 'ファイルが空です。1 行目に列の見出しを記載してください。',
  },
  archive: {
    en: 'This is an XLSX workbook or another ZIP archive, not a CSV file. Save the sheet as “CSV UTF-8 (comma delimited)” and send that.',
    ja: 'CSV ではなく、XLSX ブックまたは ZIP 形式のファイルです。シートを「CSV UTF-8（コンマ区切り）」で保存してから送信してください。',
  },
  compressed: {
    en: 'This file is compressed. Unpack it and send the CSV file itself.',
    ja: '圧縮されたファイルです。展開した CSV ファイルを送信してください。',
  },
  workbook: {
    en: 'This is an XLS workbook, not a CSV file. Save the sheet as “CSV UTF-8 (comma delimited)” and send that.',
    ja: 'CSV ではなく、XLS ブックです。シートを「CSV UTF-8（コンマ区切り）」で保存してから送信してください。',
  },
  'utf-16': {
    en: 'This file is in UTF-16. Save it as “CSV UTF-8 (comma delimited)” and send that.',
    ja: '文字コードが UTF-16 です。「CSV UTF-8（コンマ区切り）」で保存してから送信してください。',
  },
  'not-utf-8': {
    en: 'Character {character, number} of this line is not UTF-8. Save the file as “CSV UTF-8 (comma delimited)”; if it is in Shift_JIS (CP932), send it with encoding=cp932.',
    ja: 'この行の {character, number} 文字目が UTF-8 ではありません。「CSV UTF-8（コンマ区切り）」で保存してください。Shift_JIS（CP932）のファイルは encoding=cp932 を指定して送信してください。',
  },
  'not-cp932': {
    en: 'Character {character, number} of this line is not CP932 (Shift_JIS). If the file is in UTF-8, send it with encoding=utf-8.',
    ja: 'この行の {character, number} 文字目が CP932（Shift_JIS）ではありません。UTF-8 のファイルは encoding=utf-8 を指定して送信してください。',
  },
  'utf-8-not-cp932': {
    en: 'The file begins with the mark of UTF-8, but was said to be in CP932 (Shift_JIS). Send it with encoding=utf-8.',
    ja: 'CP932（Shift_JIS）と指定されていますが、ファイルの先頭に UTF-8 の BOM があります。encoding=utf-8 を指定して送信してください。',
  },
  bom: {
    en: 'Character {character, number} of this line is a byte order mark (U+FEFF), as when files are joined. Only the very beginning of the file may have one.',
    ja: 'この行の {character, number} 文字目に BOM（U+FEFF）があります。複数のファイルを結合していないかご確認ください。BOM を置けるのはファイルの先頭のみです。',
  },
  'control-character': {
    en: 'Character {character, number} of this line is the control character {code}, which is not allowed.',
    ja: 'この行の {character, number} 文字目に制御文字（{code}）があります。制御文字は使用できません。',
  },
  'carriage-return': {
    en: 'A carriage return stands alone. Lines must end with CR LF or LF.',
    ja: '単独の復帰文字（CR）があります。行末は CR LF または LF にしてください。',
  },
  'stray-quote': {
    en: 'A quotation mark stands within a value that does not begin with one. Put the whole value into quotation marks and double each one within.',
    ja: '引用符で始まっていない値の中に引用符があります。値全体を引用符で囲み、中の引用符は 2 つ重ねてください。',
  },
  'text-after-quote': {
    en: 'Text follows a closing quotation mark. A quotation mark within a value is written twice.',
    ja: '閉じ引用符の後に文字があります。値の中の引用符は 2 つ重ねてください。',
  },
  'quote-not-closed': {
    en: 'A quotation mark that opens here is not closed.',
    ja: 'ここで始まる引用符が閉じられていません。',
  },
  'record-too-long': {
    en: 'The record has more than {max, number} characters.',
    ja: '1 件の長さが {max, number} 文字を超えています。',
  },
  'other-separator': {
    en: 'The headings are separated by {separator, select, tab {tabs} other {semicolons}}. Save the file with commas between the values, and with points in decimals.',
    ja: '見出しが{separator, select, tab {タブ} other {セミコロン}}で区切られています。値をコンマで区切り、小数点をピリオドにして保存してください。',
  },
  'too-many-columns': {
    en: 'There are {found, number} columns; at most {max, number} can be read.',
    ja: '列が {found, number} 列あります。読み取れるのは {max, number} 列までです。',
  },
  'columns-differ': {
    en: '{found, plural, one {# value stands} other {# values stand}} in this record, but the headings are {expected, number}. A value that holds a comma needs quotation marks.',
    ja: '見出しは {expected, number} 列ですが、値が {found, number} 個あります。コンマを含む値は引用符で囲んでください。',
  },
  'heading-empty': {
    en: 'The column has no heading.',
    ja: '列の見出しがありません。',
  },
  'heading-unknown': {
    en: 'No column is known by the heading “{heading}”. Known are, among others: {known}.',
    ja: '見出し「{heading}」は使用できません。使用できる見出しの例：{known}。',
  },
  'heading-repeated': {
    en: 'The heading “{heading}” says the same as that of column {first, number}.',
    ja: '見出し「{heading}」は {first, number} 列目の見出しと重複しています。',
  },
  'heading-missing': {
    en: 'There is no column {heading}, nor was a value for the whole file given by a parameter.',
    ja: '{heading} の列がありません。ファイル全体に適用する値もパラメーターで指定されていません。',
  },
  'heading-missing-no-parameter': {
    en: 'There is no column {heading}.',
    ja: '{heading} の列がありません。',
  },
} satisfies Record<string, { en: string; ja: string }>;

export type CsvFaultCode = keyof typeof csvFaults;

/**
 * One fault of a file. `line` is where its record begins, `column` the number of the value in it; both count from 1, and
 * `column` is absent where the whole line is at fault.
 */
export interface CsvFault {
  line: number;
  column?: number;
  code: CsvFaultCode;
  params?: Record<string, string | number>;
}
