import { escapeHtml } from '@kitajs/html';
import { dayAt, type Month } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import { say } from '../../platform/sentences.js';
import type { MonthsOverview, MonthSummary } from '../../features/periods/month-overview.service.js';
import type { MonthTotals } from '../../features/periods/month-totals.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { DayTime } from '../parts/day-time.js';
import { Badge, Panel } from '../parts/layout.js';
import { minutesText, monthText, numberText } from '../words/formats.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import type { AllMonths } from './months.service.js';
import { words } from './months.words.js';

/** All accounting months. */
export function monthsPage({ running, overview, periods }: AllMonths, reader: PageReader): ShownPage {
  const { language } = reader;
  const text = words[language];
  return {
    title: text.title,
    main: (
      <>
        <h1>{text.title}</h1>
        <p class="soft">{text.lead}</p>
        {overview ? (
          <>
            <NextToClose overview={overview} running={running} language={language} />
            <Panel id="months" title={text.caption}>
              <Summaries overview={overview} running={running} reader={reader} />
              <Proof overview={overview} language={language} />
            </Panel>
          </>
        ) : (
          <Panel id="months" title={text.caption}>
            <Periods periods={periods} running={running} reader={reader} />
          </Panel>
        )}
      </>
    ),
  };
}

export const StateBadge = ({
  status,
  isRunning,
  language,
}: {
  status: 'open' | 'closed';
  isRunning: boolean;
  language: Language;
}): JSX.Element => {
  const text = words[language];
  if (status === 'closed') return <Badge text={text.closed} tone="good" />;
  return isRunning ? <Badge text={text.running} /> : <Badge text={text.open} tone="warn" />;
};

/** The newest month that is over but open: what finance does next. */
function NextToClose({
  overview: { months },
  running,
  language,
}: {
  overview: MonthsOverview;
  running: Month;
  language: Language;
}): JSX.Element {
  const open = months.filter(({ month, status }) => status === 'open' && month < running);
  const [next] = open;
  if (!next) return <></>;
  const text = words[language];
  const month = monthText(next.month, language);
  return (
    <section class="notice" aria-labelledby="next">
      <h2 id="next" safe>
        {say(text.nextTitle, language, { month })}
      </h2>
      <p safe>{say(text.nextSince, language, { count: open.length - 1 })}</p>
      <p>
        <a class="button" href={`/console/months/${next.month}`} safe>
          {say(text.nextLink, language, { month })}
        </a>
      </p>
    </section>
  );
}

const MonthLink = ({ month, language }: { month: Month; language: Language }): JSX.Element => (
  <a href={`/console/months/${month}`} safe>
    {monthText(month, language)}
  </a>
);

const ClosedBy = ({
  closedAt,
  closedBy,
  reader,
}: {
  closedAt: Date | null;
  closedBy: string | null;
  reader: PageReader;
}): JSX.Element =>
  closedAt === null ? (
    <></>
  ) : (
    <span>
      {closedBy !== null && <span safe>{`${closedBy} · `}</span>}
      <DayTime day={dayAt(closedAt, reader.timeZone)} reader={reader} short />
    </span>
  );

function Summaries({
  overview: { months, sums },
  running,
  reader,
}: {
  overview: MonthsOverview;
  running: Month;
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const amount = (minutes: number): JSX.Element => (minutes === 0 ? '' : escapeHtml(minutesText(minutes, language)));
  // Empty months are common at the beginning. Zeros would hide the other numbers.
  const count = (rows: number): JSX.Element => (rows === 0 ? '' : escapeHtml(numberText(rows, language)));
  const adjustments = ({ rows, minutes }: MonthTotals): JSX.Element =>
    rows === 0 ? '' : escapeHtml(say(text.entries, language, { count: rows, minutes: minutesText(minutes, language) }));
  const columns: TableColumn<MonthSummary>[] = [
    { heading: text.month, cell: ({ month }) => <MonthLink month={month} language={language} /> },
    {
      heading: text.state,
      cell: ({ month, status }) => <StateBadge status={status} isRunning={month === running} language={language} />,
    },
    { heading: text.rows, isNumber: true, cell: ({ rows }) => count(rows) },
    { heading: text.hours, isNumber: true, cell: ({ minutes }) => amount(minutes) },
    { heading: text.adjustments, isNumber: true, cell: ({ taken }) => adjustments(taken) },
    { heading: text.corrected, isNumber: true, cell: ({ corrected }) => amount(corrected.minutes) },
    {
      heading: text.closedBy,
      cell: ({ closedAt, closedBy }) => <ClosedBy closedAt={closedAt} closedBy={closedBy} reader={reader} />,
    },
  ];
  const foot = [
    escapeHtml(text.total),
    '',
    escapeHtml(numberText(sums.closed.rows, language)),
    amount(sums.closed.minutes),
    adjustments(sums.taken),
    amount(sums.corrected.minutes),
    '',
  ];
  return <DataTable caption={text.caption} columns={columns} rows={months} foot={foot} list />;
}

/** Says that the sums are equal, and why single months may differ. */
function Proof({ overview, language }: { overview: MonthsOverview; language: Language }): JSX.Element {
  const { sums, annulled, ledgerMinutes, agree } = overview;
  const text = words[language];
  const minutes = (amount: number): string => minutesText(amount, language);
  const values = {
    minutes: minutes(ledgerMinutes),
    closed: minutes(sums.closed.minutes),
    corrected: minutes(sums.corrected.minutes),
    ledgers: minutes(ledgerMinutes),
  };
  return (
    <div class={`notice ${agree ? 'good' : 'bad'}`}>
      <p>
        <strong>{agree ? text.agree : text.differ}</strong>
      </p>
      <p safe>{say(agree ? text.agreeText : text.differText, language, values)}</p>
      {annulled.rows > 0 && (
        <p safe>{say(text.annulled, language, { rows: annulled.rows, minutes: minutes(annulled.minutes) })}</p>
      )}
    </div>
  );
}

/** The months for readers who do not see the totals of all customers in open months. */
function Periods({
  periods,
  running,
  reader,
}: {
  periods: AllMonths['periods'];
  running: Month;
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const columns: TableColumn<AllMonths['periods'][number]>[] = [
    { heading: text.month, cell: ({ month }) => <MonthLink month={month} language={language} /> },
    {
      heading: text.state,
      cell: ({ month, status }) => <StateBadge status={status} isRunning={month === running} language={language} />,
    },
    {
      heading: text.rows,
      isNumber: true,
      cell: ({ controlTotals }) => (controlTotals ? escapeHtml(numberText(controlTotals.rows, language)) : ''),
    },
    {
      heading: text.hours,
      isNumber: true,
      cell: ({ controlTotals }) => (controlTotals ? escapeHtml(minutesText(controlTotals.minutes, language)) : ''),
    },
    {
      heading: text.closedBy,
      cell: ({ closedAt, closedBy }) => <ClosedBy closedAt={closedAt} closedBy={closedBy} reader={reader} />,
    },
  ];
  return <DataTable caption={text.caption} columns={columns} rows={periods} list />;
}
