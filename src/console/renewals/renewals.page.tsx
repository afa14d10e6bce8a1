import { escapeHtml } from '@kitajs/html';
import type { Month } from '../../domain/calendar.js';
import { expectations } from '../../domain/outlook.js';
import type { RenewalBoardColumn, RenewalCard, RenewalMonth } from '../../features/renewals/renewal-board.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { Choice, formShown } from '../parts/fields.js';
import { Empty, Pager, Tabs } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { minutesText, monthText } from '../words/formats.js';
import { renewalsAddress, renewalViews } from './renewals.query.js';
import { Card, EditForm } from './renewal-card.js';
import type { RefusedRenewalForm, Shown } from './renewals.shown.js';
import type { Renewals } from './renewals.service.js';
import { columnReasons, columnWords, expectationText, renewalsWords } from './renewals.words.js';

/** The renewals as a board, whose columns are states of the contract, or as a time line of deadlines. */
export function renewalsPage(renewals: Renewals, reader: PageReader, refused?: RefusedRenewalForm): ShownPage {
  const { language } = reader;
  const words = renewalsWords[language];
  const shown: Shown = { renewals, reader, refused };
  const { query, columns, cards, edited } = renewals;
  const listed = cards ?? columns?.flatMap((column) => column.cards) ?? [];
  const isFiltered = [query.csmId, query.month, query.outlook].some((value) => value !== undefined);
  const isInCard = listed.some(({ subscriptionId }) => subscriptionId === edited?.subscription.id);
  const main = (
    <>
      <h1>{words.title}</h1>
      <RefusalNotice refusal={refused?.refusal} reader={reader} />
      <Tabs
        label={words.views}
        tabs={renewalViews.map((view) => ({
          text: words[view],
          href: renewalsAddress(baseOf(shown), { view: view === 'board' ? undefined : view }),
          isHere: view === (query.view ?? 'board'),
        }))}
      />
      <Filter {...shown} />
      {edited !== undefined && !isInCard && <EditForm {...shown} edited={edited} />}
      {listed.length === 0 ? (
        <Empty
          text={isFiltered ? words.none : words.noneAtAll}
          {...(isFiltered && { href: renewalsAddress({ view: query.view }), verb: words.clear })}
        />
      ) : columns !== undefined ? (
        <Board {...shown} columns={columns} />
      ) : (
        <Timeline {...shown} cards={listed} />
      )}
    </>
  );
  return { title: words.title, main, wide: true };
}

/** The page without an open form and on its first page. */
const baseOf = ({ renewals: { query } }: Shown) => ({
  view: query.view,
  csmId: query.csmId,
  month: query.month,
  outlook: query.outlook,
});

function Filter({ renewals: { query, csms, months }, reader }: Shown): JSX.Element {
  const { language } = reader;
  const words = renewalsWords[language];
  const form = formShown(reader, {
    csmId: query.csmId ?? '',
    month: query.month ?? '',
    outlook: query.outlook ?? '',
  });
  return (
    <form method="get" action="/console/renewals" class="renewals-filter" aria-label={words.filter}>
      {query.view !== undefined && <input type="hidden" name="view" value={query.view} />}
      {csms.length > 1 && (
        <Choice
          name="csmId"
          label={words.csm}
          form={form}
          empty={words.anyCsm}
          options={csms.map(({ id, name }) => ({ value: id, text: name }))}
        />
      )}
      <Choice
        name="month"
        label={words.month}
        form={form}
        empty={words.anyMonth}
        options={months.map(({ month }) => ({ value: month, text: monthText(month, language) }))}
      />
      <Choice
        name="outlook"
        label={words.outlook}
        form={form}
        empty={words.anyOutlook}
        options={[...expectations, 'none' as const].map((value) => ({
          value,
          text: expectationText(value, language),
        }))}
      />
      <button type="submit" class="quiet">
        {words.apply}
      </button>
    </form>
  );
}

function Board({ columns, ...shown }: Shown & { columns: readonly RenewalBoardColumn[] }): JSX.Element {
  const { renewals, reader } = shown;
  const { language } = reader;
  const words = renewalsWords[language];
  const isAlone = columns.length === 1;
  return (
    <div class={isAlone ? 'board alone' : 'board'} data-list="cards">
      {columns.map(({ column, count, cards }) => (
        <section class={`column ${column}`} aria-labelledby={`column-${column}`}>
          <h2 id={`column-${column}`}>
            {columnWords[language][column]}{' '}
            <span class="badge plain" safe>
              {count.toLocaleString(language)}
            </span>
          </h2>
          <p class="soft" safe>
            {say(columnReasons[language][column], language, { near: renewals.nearDays })}
          </p>
          {cards.length === 0 && <p class="soft">{words.emptyColumn}</p>}
          <ul>
            {cards.map((card) => (
              <Card {...shown} card={card} />
            ))}
          </ul>
          {count > cards.length && (
            <p>
              <a href={escapeHtml(renewalsAddress(renewals.query, moreOf(shown, column)))} safe>
                {say(words.all, language, { count })}
              </a>
            </p>
          )}
        </section>
      ))}
    </div>
  );
}

/** From the board to one column; from a column, which shows a hundred cards, to the time line, which has pages. */
function moreOf({ renewals: { query } }: Shown, column: RenewalBoardColumn['column']) {
  const closed = { edit: undefined, subscriptionId: undefined };
  return query.column === undefined
    ? { ...closed, column }
    : { ...closed, column: undefined, view: 'timeline' as const };
}

function Timeline({ cards, ...shown }: Shown & { cards: readonly RenewalCard[] }): JSX.Element {
  const { renewals, reader } = shown;
  const { language } = reader;
  const words = renewalsWords[language];
  const ofMonth = new Map<Month, RenewalCard[]>();
  for (const card of cards) {
    const month = card.noticeDeadline.slice(0, 7);
    ofMonth.set(month, [...(ofMonth.get(month) ?? []), card]);
  }
  return (
    <>
      <Months {...shown} />
      <ol class="renewal-line" data-list="cards">
        {[...ofMonth].map(([month, inMonth]) => (
          <li>
            <h2 id={`month-${month}`} safe>
              {monthText(month, language)}
            </h2>
            <ul aria-labelledby={`month-${month}`}>
              {inMonth.map((card) => (
                <Card {...shown} card={card} />
              ))}
            </ul>
          </li>
        ))}
      </ol>
      <Pager
        href={
          renewals.nextCursor === null
            ? null
            : renewalsAddress({ ...baseOf(shown), view: 'timeline' }, { cursor: renewals.nextCursor })
        }
        text={words.more}
      />
    </>
  );
}

const barHeight = 60;
const barWidth = 40;

/** The deadlines of each month as bars, each a link that limits the list to its month. */
function Months(shown: Shown): JSX.Element {
  const {
    renewals: { months, query },
    reader: { language },
  } = shown;
  const words = renewalsWords[language];
  const totalOf = ({ terms }: RenewalMonth): number => terms.far + terms.near + terms.locked + terms.declined;
  const most = Math.max(1, ...months.map(totalOf));
  return (
    <nav class="renewal-months" aria-label={words.months}>
      <ul>
        {months.map((month) => {
          const isHere = query.month === month.month;
          const change = { month: isHere ? undefined : month.month, view: 'timeline' as const };
          let top = barHeight;
          return (
            <li>
              <a href={escapeHtml(renewalsAddress(baseOf(shown), change))} aria-current={isHere ? 'true' : undefined}>
                <svg viewBox={`0 0 ${barWidth} ${barHeight}`} aria-hidden="true">
                  {(['far', 'near', 'locked', 'declined'] as const).map((column) => {
                    const height = (month.terms[column] / most) * barHeight;
                    top -= height;
                    return <rect class={column} x="0" y={top} width={barWidth} height={height} />;
                  })}
                </svg>
                <strong safe>{monthText(month.month, language)}</strong>
                <span safe>{say(words.inMonth, language, { terms: totalOf(month) })}</span>
                <span class="unseen" safe>
                  {(['far', 'near', 'locked', 'declined'] as const)
                    .filter((column) => month.terms[column] > 0)
                    .map((column) => `${columnWords[language][column]}: ${month.terms[column]}`)
                    .join(', ')}
                </span>
                <span class="soft" safe>
                  {say(words.monthLeft, language, { minutes: minutesText(month.remainingMinutes, language) })}
                </span>
              </a>
            </li>
          );
        })}
      </ul>
      <ul class="legend">
        {(['far', 'near', 'locked', 'declined'] as const).map((column) => (
          <li>
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <rect class={column} width="10" height="10" />
            </svg>{' '}
            {columnWords[language][column]}
          </li>
        ))}
      </ul>
    </nav>
  );
}
