import type { Language } from '../../domain/language.js';
import { momentText, oneLine, zoneText } from '../../platform/mail/mail-words.js';
import { Frame } from '../../platform/pages/frame.js';
import { say } from '../../platform/sentences.js';
import { reports } from '../reports/reports.js';
import { basisWords, formatText, periodText } from './report-words.js';
import type { ScheduledReportFacts } from './scheduled-report-facts.js';

/** The content of the page. */
export interface ReportLinkView {
  facts: ScheduledReportFacts;
  expiresAt: Date;
  /** The address of the page. */
  path: string;
}

const sentences = {
  en: {
    made: 'The file is made when you download it, and shows what is recorded at that moment.',
    madeClosed:
      'The file is made when you download it. Closed months no longer change. All other months show the data at that moment.',
    download: 'Download the report',
    period: 'Days',
    basis: 'Basis',
    customer: 'Customer',
    csm: 'Customer Success Manager',
    format: 'Format',
    setUpBy: 'Set up by',
    until: 'Link works until',
    moment: '{at} (time zone: {zone})',
  },
  ja: {
    made: 'ファイルはダウンロード時に作成され、その時点で登録されている内容となります。',
    madeClosed:
      'ファイルはダウンロード時に作成されます。締め済みの月の内容は変わりませんが、その他の月は、その時点で登録されている内容となります。',
    download: 'レポートをダウンロードする',
    period: '対象期間',
    basis: '集計基準',
    customer: 'お客様',
    csm: '担当CSM',
    format: '形式',
    setUpBy: '設定者',
    until: 'リンクの有効期限',
    moment: '{at}（タイムゾーン：{zone}）',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The page behind a report link: what the report is, and a button that makes the file. */
export function reportLinkPage({ facts, expiresAt, path }: ReportLinkView, language: Language): JSX.Element {
  const words = sentences[language];
  const { filter, moment } = facts;
  const until = {
    at: momentText(expiresAt, moment.timeZone, language),
    zone: zoneText(moment.timeZone, expiresAt, language),
  };
  const title = reports[facts.report].title[language];
  const rows: [label: string, value: string | null][] = [
    [words.period, periodText(filter, facts.period, language)],
    [words.basis, basisWords[language][filter.basis]],
    [words.customer, facts.customerName],
    [words.csm, facts.csmName],
    [words.format, formatText(facts.format, facts.options, language)],
    [words.setUpBy, facts.ownerName],
    [words.until, say(words.moment, language, until)],
  ];
  return (
    <Frame
      language={language}
      title={`${title} – TRM`}
      otherLanguage={`${path}?lang=${language === 'ja' ? 'en' : 'ja'}`}
    >
      <section class="notice">
        <h1 safe>{title}</h1>
        <p>{filter.basis === 'closed' ? words.madeClosed : words.made}</p>
        <form method="get" action={`${path}/file`}>
          <button>{words.download}</button>
        </form>
      </section>
      <section class="panel">
        <dl class="facts">
          {rows.map(([label, value]) =>
            value === null ? (
              <></>
            ) : (
              <div>
                <dt safe>{label}</dt>
                <dd safe>{oneLine(value)}</dd>
              </div>
            ),
          )}
        </dl>
      </section>
    </Frame>
  );
}
