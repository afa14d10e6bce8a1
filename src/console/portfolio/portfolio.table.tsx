import { escapeHtml } from '@kitajs/html';
import { say } from '../../platform/sentences.js';
import type { PortfolioColumn, PortfolioRow } from '../../features/portfolio/portfolio.dto.js';
import type { PageReader } from '../page/console-page.js';
import { Badge } from '../parts/layout.js';
import { SparkLine } from '../parts/spark-line.js';
import { verbOf } from '../today/attention-verbs.js';
import { inDaysText, minutesText, numberText, shortDayText } from '../words/formats.js';
import { reasonText } from '../words/reason.js';
import { toneOf } from './attention-tone.js';
import { portfolioAddress, type PortfolioPageQuery } from './portfolio.query.js';
import { portfolioNames, portfolioWords } from './portfolio.words.js';

const numberColumns: ReadonlySet<PortfolioColumn> = new Set(['pace', 'left', 'expiring', 'onsite', 'visits', 'seats']);

/**
 * The rows of the portfolio. Each subscription has a line of figures, and a line with its gravest reason across the whole table, so that
 * sentences do not make the columns narrow. On a phone, both are one card.
 */
export function PortfolioTable({
  rows,
  columns,
  query,
  reader,
}: {
  rows: readonly PortfolioRow[];
  columns: readonly PortfolioColumn[];
  query: PortfolioPageQuery;
  reader: PageReader;
}): JSX.Element {
  const words = portfolioWords[reader.language];
  const heading = (column: PortfolioColumn, text: string): JSX.Element => {
    const { sort = 'attention' } = query;
    const now = sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;
    const href = portfolioAddress(query, { sort: sort === column ? `-${column}` : column });
    return (
      <th scope="col" class={numberColumns.has(column) ? 'number' : undefined} aria-sort={now}>
        <a href={escapeHtml(href)} safe>
          {text}
        </a>
      </th>
    );
  };
  return (
    <table class="data portfolio" data-list="rows">
      <caption class="unseen">{words.caption}</caption>
      <thead>
        <tr>
          {heading('attention', words.columns.attention)}
          <th scope="col">{words.use}</th>
          {columns.map((column) => heading(column, words.columns[column]))}
        </tr>
      </thead>
      {rows.map((row) => (
        <tbody data-item="row">
          <tr class="portfolio-figures">
            <th scope="row">
              <a class="portfolio-name" href={`/console/subscriptions/${row.subscriptionId}`} safe>
                {row.customer}
              </a>
              <span class="soft" safe>
                {[portfolioNames[reader.language].package[row.package], row.contractNumber].filter(Boolean).join(' · ')}
              </span>
            </th>
            <td class="portfolio-use" data-heading={escapeHtml(words.use)}>
              <SparkLine
                months={row.months}
                today={row.balance.asOf}
                plannedMinutes={row.balance.pace.plannedMinutes}
                language={reader.language}
              />
            </td>
            {columns.map((column) => (
              <td
                class={numberColumns.has(column) ? 'number' : undefined}
                data-heading={escapeHtml(words.columns[column])}
              >
                {cells[column](row, reader) as 'safe'}
              </td>
            ))}
          </tr>
          <Reason row={row} reader={reader} span={columns.length + 2} />
        </tbody>
      ))}
    </table>
  );
}

/** The gravest reason for a call, in one sentence with its verb. */
function Reason({ row, reader, span }: { row: PortfolioRow; reader: PageReader; span: number }): JSX.Element {
  const { language } = reader;
  const [gravest, ...others] = row.reasons;
  if (!gravest) return <></>;
  const verb = verbOf(gravest.code, row, reader);
  return (
    <tr class="portfolio-reason">
      <td colspan={span}>
        <Badge text={portfolioNames[language].reason[gravest.code]} tone={toneOf(gravest.code)} />
        <span safe>{reasonText(gravest, language)}</span>
        {others.length > 0 && (
          <span class="soft" safe>
            {say(portfolioWords[language].more, language, { count: others.length })}
          </span>
        )}
        {verb !== undefined && (
          <a href={escapeHtml(verb.href)} safe>
            {verb.text}
          </a>
        )}
      </td>
    </tr>
  );
}

type Cell = (row: PortfolioRow, reader: PageReader) => JSX.Element;

/** A value, and below it what it is measured by. */
const Two = ({ value, more, strong = false }: { value: string; more?: string; strong?: boolean }): JSX.Element => (
  <>
    <span class={strong ? 'portfolio-value strong' : 'portfolio-value'} safe>
      {value}
    </span>
    {more !== undefined && (
      <span class="soft" safe>
        {more}
      </span>
    )}
  </>
);

const cells: Readonly<Record<PortfolioColumn, Cell>> = {
  attention: () => <></>,
  customer: ({ customer }) => <Two value={customer} />,
  package: (row, { language }) => <Two value={portfolioNames[language].package[row.package]} />,
  left: ({ balance: { remainingMinutes, grantedMinutes } }, { language }) => (
    <Two
      strong
      value={minutesText(remainingMinutes, language)}
      more={say(portfolioWords[language].ofMinutes, language, { minutes: minutesText(grantedMinutes, language) })}
    />
  ),
  pace: ({ balance: { pace } }, { language }) => <Two {...paceWords(pace, language)} />,
  expiring: ({ balance: { forecast } }, { language }) => (
    <Two value={minutesText(forecast.expiringMinutes, language)} />
  ),
  onsite: ({ balance: { onsite } }, { language }) => {
    const words = portfolioWords[language];
    if (onsite.capMinutes === 0) return <Two value="–" more={words.notIncluded} />;
    const more = say(words.ofMinutes, language, { minutes: minutesText(onsite.capMinutes, language) });
    return <Two value={minutesText(onsite.usedMinutes, language)} more={more} />;
  },
  visits: ({ balance: { onsite } }, { language }) => {
    const words = portfolioWords[language];
    if (onsite.maxVisits === 0) return <Two value="–" more={words.notIncluded} />;
    const used = numberText(onsite.visitsUsed, language);
    if (onsite.maxVisits === null) return <Two value={used} more={words.anyNumber} />;
    return <Two value={`${used} / ${numberText(onsite.maxVisits, language)}`} />;
  },
  seats: ({ balance: { seats } }, { language }) => (
    <Two value={`${numberText(seats.used, language)} / ${numberText(seats.max, language)}`} />
  ),
  deadline: ({ deadline, balance: { asOf } }, { language }) => {
    if (deadline === null) return <Two value="–" more={portfolioWords[language].none} />;
    return (
      <>
        <time class="portfolio-value" datetime={deadline.date} safe>
          {shortDayText(deadline.date, language, asOf)}
        </time>
        <span class="soft" safe>
          {`${inDaysText(deadline.date, asOf, language)} · ${portfolioNames[language].shortDeadline[deadline.kind]}`}
        </span>
      </>
    );
  },
  outlook: ({ outlook, renewalState }, { language }) => {
    const names = portfolioNames[language];
    const more = renewalState === 'open' ? undefined : names.renewal[renewalState];
    return <Two value={outlook === null ? '–' : names.outlook[outlook]} more={more} />;
  },
  'last-entry': ({ lastEntryOn, balance: { asOf } }, { language }) => {
    if (lastEntryOn === null) return <Two value="–" more={portfolioWords[language].never} />;
    return (
      <>
        <span class="portfolio-value" safe>
          {inDaysText(lastEntryOn, asOf, language)}
        </span>
        <time class="soft" datetime={lastEntryOn} safe>
          {shortDayText(lastEntryOn, language, asOf)}
        </time>
      </>
    );
  },
  csm: ({ csm }) => <Two value={csm} />,
};

/** `12 h 30`, `behind plan`: the distance from the plan, and on which side. */
export function paceWords(
  { status, differenceMinutes }: PortfolioRow['balance']['pace'],
  language: PageReader['language'],
): { value: string; more: string } {
  const words = portfolioWords[language];
  return { value: minutesText(Math.abs(differenceMinutes), language), more: words.pace[status] };
}
