import { escapeHtml } from '@kitajs/html';
import { scopeOf } from '../../domain/access.js';
import { attentionCodes } from '../../domain/attention.js';
import { expectations } from '../../domain/outlook.js';
import { packageCodes } from '../../domain/package.js';
import { say } from '../../platform/sentences.js';
import { deadlineRanges, type PortfolioCsm, type PortfolioPage } from '../../features/portfolio/portfolio.dto.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { Chips, Empty, Pager } from '../parts/layout.js';
import {
  choosableColumns,
  columnsShown,
  filtersOn,
  portfolioAddress,
  type PortfolioPageQuery,
} from './portfolio.query.js';
import { PortfolioTable } from './portfolio.table.js';
import { portfolioNames, portfolioWords } from './portfolio.words.js';

interface Shown {
  reader: PageReader;
  query: PortfolioPageQuery;
  page: PortfolioPage;
  csms: readonly PortfolioCsm[];
}

/** The portfolio as a table, whose whole state stands in its address. */
export function portfolioPage(shown: Shown): ShownPage {
  const { reader, query, page } = shown;
  const { language } = reader;
  const words = portfolioWords[language];
  const nextAddress = page.nextCursor === null ? null : portfolioAddress(query, { cursor: page.nextCursor });
  return {
    title: words.title,
    wide: true,
    main: (
      <>
        <div class="row apart page-head">
          <h1>{words.title}</h1>
          <p class="soft" role="status" safe>
            {say(words.count, language, { count: page.count })}
          </p>
        </div>
        <Search {...shown} />
        <QuickFilters {...shown} />
        <Filters {...shown} />
        {page.data.length === 0 ? (
          <Nothing {...shown} />
        ) : (
          <PortfolioTable
            rows={page.data}
            columns={columnsShown(query, shown.csms.length > 1)}
            query={query}
            reader={reader}
          />
        )}
        {query.cursor !== undefined && (
          <p>
            <a href={escapeHtml(portfolioAddress(query))}>{words.first}</a>
          </p>
        )}
        <Pager href={nextAddress} text={say(words.next, language, { count: query.limit ?? 50 })} />
      </>
    ),
  };
}

function Search({ reader: { language }, query }: Shown): JSX.Element {
  const words = portfolioWords[language];
  const { search, cursor: _cursor, ...state } = query;
  return (
    <form method="get" action="/console/portfolio" role="search" class="row list-search">
      {hiddenFields(state)}
      <label for="search" class="unseen">
        {words.searchHint}
      </label>
      <input
        type="search"
        id="search"
        name="search"
        value={escapeHtml(search ?? '')}
        placeholder={words.searchHint}
        maxlength={200}
        autocomplete="off"
      />
      <button type="submit" class="quiet">
        {words.find}
      </button>
    </form>
  );
}

/** The other state of the page, which a search keeps. */
function hiddenFields(state: object): JSX.Element {
  const given = Object.entries(state).filter(([, value]) => value !== undefined);
  return (
    <>
      {given.map(([name, value]) => (
        <input type="hidden" name={name} value={escapeHtml(String(value))} />
      ))}
    </>
  );
}

/** The filters of each day, as switches. */
function QuickFilters({ reader: { language }, query }: Shown): JSX.Element {
  const words = portfolioWords[language];
  const names = portfolioNames[language];
  const reasonOf = (reason: 'behind-plan' | 'hours-will-expire') => ({
    text: names.reason[reason],
    href: portfolioAddress(query, { reason: query.reason === reason ? undefined : reason }),
    isOn: query.reason === reason,
  });
  return (
    <Chips
      label={words.groups.quick}
      chips={[
        { text: words.all, href: addressOfAll(query), isOn: filtersOn(query) === 0 && query.search === undefined },
        {
          text: words.needsAttention,
          href: portfolioAddress(query, { attention: query.attention ? undefined : 'yes' }),
          isOn: query.attention !== undefined,
        },
        {
          text: say(words.deadlineWithin, language, { days: 30 }),
          href: portfolioAddress(query, { deadline: query.deadline === '30' ? undefined : '30' }),
          isOn: query.deadline === '30',
        },
        reasonOf('behind-plan'),
        reasonOf('hours-will-expire'),
      ]}
    />
  );
}

/** Keeps what is no filter. */
const addressOfAll = ({ sort, columns }: PortfolioPageQuery): string => portfolioAddress({ sort, columns });

/** All filters by group, and the choice of columns. */
function Filters({ reader: { language }, query, csms }: Shown): JSX.Element {
  const words = portfolioWords[language];
  const names = portfolioNames[language];
  const group = <Value extends string>(
    name: 'reason' | 'deadline' | 'package' | 'renewal' | 'outlook' | 'csm' | 'ended',
    values: readonly Value[],
    textOf: (value: Value) => string,
  ): JSX.Element => (
    <>
      <h3>{words.groups[name]}</h3>
      <Chips
        label={words.groups[name]}
        chips={values.map((value) => ({
          text: textOf(value),
          href: portfolioAddress(query, { [name]: query[name] === value ? undefined : value }),
          isOn: query[name] === value,
        }))}
      />
    </>
  );
  const shown = columnsShown(query, csms.length > 1);
  return (
    <div class="portfolio-choices">
      <details>
        <summary safe>{say(words.filters, language, { count: filtersOn(query) })}</summary>
        {group('reason', attentionCodes, (code) => names.reason[code])}
        {group('deadline', deadlineRanges, (range) => {
          return say(words.deadlineWithin, language, { days: Number(range) });
        })}
        {group('package', packageCodes, (code) => names.package[code])}
        {group('renewal', query.ended ? (['ended'] as const) : (['open', 'locked', 'declined'] as const), (state) => {
          return names.renewal[state];
        })}
        {group('outlook', [...expectations, 'none'] as const, (outlook) => names.outlook[outlook])}
        {csms.length > 1 &&
          group(
            'csm',
            csms.map(({ id }) => id),
            (id) => csms.find((csm) => csm.id === id)!.name,
          )}
        {group('ended', ['yes'] as const, () => words.ended)}
      </details>
      <details>
        <summary>{words.columnsTitle}</summary>
        <Chips
          label={words.groups.columns}
          chips={choosableColumns.map((column) => {
            const isOn = shown.includes(column);
            const columns = choosableColumns.filter((one) => (one === column ? !isOn : shown.includes(one)));
            return {
              text: words.columns[column],
              href: portfolioAddress(query, { columns: columns.length === 0 ? 'none' : columns.join(',') }),
              isOn,
            };
          })}
        />
      </details>
    </div>
  );
}

function Nothing({ reader: { language, actor }, query }: Shown): JSX.Element {
  const words = portfolioWords[language];
  if (filtersOn(query) > 0 || query.search !== undefined) {
    return <Empty text={words.emptyTitle} href={addressOfAll(query)} verb={words.emptyVerb} />;
  }
  if (scopeOf('customers.write', actor.role) === 'never') return <Empty text={words.emptyTitle} />;
  return <Empty text={words.nothing} href="/console/customers/new" verb={words.nothingVerb} />;
}
