/** Format errors of a CSV file: the sentences for `errors[].detail` of `malformed-csv`, in ICU MessageFormat. */
export const csvFaults = {
  'no-header': {
    en: 'The file is empty. The first line must contain the column headings.',
    ja: 'ファイルが空です。1 行目に列の見出しを記載してください。',
  },
  archive: {
    en: 'This is an XLSX workbook or another ZIP archive, not a CSV file. Save the sheet as “CSV UTF-8 (comma delimited)” and send that file.',
    ja: 'CSV ではなく、XLSX ブックまたは ZIP 形式のファイルです。シートを「CSV UTF-8（コンマ区切り）」で保存してから送信してください。',
  },
  compressed: {
    en: 'This file is compressed. Unpack it and send the CSV file itself.',
    ja: '圧縮されたファイルです。展開した CSV ファイルを送信してください。',
  },
  workbook: {
    en: 'This is an XLS workbook, not a CSV file. Save the sheet as “CSV UTF-8 (comma delimited)” and send that file.',
    ja: 'CSV ではなく、XLS ブックです。シートを「CSV UTF-8（コンマ区切り）」で保存してから送信してください。',
  },
  'utf-16': {
    en: 'This file is in UTF-16. Save it as “CSV UTF-8 (comma delimited)” and send that file.',
    ja: '文字コードが UTF-16 です。「CSV UTF-8（コンマ区切り）」で保存してから送信してください。',
  },
  'not-utf-8': {
    en: 'Character {character, number} of this line is not valid UTF-8. Save the file as “CSV UTF-8 (comma delimited)”, or name its encoding: encoding=cp932 for Shift_JIS (CP932), encoding=windows-1252 for Windows-1252 (Western European).',
    ja: 'この行の {character, number} 文字目が UTF-8 ではありません。「CSV UTF-8（コンマ区切り）」で保存してください。Shift_JIS（CP932）のファイルは encoding=cp932 を、Windows-1252（西欧）のファイルは encoding=windows-1252 を指定して送信してください。',
  },
  'not-cp932': {
    en: 'Character {character, number} of this line is not valid CP932 (Shift_JIS). If the file is in UTF-8, send it with encoding=utf-8.',
    ja: 'この行の {character, number} 文字目が CP932（Shift_JIS）ではありません。UTF-8 のファイルは encoding=utf-8 を指定して送信してください。',
  },
  'utf-8-not-cp932': {
    en: 'The request names CP932 (Shift_JIS), but the file begins with the byte order mark of UTF-8. Send it with encoding=utf-8.',
    ja: 'CP932（Shift_JIS）と指定されていますが、ファイルの先頭に UTF-8 の BOM があります。encoding=utf-8 を指定して送信してください。',
  },
  'not-windows-1252': {
    en: 'Character {character, number} of this line is not valid Windows-1252. If the file is in UTF-8, send it with encoding=utf-8.',
    ja: 'この行の {character, number} 文字目が Windows-1252 ではありません。UTF-8 のファイルは encoding=utf-8 を指定して送信してください。',
  },
  'utf-8-not-windows-1252': {
    en: 'The request names Windows-1252, but the file begins with the byte order mark of UTF-8. Send it with encoding=utf-8.',
    ja: 'Windows-1252 と指定されていますが、ファイルの先頭に UTF-8 の BOM があります。encoding=utf-8 を指定して送信してください。',
  },
  bom: {
    en: 'Character {character, number} of this line is a byte order mark (U+FEFF), which is allowed only at the start of the file. Check whether several files were joined.',
    ja: 'この行の {character, number} 文字目に BOM（U+FEFF）があります。複数のファイルを結合していないかご確認ください。BOM を置けるのはファイルの先頭のみです。',
  },
  'control-character': {
    en: 'Character {character, number} of this line is the control character {code}, which is not allowed.',
    ja: 'この行の {character, number} 文字目に制御文字（{code}）があります。制御文字は使用できません。',
  },
  'carriage-return': {
    en: 'A carriage return (CR) has no line feed (LF) after it. Lines must end with CR LF or LF.',
    ja: '単独の復帰文字（CR）があります。行末は CR LF または LF にしてください。',
  },
  'stray-quote': {
    en: 'A value contains a quotation mark but does not begin with one. Put the whole value into quotation marks, and double each quotation mark within it.',
    ja: '引用符で始まっていない値の中に引用符があります。値全体を引用符で囲み、中の引用符は 2 つ重ねてください。',
  },
  'text-after-quote': {
    en: 'Text follows a closing quotation mark. Double each quotation mark within a value.',
    ja: '閉じ引用符の後に文字があります。値の中の引用符は 2 つ重ねてください。',
  },
  'quote-not-closed': {
    en: 'The quotation mark that opens here is never closed.',
    ja: 'ここで始まる引用符が閉じられていません。',
  },
  'record-too-long': {
    en: 'The record has more than {max, number} characters.',
    ja: '1 件の長さが {max, number} 文字を超えています。',
  },
  'other-separator': {
    en: 'The headings are separated by {separator, select, tab {tabs} comma {commas} other {semicolons}}, but the request names another delimiter. Send delimiter={separator}, or omit delimiter.',
    ja: '見出しは{separator, select, tab {タブ} comma {コンマ} other {セミコロン}}で区切られていますが、別の区切り文字が指定されています。delimiter={separator} を指定するか、指定を省略してください。',
  },
  'delimiter-unclear': {
    en: 'The first line does not show whether commas, semicolons or tabs separate the values. Send delimiter=comma, delimiter=semicolon or delimiter=tab.',
    ja: '1 行目からは、値の区切りがコンマ、セミコロン、タブのいずれであるかを判断できません。delimiter=comma、delimiter=semicolon、delimiter=tab のいずれかを指定してください。',
  },
  'durations-unclear': {
    en: 'The column {heading} has whole numbers such as “{value}”, and the file does not show whether they are hours, minutes or seconds. Send durations=hours, durations=minutes or durations=seconds.',
    ja: '{heading} に「{value}」のような整数がありますが、時間、分、秒のいずれであるかをファイルから判断できません。durations=hours、durations=minutes、durations=seconds のいずれかを指定してください。',
  },
  'durations-contradicted': {
    en: 'The column {heading} contains hours, but durations names another unit. Omit durations, or send durations=hours.',
    ja: '{heading} の値は時間単位ですが、durations に別の単位が指定されています。指定を省略するか、durations=hours を指定してください。',
  },
  'decimal-unclear': {
    en: 'The column {heading} has “{value}”, and the file does not show whether the comma is a decimal mark. Send decimal=comma if it is, or decimal=point if such values are mistakes.',
    ja: '{heading} に「{value}」がありますが、コンマが小数点であるかどうかをファイルから判断できません。小数点であれば decimal=comma を、誤りであれば decimal=point を指定してください。',
  },
  'dates-unclear': {
    en: 'The column {heading} has “{value}”, which can be read as two different days, and the file does not show which is meant. Send dates=dmy (the day first) or dates=mdy (the month first).',
    ja: '{heading} の「{value}」は 2 通りの日付に読め、どちらであるかをファイルから判断できません。dates=dmy（日が先）または dates=mdy（月が先）を指定してください。',
  },
  'too-many-columns': {
    en: 'The file has {found, number} columns; at most {max, number} are allowed.',
    ja: '列が {found, number} 列あります。読み取れるのは {max, number} 列までです。',
  },
  'columns-differ': {
    en: 'This record has {found, plural, one {# value} other {# values}}, but the file has {expected, plural, one {# heading} other {# headings}}. Put a value that contains the delimiter into quotation marks.',
    ja: '見出しが {expected, number} 個であるのに対し、値が {found, number} 個あります。区切り文字を含む値は引用符で囲んでください。',
  },
  'heading-empty': {
    en: 'The column has no heading.',
    ja: '列の見出しがありません。',
  },
  'heading-unknown': {
    en: '{count, plural, one {The heading “{headings}” is} other {The headings “{headings}” are}} not known. Known headings include: {known}. Exports of {programs} are recognised by their headings, or named with map={maps}.',
    ja: '見出し「{headings}」は使用できません。使用できる見出しの例：{known}。{programs} からエクスポートしたファイルは、見出しから自動的に判別されます（map={maps} で指定することもできます）。',
  },
  'heading-repeated': {
    en: 'The heading “{heading}” has the same meaning as the heading of column {first, number}.',
    ja: '見出し「{heading}」は {first, number} 列目の見出しと重複しています。',
  },
  'heading-missing': {
    en: 'There is no column {heading}, and no parameter gives a value for the whole file.',
    ja: '{heading} の列がありません。ファイル全体に適用する値もパラメーターで指定されていません。',
  },
  'heading-missing-no-parameter': {
    en: 'There is no column {heading}.',
    ja: '{heading} の列がありません。',
  },
} satisfies Record<string, { en: string; ja: string }>;

export type CsvFaultCode = keyof typeof csvFaults;

/**
 * One format error of a file. `line` is the first line of its record, and `column` is the number of the value in the record.
 * Both count from 1. Without `column`, the whole line is wrong.
 */
export interface CsvFault {
  line: number;
  column?: number;
  code: CsvFaultCode;
  params?: Record<string, string | number>;
}
