import type { Language } from '../../domain/language.js';

export const profileWords = {
  en: {
    title: 'Profile',

    settings: 'Settings',
    locale: 'Language',
    localeHint: 'Of the console and of mails to you.',
    noLocale: 'That of the browser; in mails, that of the customer',
    timeZone: 'Time zone',
    timeZoneHint: 'Of days and times in the console, and of the mornings on which mails leave.',
    houseZone: 'That of the house ({timeZone})',
    nudges: 'Mail me the Monday digest and requests to log time',
    shortcuts: 'Single keys are shortcuts in the console',
    save: 'Save settings',
    saved: 'Settings saved.',

    deputies: 'Deputies',
    deputiesIntro:
      'A deputy sees and does what you may, from the first to the last day in your time zone ({timeZone}). What is recorded names the deputy.',
    noDeputies: 'You have no deputy. Name one before you are away.',
    deputy: 'Deputy',
    from: 'From',
    to: 'To',
    addDeputy: 'Name deputy',
    removeDeputy: 'Remove',
    deputyAdded: '{name} is your deputy from {from} to {to}.',
    deputyRemoved: '{name} is no longer your deputy.',
    standIn: 'You stand in for others',
    standInLine: '{name}, from {from} to {to}',
    choose: 'Choose a CSM',
  },
  ja: {
    title: 'プロフィール',

    settings: '設定',
    locale: '言語',
    localeHint: 'コンソールと、あなた宛てのメールの言語です。',
    noLocale: 'ブラウザーの言語（メールは顧客の言語）',
    timeZone: 'タイムゾーン',
    timeZoneHint: 'コンソールの日時と、メールを送信する朝の基準です。',
    houseZone: '標準のタイムゾーン（{timeZone}）',
    nudges: '月曜日のまとめと、作業時間の記録をお願いするメールを受け取る',
    shortcuts: 'コンソールで、キー1つのショートカットを使う',
    save: '設定を保存',
    saved: '設定を保存しました。',

    deputies: '代理',
    deputiesIntro:
      '代理の方は、開始日から終了日まで（{timeZone}の日付）、あなたと同じ閲覧と操作ができます。記録には代理の方の名前が残ります。',
    noDeputies: '代理は登録されていません。不在になる前に登録してください。',
    deputy: '代理',
    from: '開始日',
    to: '終了日',
    addDeputy: '代理を登録',
    removeDeputy: '解除',
    deputyAdded: '{name}を{from}から{to}まで代理に登録しました。',
    deputyRemoved: '{name}の代理を解除しました。',
    standIn: '代理を務めているCSM',
    standInLine: '{name}（{from}～{to}）',
    choose: 'CSMを選択',
  },
} as const satisfies Record<Language, Record<string, string>>;
