import { escapeHtml } from '@kitajs/html';
import type { Language } from '../../domain/language.js';
import type { TermAnswer } from '../../features/subscriptions/term.dto.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { Choice, formShown } from '../parts/fields.js';
import { Badge, Panel } from '../parts/layout.js';
import { Field, type FieldShown } from '../../platform/pages/fields.js';
import { dayText } from '../words/formats.js';
import { ownPage } from './own-parts.js';
import type { OwnSubscriptions } from './own.service.js';

const words = {
  en: {
    title: 'Statements',
    terms: 'Usage statement of each term',
    about: 'A statement lists all work of the term and what is left, as of today. The one of a closed term is final.',
    termDays: '{startsOn} to {endsOn}',
    pdf: 'Download the PDF',
    inOther: 'In Japanese',
    status: '{status, select, open {Runs} closed {Closed} upcoming {Not begun} other {}}',
    report: 'Usage as a spreadsheet',
    reportAbout: 'Every entry of the days that you choose, of all your subscriptions.',
    from: 'First day',
    to: 'Last day',
    format: 'Format',
    download: 'Download the report',
  },
  ja: {
    title: '利用明細',
    terms: '契約期間ごとの利用明細',
    about: '契約期間のすべての作業と残り時間を、本日時点で記載しています。満了した契約期間の明細は確定版です。',
    termDays: '{startsOn}～{endsOn}',
    pdf: 'PDF をダウンロード',
    inOther: '英語版',
    status: '{status, select, open {契約中} closed {満了} upcoming {開始前} other {}}',
    report: 'ご利用実績（表計算ファイル）',
    reportAbout: '指定した期間のすべての作業を、すべてのサブスクリプションについて出力します。',
    from: '開始日',
    to: '終了日',
    format: '形式',
    download: 'レポートをダウンロード',
  },
} as const satisfies Record<Language, Record<string, string>>;

/** The files that a customer can take along: a PDF for each term, and a report for a span of days. */
export function ownStatementsPage(own: OwnSubscriptions, terms: readonly TermAnswer[], reader: PageReader): ShownPage {
  const { language } = reader;
  const text = words[language];
  const main = (
    <>
      <Panel id="terms" title={text.terms}>
        <p class="soft">{text.about}</p>
        <ul class="own-files">
          {terms.map((term) => (
            <Statement term={term} language={language} />
          ))}
        </ul>
      </Panel>
      <Report own={own} language={language} />
    </>
  );
  return ownPage({ title: text.title, own, path: '/statements', main }, reader);
}

function Statement({ term, language }: { term: TermAnswer; language: Language }): JSX.Element {
  const { id, startsOn, endsOn, status } = term;
  const text = words[language];
  const other = language === 'ja' ? 'en' : 'ja';
  const file = (wanted: Language): string => `/console/own/statements/${id}/file?language=${wanted}`;
  return (
    <li>
      <p id={`term-${id}`}>
        <strong safe>
          {say(text.termDays, language, { startsOn: dayText(startsOn, language), endsOn: dayText(endsOn, language) })}
        </strong>{' '}
        <Badge text={say(text.status, language, { status })} tone={status === 'open' ? 'good' : 'plain'} />
      </p>
      <p class="row">
        <a class="button quiet" href={file(language)} aria-describedby={`term-${id}`} download="" data-turbo="false">
          {text.pdf}
        </a>
        <a href={file(other)} aria-describedby={`term-${id}`} download="" data-turbo="false">
          {text.inOther}
        </a>
      </p>
    </li>
  );
}

function Report({ own: { chosen }, language }: { own: OwnSubscriptions; language: Language }): JSX.Element {
  const text = words[language];
  const { startsOn, endsOn } = chosen.currentTerm;
  const { asOf } = chosen.balance;
  const form = formShown({ language }, { from: startsOn, to: asOf < startsOn ? endsOn : asOf, format: 'xlsx' });
  const day = (name: 'from' | 'to'): FieldShown => ({
    name,
    label: text[name],
    type: 'date',
    required: true,
    maxLength: 10,
  });
  return (
    <Panel id="report" title={text.report}>
      <p class="soft">{text.reportAbout}</p>
      <form method="get" action="/console/own/statements/usage" data-turbo="false">
        <div class="fields">
          <Field form={form} field={day('from')} />
          <Field form={form} field={day('to')} />
          <Choice
            name="format"
            label={text.format}
            form={form}
            options={[
              { value: 'xlsx', text: 'Excel (XLSX)' },
              { value: 'csv', text: 'CSV' },
            ]}
          />
        </div>
        <button type="submit" class="quiet">
          {escapeHtml(text.download)}
        </button>
      </form>
    </Panel>
  );
}
