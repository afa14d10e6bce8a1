/** The texts of the command, in the languages of the service. */

export type CommandLanguage = 'en' | 'ja';

const n = (number: number): string => number.toLocaleString('en-US');
const counted = (number: number, one: string, many = `${one}s`): string => `${n(number)} ${number === 1 ? one : many}`;

/** `1 h 30 min`; `45 min`; `0 min`. */
function duration(minutes: number, [hour, minute]: readonly [string, string]): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  const parts = [hours > 0 && `${n(hours)} ${hour}`, (rest > 0 || hours === 0) && `${rest} ${minute}`];
  return parts.filter(Boolean).join(' ');
}

const durationEn = (minutes: number): string => duration(minutes, ['h', 'min']);
const durationJa = (minutes: number): string => duration(minutes, ['時間', '分']);

const en = {
  help: `npm run import -- FILE.csv [options]

Sends a CSV file of hours to the service. The service first checks the form of the whole file. Then the rules judge each
row like a single entry. Rows that were booked before are not booked again, so a file can be sent again.

  --dry-run             Show the result, and book nothing.
  --atomic              All rows or none (up to 10,000 rows).
  --map NAME            The file is an export of kimai, toggl, harvest, clockify or solidtime (default: found by its headings).
  --encoding NAME       utf-8, cp932 or windows-1252 (default: utf-8).
  --delimiter NAME      comma, semicolon or tab (default: found by the headings).
  --durations UNIT      Unit of durations that are whole numbers: hours, minutes or seconds (default: found in the file).
  --decimal MARK        Decimal mark of durations: point or comma (default: found in the file).
  --dates ORDER         Order of dates: ymd, dmy or mdy (default: found in the file).
  --duplicates book     Book every row, even if an equal entry exists.
  --subscription-id ID, --customer NAME, --consultant NAME, --product-line CODE,
  --activity CODE, --delivery CODE, --summary TEXT
                        A value for rows that have none. In an export of another program, it applies to every row.
  --refused FILE        Where to write the refused rows with their reasons (default: FILE.refused.csv).
  --url URL             The address of the service (default: PUBLIC_URL, else http://localhost:3000).
  --token-file FILE     A file with the token (default: environment variable TRM_TOKEN, else ADMIN_TOKEN).
  --language en|ja      The language of the output (default: the language of the terminal).
  --help                Show this page.

Exit code: 0 if all rows were accepted, 1 if something was refused, 2 if the request failed.
`,
  sending: (percent: number, megabytes: string) => `${percent} % of ${megabytes} MB sent`,
  booking: (seconds: number) => `File sent; the service is booking the rows (${seconds} s)`,

  fileNotNamed: 'Name the file: npm run import -- FILE.csv (--help shows all options).',
  severalFiles: 'Name one file at a time.',
  languageUnknown: (language: string) => `The language "${language}" does not exist. Use en or ja.`,
  optionUnknown: (message: string) => `${message.split('. ')[0]}. (--help shows all options.)`,
  addressInvalid: (url: string) => `"${url}" is not a valid address. Use http://… or https://…`,
  noToken: 'There is no token. Name a file that holds it with --token-file, or set the environment variable TRM_TOKEN.',
  tokenUnreadable: 'The token has characters that are not allowed in a token. Check that this is the right file.',
  fileMissing: (path: string) => `The file ${path} does not exist.`,
  fileUnreadable: (path: string, reason: string) => `${path} cannot be read (${reason}).`,
  notWritten: (path: string, reason: string) => `The refused rows could not be written to ${path} (${reason}).`,
  noAnswer: (origin: string, reason: string) =>
    `No answer from ${origin} (${reason}). Check that the service is running and that its address is right, then send the file again. Booked rows are not booked twice.`,
  notTheService: (address: string, status: number) =>
    `The answer from ${address} is not from this service, or a server on the way changed it (HTTP ${status}).`,
  tokenUnknown: 'The token is unknown to the service, or has expired.',
  notPermitted: 'The user of this token may not log hours.',

  dryRun: 'Dry run: nothing was booked. A real run would have this result.',
  outcome: ({ rows, accepted, refused, minutes }: CommandCounts) =>
    `${counted(rows, 'row')}: ${n(accepted)} accepted with ${durationEn(minutes)}, ${n(refused)} refused.`,
  nothingBooked: 'No row was booked, because some rows were refused and --atomic was set.',
  present: (number: number) =>
    number === 1
      ? '1 row was booked before and is not booked again.'
      : `${n(number)} rows were booked before and are not booked again.`,
  stateByOption: 'Where a message asks for name=value, use the option --name value of this command.',
  line: (line: number, detail: string) => `Line ${n(line)}: ${detail}`,
  place: (line: number, column: number) => `Line ${n(line)}, column ${n(column)}: `,
  largest: (minutes: number) => `The largest acceptable value is ${durationEn(minutes)} (${minutes} minutes).`,
  andMore: (number: number) => `… and ${n(number)} more.`,
  reasonHeading: 'refusedBecause',
  betweenReasons: ' ',
  refusedRowsWritten: (number: number, path: string) =>
    number === 1
      ? `The refused row is in ${path}, with its reason.`
      : `The ${n(number)} refused rows are in ${path}, with their reasons.`,
  firstRefusedRowsWritten: (number: number, omitted: number, path: string) =>
    `The first ${n(number)} refused rows are in ${path}, with their reasons; ${n(omitted)} more were refused. If the cause lies in the service, correct it there and send the file again.`,
  correctAndSendAgain:
    'Correct these rows in the file that you sent, and send the whole file again with the same options. No row is booked twice.',
  correctRefusedFile:
    'Correct the rows in that file and send only that file, with the same options. With --duplicates book, the service books every row that you send.',
  correctBeforeSending:
    'Nothing is booked yet. Correct the refused rows in your file, and send the whole file without --dry-run.',
  sendForReal: 'Nothing is booked yet. Send the file without --dry-run to book the accepted rows.',
};

export interface CommandCounts {
  rows: number;
  accepted: number;
  refused: number;
  minutes: number;
}

export type CommandWords = typeof en;

const ja: CommandWords = {
  help: `npm run import -- FILE.csv [オプション]

作業記録の CSV ファイルをサービスに取り込みます。最初にファイル全体の形式を確認し、その後、各行を 1 件ずつ登録する場合と
同じルールで判定します。登録済みの行が再度登録されることはないため、同じファイルを何度でも送信できます。

  --dry-run             結果のみを表示し、何も登録しません。
  --atomic              全行を取り込むか、1 行も取り込まないかのいずれかとします（10,000 行まで）。
  --map NAME            kimai、toggl、harvest、clockify、solidtime のいずれかのエクスポートとして読みます（省略時は見出し
                        から判断します）。
  --encoding NAME       utf-8、cp932、windows-1252 のいずれか（省略時は utf-8）。
  --delimiter NAME      区切り文字。comma、semicolon、tab のいずれか（省略時は見出しから判断します）。
  --durations UNIT      作業時間の整数の単位。hours、minutes、seconds のいずれか（省略時はファイルから判断します）。
  --decimal MARK        時間の小数点。point または comma（省略時はファイルから判断します）。
  --dates ORDER         日付の順序。ymd、dmy、mdy のいずれか（省略時はファイルから判断します）。
  --duplicates book     登録済みの行も含め、すべての行を登録します。
  --subscription-id ID, --customer NAME, --consultant NAME, --product-line CODE,
  --activity CODE, --delivery CODE, --summary TEXT
                        ファイル全体に適用する値。行に値がない場合に使い、他のプログラムのエクスポートでは全行に使います。
  --refused FILE        取り込めなかった行を理由とともに書き出すファイル（省略時は FILE.refused.csv）。
  --url URL             サービスのアドレス（省略時は PUBLIC_URL、なければ http://localhost:3000）。
  --token-file FILE     トークンを記載したファイル（省略時は環境変数 TRM_TOKEN、なければ ADMIN_TOKEN）。
  --language en|ja      表示に使う言語（省略時は端末の言語）。
  --help                このページを表示します。

終了コードは、全行を取り込んだ場合 0、取り込めない行があった場合 1、サービスへの要求が失敗した場合 2 です。
`,
  sending: (percent, megabytes) => `${megabytes} MB のうち ${percent} % を送信しました`,
  booking: (seconds) => `送信が完了しました。サービスが行を処理しています（${seconds} 秒）`,

  fileNotNamed: 'ファイルを指定してください：npm run import -- FILE.csv（オプションの一覧は --help）',
  severalFiles: '指定できるファイルは 1 つです。',
  languageUnknown: (language) => `言語「${language}」は使用できません。en または ja を指定してください。`,
  optionUnknown: (message) =>
    `オプションが正しくありません（${message.split('. ')[0]}）。一覧は --help で表示できます。`,
  addressInvalid: (url) =>
    `「${url}」はサービスのアドレスではありません。http://… または https://… の形式で指定してください。`,
  noToken:
    'トークンがありません。トークンを記載したファイルを --token-file で指定するか、環境変数 TRM_TOKEN に設定してください。',
  tokenUnreadable: 'トークンに使用できない文字が含まれています。ファイルが正しいかご確認ください。',
  fileMissing: (path) => `ファイル ${path} がありません。`,
  fileUnreadable: (path, reason) => `${path} を読み取れません（${reason}）。`,
  notWritten: (path, reason) => `取り込めなかった行を ${path} に書き出せませんでした（${reason}）。`,
  noAnswer: (origin, reason) =>
    `${origin} から応答がありません（${reason}）。サービスが稼働しているか、アドレスが正しいかをご確認のうえ、ファイルを再度送信してください。登録済みの行が二重に登録されることはありません。`,
  notTheService: (address, status) =>
    `${address} の応答はこのサービスのものではないか、途中に別のサーバーがあります（HTTP ${status}）。`,
  tokenUnknown: 'トークンが正しくないか、有効期限が切れています。',
  notPermitted: 'このトークンのユーザーには、作業記録を登録する権限がありません。',

  dryRun: '試行のみで、何も登録していません。実行した場合の結果は次のとおりです。',
  outcome: ({ rows, accepted, refused, minutes }) =>
    `${n(rows)} 行のうち ${n(accepted)} 行（${durationJa(minutes)}）を受け付け、${n(refused)} 行を取り込めませんでした。`,
  nothingBooked: '取り込めない行があるため、一括取り込みの指定により、1 行も取り込んでいません。',
  present: (number) => `${n(number)} 行はすでに登録されているため、再度は登録しません。`,
  stateByOption: '「名前=値」の指定は、このコマンドでは「--名前 値」のオプションで行います。',
  line: (line, detail) => `${n(line)} 行目：${detail}`,
  place: (line, column) => `${n(line)} 行目、${n(column)} 列目：`,
  largest: (minutes) => `受け付けられる最大値は ${durationJa(minutes)}（${minutes} 分）です。`,
  andMore: (number) => `… ほか ${n(number)} 件`,
  reasonHeading: '取り込めなかった理由',
  betweenReasons: '',
  refusedRowsWritten: (number, path) => `取り込めなかった ${n(number)} 行を、理由とともに ${path} に書き出しました。`,
  firstRefusedRowsWritten: (number, omitted, path) =>
    `取り込めなかった行のうち最初の ${n(number)} 行を、理由とともに ${path} に書き出しました。このほかに ${n(omitted)} 行あります。原因がサービス側の設定にある場合は、修正してからファイルを再度送信してください。`,
  correctAndSendAgain:
    '送信したファイルの該当する行を修正し、同じオプションでファイル全体を再度送信してください。登録済みの行が二重に登録されることはありません。',
  correctRefusedFile:
    '書き出したファイルを修正し、同じオプションでそのファイルだけを送信してください。--duplicates book では、送信した行がすべて登録されます。',
  correctBeforeSending:
    'まだ何も登録されていません。ファイルの取り込めない行を修正し、--dry-run を付けずにファイル全体を送信してください。',
  sendForReal: 'まだ何も登録されていません。登録するには、--dry-run を付けずにファイルを送信してください。',
};

export const words: Readonly<Record<CommandLanguage, CommandWords>> = { en, ja };
