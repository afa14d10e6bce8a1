import type { Language } from '../../domain/language.js';

/** The conformance statement. Each section is a heading with its paragraphs or points. */
export interface StatementSection {
  heading: string;
  paragraphs?: readonly string[];
  points?: readonly string[];
}

interface StatementWords {
  title: string;
  back: string;
  sections: readonly StatementSection[];
  contactHeading: string;
  contact: string;
  withoutContact: string;
}

export const accessibilityWords: Readonly<Record<Language, StatementWords>> = {
  en: {
    title: 'Accessibility',
    back: 'Go to the console',
    sections: [
      {
        heading: 'Conformance',
        paragraphs: [
          'The pages are built for the Web Content Accessibility Guidelines (WCAG) 2.2, level AA. They conform to it in part. We know of no page that fails a criterion of level A or AA, but not all criteria were assessed by people with disabilities or with assistive technology.',
          'This is a self-assessment of 30 November 2026. It is renewed with each release that changes the pages.',
        ],
      },
      {
        heading: 'What the statement covers',
        points: [
          'The console: all pages under /console, for customers, Customer Success Managers, finance and administrators, with signing in.',
          'The personal page for declining a renewal, the page of a report link, and the pages that explain problems.',
          'It does not cover the documentation of the REST interface at /docs, the reports as files (CSV, XLSX) and the mails.',
        ],
      },
      {
        heading: 'How it was tested',
        points: [
          'By machine, with each change of the service: axe-core in Chromium examines the pages in English and Japanese, in the light and the dark theme, on a desktop (1,280 pixels), a phone (390 pixels) and the narrowest screen (320 pixels, which equals 400 % zoom).',
          'By machine: no page scrolls sideways on these screens, and the main tasks are carried out in Chromium, among them with the keyboard alone and without JavaScript.',
          'By eye: screenshots of the pages in both languages and both themes.',
        ],
      },
      {
        heading: 'How the pages are made',
        points: [
          'They rely on HTML, CSS and SVG. JavaScript saves time but is not needed to read a page, to log an entry or to give a notice.',
          'Each chart has a text or a table with the same content. No colour carries information alone.',
          'Single letters are shortcuts only where the profile allows them, and can be switched off there. Whatever a key does, a link or a button does as well.',
          'Nothing moves if the system asks for reduced motion. A file that can be dropped on a page can also be chosen with a button.',
          'The PDF statements are tagged and name their language.',
        ],
      },
      {
        heading: 'Known gaps',
        points: [
          'The pages were not tested with screen readers, voice control or screen magnifiers.',
          'They were tested in Chromium only, not in Firefox or Safari.',
          'Names, summaries and notes are shown as somebody typed them. They may be in another language than the page, and a screen reader may then pronounce them wrongly.',
          'The PDF statements were not checked against PDF/UA.',
        ],
      },
    ],
    contactHeading: 'If something keeps you from using a page',
    contact:
      'Please write to us. Say which page it is and what you use. We answer, and in the meantime we give you the information in another way:',
    withoutContact:
      'Please write to your Customer Success Manager. Say which page it is and what you use. We answer, and in the meantime we give you the information in another way.',
  },
  ja: {
    title: 'アクセシビリティ',
    back: 'コンソールへ',
    sections: [
      {
        heading: '適合状況',
        paragraphs: [
          '本サービスのページは、Web Content Accessibility Guidelines（WCAG）2.2 のレベル AA を目標に作成しており、これに部分的に適合しています。レベル A または AA の達成基準を満たさないページは確認されていませんが、障害のある方や支援技術による評価を、すべての達成基準について行ったわけではありません。',
          '本方針は、2026年11月30日時点の自己評価によるものです。ページを変更するリリースのたびに見直します。',
        ],
      },
      {
        heading: '対象範囲',
        points: [
          'コンソール：/console 以下のすべてのページ（お客様用、CSM用、経理用、管理者用、サインインを含む）',
          '更新しない旨を通知する専用ページ、レポートのリンク先のページ、エラーを説明するページ',
          '次のものは対象外です：REST インターフェースのドキュメント（/docs）、ファイル形式のレポート（CSV、XLSX）、メール',
        ],
      },
      {
        heading: '試験方法',
        points: [
          '自動試験（サービスの変更のたびに実施）：Chromium 上の axe-core により、日本語・英語、ライト・ダークの各テーマ、デスクトップ（1,280 ピクセル）、スマートフォン（390 ピクセル）、最も狭い画面（320 ピクセル、400 % の拡大に相当）で検査しています。',
          '自動試験：これらの画面で横スクロールが生じないことを確認し、主な操作を Chromium で実行しています。キーボードのみの操作、JavaScript を無効にした操作も含みます。',
          '目視：両言語、両テーマの画面を確認しています。',
        ],
      },
      {
        heading: 'ページの作り',
        points: [
          'HTML、CSS、SVG に依存しています。JavaScript は操作を速くするために使用しますが、ページの閲覧、時間の記録、更新しない旨の通知には不要です。',
          'グラフには、同じ内容の文章または表を添えています。色だけで情報を伝えることはありません。',
          '1 文字のショートカットキーは、プロフィールで有効にした場合にのみ働き、無効にできます。キーで行える操作は、リンクやボタンでも行えます。',
          '動きを減らす設定の場合、画面上のものは動きません。ドロップできるファイルは、ボタンから選択することもできます。',
          'PDF の利用明細にはタグと言語情報を付けています。',
        ],
      },
      {
        heading: '既知の課題',
        points: [
          'スクリーンリーダー、音声操作、画面拡大ソフトによる試験は行っていません。',
          '試験は Chromium のみで行っており、Firefox と Safari では行っていません。',
          '名前、作業概要、備考は、入力されたとおりに表示します。ページと異なる言語の場合、スクリーンリーダーが正しく読み上げないことがあります。',
          'PDF の利用明細について、PDF/UA への適合は確認していません。',
        ],
      },
    ],
    contactHeading: 'ご利用いただけないページがある場合',
    contact:
      'お手数ですが、該当のページとお使いの環境をお知らせください。ご返信のうえ、対応までの間は別の方法で情報をお届けします。',
    withoutContact:
      'お手数ですが、該当のページとお使いの環境を担当CSMまでお知らせください。ご返信のうえ、対応までの間は別の方法で情報をお届けします。',
  },
};
