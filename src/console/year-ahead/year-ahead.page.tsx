import { escapeHtml } from '@kitajs/html';
import type { Language } from '../../domain/language.js';
import { say } from '../../platform/sentences.js';
import {
  prospects,
  type MonthAhead,
  type Prospect,
  type TermsAhead,
} from '../../features/renewals/year-ahead.service.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Empty, Panel } from '../parts/layout.js';
import { minutesText, monthText, numberText } from '../words/formats.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { words } from './year-ahead.words.js';

/** The renewals of the next twelve months. `forecastDays` is the time whose use the forecast continues. */
export function yearAheadPage(
  months: readonly MonthAhead[],
  forecastDays: number,
  { language }: Pick<PageReader, 'language'>,
): ShownPage {
  const text = words[language];
  const total = sumOf(months);
  return {
    title: text.title,
    main: (
      <>
        <h1>{text.title}</h1>
        <p class="soft">{text.lead}</p>
        {total.terms + total.openDeadlines === 0 ? (
          <Empty text={`${text.empty} ${text.emptyNext}`} />
        ) : (
          <>
            <Figures total={total} language={language} />
            <Panel id="by-month" title={text.caption}>
              <Legend total={total} language={language} />
              <Months months={months} total={total} language={language} />
              <p class="soft">
                {escapeHtml(say(text.expiringNote, language, { days: forecastDays }))} {escapeHtml(text.exportText)}{' '}
                <a href="/console/reports?report=renewals&range=coming-three-months">{text.exportLink}</a>
              </p>
            </Panel>
          </>
        )}
      </>
    ),
  };
}

/** The numbers that finance looks for first. */
function Figures({ total, language }: { total: MonthAhead; language: Language }): JSX.Element {
  const text = words[language];
  const shareOf = (...some: readonly Prospect[]): TermsAhead => sumOfTerms(some.map((one) => total.byProspect[one]));
  const figures: [TermsAhead, label: string, tone: string][] = [
    [shareOf('renews', 'upgrades'), text.expected, 'good'],
    [shareOf('unsure', 'leaves', 'declined'), text.atRisk, 'warn'],
    [shareOf('none'), text.noOutlook, 'plain'],
  ];
  return (
    <div class="figure-row">
      {figures.map(([{ terms, minutes }, label, tone]) => (
        <div class={`figure ${tone}`}>
          <span class="largest" safe>
            {minutes === 0 ? text.zero : minutesText(minutes, language)}
          </span>
          <span safe>{`${say(text.renewals, language, { terms })} ${label}`}</span>
        </div>
      ))}
      <div class="figure">
        <span class="largest" safe>
          {minutesText(total.expiringMinutes, language)}
        </span>
        <span>{text.willExpire}</span>
      </div>
    </div>
  );
}

function Legend({ total, language }: { total: MonthAhead; language: Language }): JSX.Element {
  const text = words[language];
  return (
    <ul class="legend" aria-label={text.legend}>
      {prospects
        .filter((prospect) => total.byProspect[prospect].terms > 0)
        .map((prospect) => (
          <li>
            <svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">
              <rect class={`prospect-${prospect}`} width="12" height="12" />
            </svg>
            {prospect === 'declined' ? (
              <a href="/console/portfolio?renewal=declined" safe>
                {shareText(prospect, total, language)}
              </a>
            ) : (
              <a href={`/console/portfolio?outlook=${prospect}`} safe>
                {shareText(prospect, total, language)}
              </a>
            )}
          </li>
        ))}
    </ul>
  );
}

function shareText(prospect: Prospect, { byProspect }: MonthAhead, language: Language): string {
  const { terms, minutes } = byProspect[prospect];
  const text = words[language];
  return say(text.share, language, {
    prospect: text.prospects[prospect],
    terms,
    minutes: minutesText(minutes, language),
  });
}

function Months({
  months,
  total,
  language,
}: {
  months: readonly MonthAhead[];
  total: MonthAhead;
  language: Language;
}): JSX.Element {
  const text = words[language];
  const largest = Math.max(...months.map(({ minutes }) => minutes));
  const columns: TableColumn<MonthAhead>[] = [
    { heading: text.month, cell: ({ month }) => escapeHtml(monthText(month, language)) },
    {
      heading: text.terms,
      isNumber: true,
      cell: ({ terms }) => (terms === 0 ? '' : escapeHtml(numberText(terms, language))),
    },
    {
      heading: text.hours,
      isNumber: true,
      cell: ({ minutes }) => (minutes === 0 ? '' : escapeHtml(minutesText(minutes, language))),
    },
    {
      heading: text.outlook,
      cell: (month) => (month.terms === 0 ? <></> : <Stack month={month} largest={largest} language={language} />),
    },
    {
      heading: text.expiring,
      isNumber: true,
      cell: ({ expiringMinutes, terms }) => (terms === 0 ? '' : escapeHtml(minutesText(expiringMinutes, language))),
    },
    {
      heading: text.deadlines,
      isNumber: true,
      cell: ({ month, openDeadlines }) =>
        openDeadlines === 0 ? (
          <></>
        ) : (
          <a
            href={`/console/renewals?month=${month}`}
            aria-label={escapeHtml(
              `${numberText(openDeadlines, language)}: ${say(text.seeDeadlines, language, { month: monthText(month, language) })}`,
            )}
          >
            {escapeHtml(numberText(openDeadlines, language))}
          </a>
        ),
    },
  ];
  const foot = [
    escapeHtml(text.total),
    escapeHtml(numberText(total.terms, language)),
    escapeHtml(minutesText(total.minutes, language)),
    '',
    escapeHtml(minutesText(total.expiringMinutes, language)),
    escapeHtml(numberText(total.openDeadlines, language)),
  ];
  return <DataTable caption={text.caption} columns={columns} rows={months} foot={foot} />;
}

const width = 1000;
const height = 16;

/** The hours of a month as a bar, shared by what becomes of the terms. Its text is a list, so that nothing depends on colours. */
function Stack({ month, largest, language }: { month: MonthAhead; largest: number; language: Language }): JSX.Element {
  let start = 0;
  const parts = prospects.filter((prospect) => month.byProspect[prospect].terms > 0);
  const texts = parts.map((prospect) => shareText(prospect, month, language));
  return (
    <>
      <svg
        class="stack"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={escapeHtml(texts.join('; '))}
      >
        {parts.map((prospect) => {
          const x = start;
          start += (month.byProspect[prospect].minutes / largest) * width;
          return (
            <rect class={`prospect-${prospect}`} x={x} y="0" width={Math.max(2, start - x - 2)} height={height}>
              <title safe>{shareText(prospect, month, language)}</title>
            </rect>
          );
        })}
      </svg>
      <span class="hint" safe>
        {parts
          .map((prospect) => `${words[language].prospects[prospect]} ${month.byProspect[prospect].terms}`)
          .join(language === 'ja' ? '、' : ', ')}
      </span>
    </>
  );
}

const sumOfTerms = (all: readonly TermsAhead[]): TermsAhead =>
  all.reduce((sum, { terms, minutes }) => ({ terms: sum.terms + terms, minutes: sum.minutes + minutes }), {
    terms: 0,
    minutes: 0,
  });

function sumOf(months: readonly MonthAhead[]): MonthAhead {
  const sum = (amount: 'remainingMinutes' | 'expiringMinutes' | 'openDeadlines'): number =>
    months.reduce((total, month) => total + month[amount], 0);
  const ofProspect = (prospect: Prospect): TermsAhead =>
    sumOfTerms(months.map(({ byProspect }) => byProspect[prospect]));
  return {
    ...sumOfTerms(months),
    month: months[0]!.month,
    byProspect: Object.fromEntries(
      prospects.map((prospect) => [prospect, ofProspect(prospect)]),
    ) as MonthAhead['byProspect'],
    remainingMinutes: sum('remainingMinutes'),
    expiringMinutes: sum('expiringMinutes'),
    openDeadlines: sum('openDeadlines'),
  };
}
