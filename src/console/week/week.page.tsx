import { escapeHtml } from '@kitajs/html';
import { addDays } from '../../domain/calendar.js';
import type { Refusal } from '../../domain/refusal.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Empty, Pager } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { differenceText, minutesText, shortDayText } from '../words/formats.js';
import { placePath, type SheetPlace } from './week-form.js';
import type { ShownSheet } from './week-page.service.js';
import { WeekTable } from './week-table.js';
import { sheetView, type SheetView } from './week-view.js';
import { weekWords } from './week.words.js';

export function weekPage(shown: ShownSheet, reader: PageReader, refusal?: Refusal): ShownPage {
  const { language, today } = reader;
  const words = weekWords[language];
  const { monday } = shown.place;
  const [from, to] = [monday, addDays(monday, 6)].map((day) => shortDayText(day, language, today)) as [string, string];
  return {
    title: say(words.title, language, { from, to }),
    wide: true,
    main: (
      <>
        <div class="row apart">
          <h1 safe>{say(words.heading, language, { from, to })}</h1>
          <WeekLinks place={shown.place} reader={reader} />
        </div>
        <Filter shown={shown} reader={reader} />
        <div id="week-part">{weekSheetPart(shown, reader, refusal)}</div>
      </>
    ),
  };
}

/** The sheet alone: its form with the message of the last step. */
export function weekSheetPart(shown: ShownSheet, reader: PageReader, refusal?: Refusal): JSX.Element {
  const { place, sheet, rows, form, said, nextCursor } = shown;
  const words = weekWords[reader.language];
  const view = sheetView(sheet, rows, form, reader.language);
  return (
    <>
      <RefusalNotice refusal={refusal} reader={reader} />
      <p
        id="week-said"
        role="status"
        class={said === undefined ? 'unseen' : shown.isRefused ? 'notice warn' : 'notice'}
        data-saved={shown.isSaved ? 'yes' : undefined}
        data-live="yes"
        safe
      >
        {said ?? ''}
      </p>
      <ActionForm reader={reader} action="/console/week/sheet" id="week-sheet" class="week-sheet" keep="no">
        <PlaceFields place={place} />
        <Tools shown={shown} reader={reader} />
        <PlainUnit shown={shown} view={view} reader={reader} />
        {rows.length === 0 ? (
          <div class="panel">
            <Empty text={words.emptyText} />
            <p class="soft week-empty">{words.emptyHint}</p>
          </div>
        ) : (
          <WeekTable shown={shown} view={view} reader={reader} />
        )}
        <Reason shown={shown} view={view} reader={reader} />
        <div class="row week-actions">
          <button type="submit" name="do" value="save" aria-keyshortcuts="Control+Enter">
            {words.save}
          </button>
          <button type="submit" name="do" value="check" class="quiet">
            {words.check}
          </button>
          <p id="week-change" role="status" class="week-change" data-live="yes" safe>
            {changeText(view, reader)}
          </p>
          <p class="hint week-keys">{words.keys}</p>
        </div>
        <Sources reader={reader} />
      </ActionForm>
      <Pager href={nextCursor === null ? null : placePath({ ...place, cursor: nextCursor })} text={words.nextPage} />
    </>
  );
}

/** The sum of the week, and how much of it is only typed. A script speaks it as it changes. */
function changeText({ totalMinutes, changeMinutes, isChanged }: SheetView, { language }: PageReader): string {
  const words = weekWords[language];
  const total = minutesText(totalMinutes, language);
  if (!isChanged) return say(words.allBooked, language, { total });
  return say(words.notBooked, language, { total, change: differenceText(changeMinutes, language) });
}

function WeekLinks({ place, reader: { language, today } }: { place: SheetPlace; reader: PageReader }): JSX.Element {
  const words = weekWords[language];
  const at = (days: number): string =>
    escapeHtml(placePath({ ...place, cursor: undefined, monday: addDays(place.monday, days) }));
  const isNow = place.monday <= today && today <= addDays(place.monday, 6);
  return (
    <nav class="row" aria-label={words.weeks}>
      <a class="button quiet" rel="prev" href={at(-7)} aria-keyshortcuts="[">
        <span aria-hidden="true">←</span> {words.previous}
      </a>
      {!isNow && (
        <a class="button quiet" href={escapeHtml(placePath({ ...place, cursor: undefined, monday: today }))}>
          {words.thisWeek}
        </a>
      )}
      <a class="button quiet" rel="next" href={at(7)} aria-keyshortcuts="]">
        {words.next} <span aria-hidden="true">→</span>
      </a>
    </nav>
  );
}

function Filter({ shown, reader }: { shown: ShownSheet; reader: PageReader }): JSX.Element {
  const { place, choices } = shown;
  const words = weekWords[reader.language];
  return (
    <form method="get" action="/console/week" class="week-filter row" aria-label={words.filter}>
      <input type="hidden" name="week" value={place.monday} />
      <span class="week-label">{words.rowsOf}</span>
      <label for="consultant" class="unseen">
        {words.consultant}
      </label>
      <select id="consultant" name="consultant">
        <option value="">{words.everyConsultant}</option>
        {choices.consultants.map(({ id, name }) => (
          <option value={id} selected={id === place.consultantId} safe>
            {name}
          </option>
        ))}
      </select>
      <label for="customer" class="unseen">
        {words.customer}
      </label>
      <input
        id="customer"
        name="customer"
        type="search"
        maxlength="200"
        autocomplete="off"
        placeholder={words.customer}
        value={escapeHtml(place.customer ?? '')}
      />
      {reader.actor.role === 'admin' && (
        <>
          <label for="all" class="unseen">
            {words.whose}
          </label>
          <select id="all" name="all">
            <option value="">{words.own}</option>
            <option value="true" selected={place.all}>
              {words.everyone}
            </option>
          </select>
        </>
      )}
      <button type="submit" class="quiet">
        {words.show}
      </button>
    </form>
  );
}

function PlaceFields({ place }: { place: SheetPlace }): JSX.Element {
  return (
    <>
      <input type="hidden" name="week" value={place.monday} />
      <input type="hidden" name="consultant" value={place.consultantId ?? ''} />
      <input type="hidden" name="customer" value={escapeHtml(place.customer ?? '')} />
      <input type="hidden" name="all" value={place.all ? 'true' : ''} />
      <input type="hidden" name="cursor" value={escapeHtml(place.cursor ?? '')} />
    </>
  );
}

/** Adding and copying rows. The first button of the form is the one that Enter in a field presses: the check. */
function Tools({ shown, reader }: { shown: ShownSheet; reader: PageReader }): JSX.Element {
  const words = weekWords[reader.language];
  const names = [...new Set(shown.choices.subscriptions.map(({ customer }) => customer))];
  return (
    <div class="row week-tools">
      <button type="submit" name="do" value="check" class="unseen" tabindex="-1" aria-hidden="true">
        {words.check}
      </button>
      <div class="row week-add">
        <label for="find" class="week-label">
          {words.addRow}
        </label>
        <input
          id="find"
          name="find"
          list="week-customers"
          maxlength="200"
          autocomplete="off"
          placeholder={words.addHint}
          data-enter="add"
          aria-describedby="find-hint"
        />
        <span class="unseen" id="find-hint">
          {words.addHint}
        </span>
        <datalist id="week-customers">
          {names.map((name) => (
            <option value={escapeHtml(name)}></option>
          ))}
        </datalist>
        <button type="submit" name="do" value="add" class="quiet">
          {words.add}
        </button>
      </div>
      <button type="submit" name="do" value="copy-rows" class="quiet">
        {words.copyRows}
      </button>
      <button type="submit" name="do" value="copy-hours" class="quiet">
        {words.copyHours}
      </button>
      {shown.sheet.sessions.length > 0 && (
        <button type="submit" name="do" value="planned" class="quiet">
          {words.logPlanned}
        </button>
      )}
    </div>
  );
}

/** What a number without a unit means: asked once, as soon as one is typed, and kept in the form. */
function PlainUnit({ shown, view, reader }: { shown: ShownSheet; view: SheetView; reader: PageReader }): JSX.Element {
  const words = weekWords[reader.language];
  const { plain } = shown.form;
  const options = [
    ['hours', words.plainHours],
    ['minutes', words.plainMinutes],
    ['', words.plainAsk],
  ] as const;
  return (
    <div id="week-plain" data-live="yes">
      {view.needsPlain && (
        <fieldset class={plain === undefined ? 'notice warn week-plain' : 'week-plain'}>
          <legend>{words.plain}</legend>
          <div class="row">
            {options.map(([value, text]) => (
              <label class="check">
                <input type="radio" name="plain" value={value} checked={(plain ?? '') === value} />
                <span>{text}</span>
              </label>
            ))}
          </div>
        </fieldset>
      )}
    </div>
  );
}

function Reason({ shown, view, reader }: { shown: ShownSheet; view: SheetView; reader: PageReader }): JSX.Element {
  const words = weekWords[reader.language];
  return (
    <div class={view.needsReason ? 'field week-reason' : 'field week-reason idle'} id="week-reason">
      <label for="reason">{words.reason}</label>
      <p class="hint" id="reason-hint">
        {words.reasonHint}
      </p>
      <input
        id="reason"
        name="reason"
        maxlength="2000"
        value={escapeHtml(shown.form.reason)}
        aria-describedby="reason-hint"
      />
    </div>
  );
}

/** Rows from a calendar file or a table. */
function Sources({ reader }: { reader: PageReader }): JSX.Element {
  const words = weekWords[reader.language];
  return (
    <div class="columns week-sources">
      <details>
        <summary>{words.calendar}</summary>
        <p class="hint">{words.calendarHint}</p>
        <div class="field" data-file="calendar" hidden>
          <label for="calendar-file">{words.calendarFile}</label>
          <input id="calendar-file" type="file" accept=".ics,text/calendar" />
        </div>
        <div class="field">
          <label for="calendar">{words.calendarText}</label>
          <textarea id="calendar" name="calendar" rows="3"></textarea>
        </div>
        <button type="submit" name="do" value="events" class="quiet">
          {words.readCalendar}
        </button>
      </details>
      <details>
        <summary>{words.table}</summary>
        <p class="hint">{words.tableHint}</p>
        <div class="field">
          <label for="table">{words.tableText}</label>
          <textarea id="table" name="table" rows="3"></textarea>
        </div>
        <button type="submit" name="do" value="table" class="quiet">
          {words.readTable}
        </button>
      </details>
    </div>
  );
}
