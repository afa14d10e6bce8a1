import { escapeHtml } from '@kitajs/html';
import { activities, type Delivery } from '../../domain/time-entry.js';
import { activityWords, deliveryWords } from '../../domain/work-words.js';
import type { WeekSubscription } from '../../features/week/week.service.js';
import { say } from '../../platform/sentences.js';
import type { PageReader } from '../page/console-page.js';
import { Badge } from '../parts/layout.js';
import { clockText, shortDayText } from '../words/formats.js';
import type { ShownSheet } from './week-page.service.js';
import {
  columnText,
  kindText,
  pairText,
  type CellView,
  type GroupView,
  type RowView,
  type SheetView,
} from './week-view.js';
import { weekWords } from './week.words.js';

interface Part {
  shown: ShownSheet;
  view: SheetView;
  reader: PageReader;
}

/** The table of the sheet: a group of rows for each subscription. Rows are numbered through, as the form sends them. */
export function WeekTable({ shown, view, reader }: Part): JSX.Element {
  const { language, today } = reader;
  const words = weekWords[language];
  let before = 0;
  const firsts = view.groups.map(({ rows }) => (before += rows.length) - rows.length);
  return (
    <>
      <DayTabs shown={shown} view={view} reader={reader} />
      <table class="week" spellcheck="false">
        <caption class="unseen">{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col" class="work">
              {words.work}
            </th>
            {view.days.map(({ day, isClosed, holiday }, at) => (
              <th
                scope="col"
                id={`day-${at}`}
                class={['day', day === today && 'this-day', isClosed && 'closed'].filter(Boolean).join(' ')}
                data-day={at}
              >
                <span class="weekday" safe>
                  {columnText(day, language).weekday}
                </span>
                <span class="date" safe>
                  {columnText(day, language).date}
                </span>
                {day === today && <span class="mark">{words.today}</span>}
                {isClosed && (
                  <span class="mark" title={words.closedHint}>
                    {words.closed}
                  </span>
                )}
                {holiday !== undefined && (
                  <span class="mark" safe>
                    {holiday}
                  </span>
                )}
              </th>
            ))}
            <th scope="col" class="number">
              {words.total}
            </th>
            <th scope="col" class="number">
              {words.leftAfter}
            </th>
          </tr>
        </thead>
        {view.groups.map((group, at) => (
          <Group group={group} first={firsts[at]!} shown={shown} view={view} reader={reader} />
        ))}
        <tfoot>
          <tr>
            <th scope="row">{words.totalOfDay}</th>
            {view.days.map(({ day, totalMinutes }, at) => (
              <td
                class={totalMinutes === 0 ? 'number day zero' : 'number day'}
                data-day={at}
                data-heading={shortDayText(day, language, today)}
                id={`total-day-${at}`}
                data-live="yes"
                safe
              >
                {clockText(totalMinutes)}
              </td>
            ))}
            <td class="number" data-heading={words.week} id="total-week" data-live="yes">
              <strong safe>{clockText(view.totalMinutes)}</strong>
            </td>
            <td class="rest"></td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}

/** On a phone the sheet shows one day: these buttons choose it, also without a script. */
function DayTabs({ shown, view, reader: { language, today } }: Part): JSX.Element {
  return (
    <fieldset class="week-days">
      <legend class="unseen">{weekWords[language].days}</legend>
      {view.days.map(({ day, totalMinutes }, at) => (
        <label class={day === today ? 'this-day' : undefined}>
          <input type="radio" name="day" id={`show-day-${at}`} value={String(at)} checked={shown.form.day === at} />
          <span safe>{columnText(day, language).weekday}</span>
          <span class="number-of-day" safe>
            {columnText(day, language).number}
          </span>
          <span class="soft" id={`tab-day-${at}`} data-live="yes" safe>
            {clockText(totalMinutes)}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Group({ group, first, ...part }: Part & { group: GroupView; first: number }): JSX.Element {
  const { subscription, rows, lefts } = group;
  const { language } = part.reader;
  const words = weekWords[language];
  const name = subscription?.customer ?? words.choose;
  return (
    <tbody>
      <tr class="group">
        <th scope="rowgroup" colspan="10">
          <span class="row apart">
            <span id={`customer-${first}`}>
              {subscription ? (
                <a href={`/console/subscriptions/${subscription.subscriptionId}`} safe>
                  {name}
                </a>
              ) : (
                escapeHtml(name)
              )}
              {typeof subscription?.contractNumber === 'string' && (
                <span class="soft" safe>
                  {` ${subscription.contractNumber}`}
                </span>
              )}
            </span>
            <span class="lefts" id={`left-${subscription?.subscriptionId ?? 'none'}`} data-live="yes">
              {subscription !== undefined && lefts.length === 0 && <span class="soft">{words.noTerm}</span>}
              {lefts.map(({ text, isOver }) => (
                <span class={isOver ? 'over' : 'soft'} safe>
                  {text}
                </span>
              ))}
            </span>
          </span>
        </th>
      </tr>
      {rows.map((row, nth) => (
        <Row row={row} at={first + nth} groupAt={first} subscription={subscription} {...part} />
      ))}
    </tbody>
  );
}

interface RowPart extends Part {
  row: RowView;
  at: number;
  /** The number of the first row of the group, which names the customer. */
  groupAt: number;
  subscription: WeekSubscription | undefined;
}

function Row(part: RowPart): JSX.Element {
  const { row: view, at, subscription, reader } = part;
  const { row, totalMinutes } = view;
  const words = weekWords[reader.language];
  return (
    <>
      <tr class={row.isNew ? 'new' : undefined} data-row={at}>
        <th scope="row" class="work">
          <RowFields {...part} />
        </th>
        {view.cells.map((cell, day) => (
          <Cell cell={cell} day={day} {...part} />
        ))}
        <td class="number total" data-heading={words.total} id={`total-row-${at}`} data-live="yes">
          <div safe>{clockText(totalMinutes)}</div>
        </td>
        <td class="number" data-heading={words.leftAfter} id={`left-row-${at}`} data-live="yes">
          <div>{subscription !== undefined && <Left view={view} reader={reader} />}</div>
        </td>
      </tr>
      <tr class={row.faults.length > 0 ? 'faults' : 'faults none'} id={`faults-${at}`} data-live="yes">
        <td colspan="10">
          <ul>
            {row.faults.map(({ day, text, largest }) => (
              <li id={`fault-${at}-${day}`} class="fault">
                <span safe>{`${shortDayText(part.view.days[day]!.day, reader.language, reader.today)}: ${text}`}</span>
                {largest !== undefined && (
                  <button type="submit" name="use" value={`${at} ${day} ${largest}`} class="link" safe>
                    {say(words.useLargest, reader.language, { amount: largest })}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </td>
      </tr>
    </>
  );
}

function Left({ view, reader: { language } }: { view: RowView; reader: PageReader }): JSX.Element {
  const { leftMinutes, onsiteLeftMinutes } = view;
  return (
    <>
      {leftMinutes !== undefined && (
        <span class={leftMinutes < 0 ? 'over' : undefined} safe>
          {clockText(leftMinutes)}
        </span>
      )}
      {onsiteLeftMinutes !== undefined && (
        <span class={onsiteLeftMinutes < 0 ? 'over small' : 'soft small'} safe>
          {say(weekWords[language].onsiteLeft, language, { amount: clockText(onsiteLeftMinutes) })}
        </span>
      )}
    </>
  );
}

const valueOfDelivery = (delivery: Delivery, visitId: string | null): string =>
  visitId === null ? delivery : `${delivery} ${visitId}`;

/** What the row is: words and hidden fields for booked work, choices for a new row. */
function RowFields({ row: { row }, at, shown, subscription, reader }: RowPart): JSX.Element {
  const { language } = reader;
  const words = weekWords[language];
  const delivery = valueOfDelivery(row.delivery, row.visitId);
  return (
    <div class="work-fields">
      <input type="hidden" name="new" value={row.isNew ? (row.isFixed ? 'fixed' : 'open') : ''} />
      <input type="hidden" name="shown" value={row.shownMinutes.join(' ')} />
      <input type="hidden" name="candidates" value={row.candidates.join(' ')} />
      {row.isNew && !row.isFixed ? (
        <NewRowFields row={row} at={at} shown={shown} subscription={subscription} reader={reader} />
      ) : (
        <div class="work-words" id={`row-${at}`}>
          <input type="hidden" name="subscription" value={row.subscriptionId} />
          <input type="hidden" name="pair" value={`${row.consultantId} ${row.productLineId}`} />
          <input type="hidden" name="activity" value={row.activity} />
          <input type="hidden" name="delivery" value={delivery} />
          <span safe>{pairText(shown.sheet, row)}</span>
          {row.isNew && <Badge text={words.newRow} />}
          <span class="soft small" safe>
            {kindText(row, subscription, language)}
          </span>
        </div>
      )}
      <input
        name="summary"
        id={`summary-${at}`}
        class="summary"
        maxlength="2000"
        aria-label={words.summary}
        placeholder={words.summary}
        value={escapeHtml(row.summary)}
      />
    </div>
  );
}

function NewRowFields({
  row,
  at,
  shown,
  subscription,
  reader: { language, today },
}: {
  row: RowView['row'];
  at: number;
  shown: ShownSheet;
  subscription: WeekSubscription | undefined;
  reader: PageReader;
}): JSX.Element {
  const words = weekWords[language];
  const pair = `${row.consultantId} ${row.productLineId}`;
  const known = new Map(shown.choices.subscriptions.map((one) => [one.subscriptionId, one]));
  const candidates = row.candidates.flatMap((id) => shown.sheet.subscriptions.get(id) ?? known.get(id) ?? []);
  const days = (visit: { startsOn: string; endsOn: string }): string =>
    [visit.startsOn, visit.endsOn].map((day) => shortDayText(day, language, today)).join('–');
  return (
    <div class="work-choices">
      <span id={`row-${at}`} title={words.newRowHint}>
        <Badge text={words.newRow} />
      </span>
      {candidates.length > 0 ? (
        <select name="subscription" aria-label={words.subscription} id={`subscription-${at}`} data-submits="check">
          <option value="">{words.choose}</option>
          {candidates.map(({ subscriptionId, customer, contractNumber }) => (
            <option value={subscriptionId} selected={subscriptionId === row.subscriptionId} safe>
              {[customer, contractNumber].filter(Boolean).join(' ')}
            </option>
          ))}
        </select>
      ) : (
        <input type="hidden" name="subscription" value={row.subscriptionId} />
      )}
      <select name="pair" class="pair" aria-label={words.pair} id={`pair-${at}`}>
        {(subscription === undefined || subscription.pairs.length === 0) && <option value="">{words.choose}</option>}
        {subscription?.pairs.map(({ consultantId, productLineId, consultant, productLine }) => (
          <option
            value={`${consultantId} ${productLineId}`}
            selected={`${consultantId} ${productLineId}` === pair}
            safe
          >
            {`${consultant} · ${productLine}`}
          </option>
        ))}
      </select>
      <select name="activity" aria-label={words.activity} id={`activity-${at}`}>
        {activities.map((activity) => (
          <option value={activity} selected={activity === row.activity} safe>
            {activityWords[activity][language]}
          </option>
        ))}
      </select>
      <select name="delivery" aria-label={words.delivery} id={`delivery-${at}`}>
        <option value="remote" safe>
          {deliveryWords.remote[language]}
        </option>
        {subscription?.visits.map((visit) => (
          <option value={`onsite ${visit.id}`} selected={visit.id === row.visitId} safe>
            {say(words.onsiteAt, language, { place: visit.place, days: days(visit) })}
          </option>
        ))}
      </select>
    </div>
  );
}

function Cell({ cell, day, at, groupAt, view, reader }: RowPart & { cell: CellView; day: number }): JSX.Element {
  const { language, today } = reader;
  const { day: date, isClosed } = view.days[day]!;
  const standing = cell.day;
  const isShut = standing !== undefined && standing.state !== 'open';
  const note = noteOf(cell, view.days[day]!.holiday, language);
  const described = [cell.isFaulty && `fault-${at}-${day}`, note !== undefined && `note-${at}-${day}`].filter(Boolean);
  const marks = [
    'day',
    'cell',
    date === today && 'this-day',
    isClosed && 'closed',
    standing && !standing.isBusinessDay && 'free',
    isShut && 'shut',
  ];
  return (
    <td class={marks.filter(Boolean).join(' ')} data-day={day}>
      <input
        name={`d${day}`}
        id={`cell-${at}-${day}`}
        value={escapeHtml(cell.text)}
        autocomplete="off"
        readonly={isShut && cell.text === ''}
        aria-labelledby={`day-${day} customer-${groupAt} row-${at}`}
        aria-describedby={described.length > 0 ? described.join(' ') : undefined}
        aria-invalid={cell.isFaulty ? 'true' : undefined}
        data-before={cell.beforeMinutes > 0 ? clockText(cell.beforeMinutes) : undefined}
      />
      {note !== undefined && (
        <span class="note" id={`note-${at}-${day}`} safe>
          {note}
        </span>
      )}
    </td>
  );
}

/** A few words below a cell: why it is shut, its own holiday, or what was planned. */
function noteOf(
  { day, plannedMinutes }: CellView,
  sharedHoliday: string | undefined,
  language: PageReader['language'],
): string | undefined {
  const words = weekWords[language];
  if (day?.state === 'future')
    return plannedMinutes > 0 ? say(words.plannedShort, language, { amount: clockText(plannedMinutes) }) : words.future;
  if (day?.state === 'outside') return words.outside;
  if (plannedMinutes > 0) return say(words.plannedShort, language, { amount: clockText(plannedMinutes) });
  return day?.holiday !== undefined && day.holiday !== sharedHoliday ? day.holiday : undefined;
}
