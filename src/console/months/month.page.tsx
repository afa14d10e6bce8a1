import { escapeHtml } from '@kitajs/html';
import { addDays, addMonths, type Month } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import type { Refusal } from '../../domain/refusal.js';
import { say } from '../../platform/sentences.js';
import { Field } from '../../platform/pages/fields.js';
import { reports, type ReportName } from '../../features/reports/reports.js';
import type { ListedAdjustment } from '../../features/hours/listed-adjustment.js';
import type {
  ClosingPreview,
  UnloggedPlannedSession,
  UnloggedSubscription,
} from '../../features/periods/period.dto.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { DayTime, Moment } from '../parts/day-time.js';
import { Check, formShown } from '../parts/fields.js';
import { Facts, Panel } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { minutesText, monthText } from '../words/formats.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { StateBadge } from './months.page.js';
import type { OneMonth } from './months.service.js';
import { words } from './months.words.js';

/** A form of the page that was refused, with what was typed. */
export interface RefusedMonthForm {
  form: 'close' | 'reopen';
  typed: Readonly<Record<string, string>>;
  refusal: Refusal;
}

/** One accounting month: what to look at before it is closed, its totals, its adjustments and its history. */
export function monthPage(shown: OneMonth, reader: PageReader, refused?: RefusedMonthForm): ShownPage {
  const { month, running, period, closing, reopening } = shown;
  const { language } = reader;
  const text = words[language];
  const title = monthText(month, language);
  return {
    title,
    main: (
      <>
        <p>
          <a href="/console/months">{text.back}</a>
        </p>
        <div class="row titled">
          <h1 safe>{title}</h1>
          <StateBadge status={period.status} isRunning={month === running} language={language} />
        </div>
        <Totals shown={shown} language={language} />
        {closing !== undefined && <BeforeClosing closing={closing} reader={reader} />}
        {closing !== undefined && <CloseMonth shown={shown} closing={closing} reader={reader} refused={refused} />}
        {(period.status === 'closed' || shown.adjustments.count > 0) && <Adjustments shown={shown} reader={reader} />}
        <Files month={month} language={language} />
        <History shown={shown} reader={reader} />
        {reopening !== undefined && <ReopenMonth shown={shown} reader={reader} refused={refused} />}
      </>
    ),
  };
}

function Totals({
  shown: { period, summary, isAsClosed },
  language,
}: {
  shown: OneMonth;
  language: Language;
}): JSX.Element {
  const text = words[language];
  const totals = period.controlTotals ?? summary;
  if (!totals) return <></>;
  const amount = (minutes: number): string => minutesText(minutes, language);
  const further: [isShown: boolean, sentence: string, minutes: number][] = summary
    ? [
        [summary.taken.rows > 0, text.takenText, summary.taken.minutes],
        [summary.given.rows > 0, text.givenText, summary.given.minutes],
        [
          summary.taken.rows + summary.given.rows > 0 || summary.corrected.minutes !== totals.minutes,
          text.byWorkDay,
          summary.corrected.minutes,
        ],
      ]
    : [];
  return (
    <Panel id="totals" title={period.status === 'closed' ? text.controlTotals : text.controlTotalsNow}>
      <p class="row">
        <span class="largest" safe>
          {amount(totals.minutes)}
        </span>
        <span class="soft" safe>
          {`${say(text.rowsText, language, { count: totals.rows })} · ${say(text.onsiteText, language, { minutes: amount(totals.onsiteMinutes) })}`}
        </span>
      </p>
      {further
        .filter(([isShown]) => isShown)
        .map(([, sentence, minutes]) => (
          <p safe>{say(sentence, language, { minutes: amount(minutes) })}</p>
        ))}
      {isAsClosed !== undefined && (
        <p class={isAsClosed ? 'soft' : 'fault'}>{isAsClosed ? `✓ ${text.totalsCompared}` : text.totalsDiffer}</p>
      )}
    </Panel>
  );
}

/** What is missing or only planned in the months that would be closed. */
function BeforeClosing({ closing, reader }: { closing: ClosingPreview; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const { subscriptionsWithoutEntry: unlogged, plannedSessionsWithoutEntry: sessions } = closing;
  const isComplete = unlogged.length + sessions.length === 0;
  const severalMonths = closing.months.length > 1;
  const monthColumn: TableColumn<UnloggedSubscription>[] = severalMonths
    ? [{ heading: text.month, cell: ({ month }) => escapeHtml(monthText(month, language)) }]
    : [];
  const customer: TableColumn<UnloggedSubscription> = {
    heading: text.customer,
    cell: ({ subscriptionId, customer }) => (
      <a href={`/console/subscriptions/${subscriptionId}`} safe>
        {customer}
      </a>
    ),
  };
  const csm: TableColumn<UnloggedSubscription> = { heading: text.csm, cell: ({ csm }) => escapeHtml(csm) };
  const ofSessions: TableColumn<UnloggedPlannedSession>[] = [
    customer,
    { heading: text.plannedOn, cell: ({ plannedOn }) => <DayTime day={plannedOn} reader={reader} short /> },
    { heading: text.planned, isNumber: true, cell: ({ minutes }) => escapeHtml(minutesText(minutes, language)) },
    csm,
  ];
  return (
    <Panel id="before-closing" title={text.beforeClosing}>
      {isComplete && <p safe>{`✓ ${text.allLogged}`}</p>}
      {unlogged.length > 0 && (
        <>
          <h3>{text.unloggedTitle}</h3>
          <p safe>
            {say(text.unloggedText, language, {
              count: closing.subscriptionsWithoutEntryCount,
              months: closing.months.length,
            })}
          </p>
          <DataTable caption={text.unloggedTitle} columns={[customer, ...monthColumn, csm]} rows={unlogged} list />
          <More count={closing.subscriptionsWithoutEntryCount - unlogged.length} language={language} />
        </>
      )}
      {sessions.length > 0 && (
        <>
          <h3>{text.sessionsTitle}</h3>
          <p safe>{say(text.sessionsText, language, { count: closing.plannedSessionsWithoutEntryCount })}</p>
          <DataTable caption={text.sessionsTitle} columns={ofSessions} rows={sessions} list />
          <More count={closing.plannedSessionsWithoutEntryCount - sessions.length} language={language} />
        </>
      )}
    </Panel>
  );
}

function More({ count, language }: { count: number; language: Language }): JSX.Element {
  if (count <= 0) return <></>;
  return (
    <p class="soft" safe>
      {say(words[language].more, language, { count })}
    </p>
  );
}

function CloseMonth({
  shown: { month, running },
  closing,
  reader,
  refused,
}: {
  shown: OneMonth;
  closing: ClosingPreview;
  reader: PageReader;
  refused: RefusedMonthForm | undefined;
}): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const name = monthText(month, language);
  const own = refused?.form === 'close' ? refused : undefined;
  const form = formShown(reader, own?.typed, own?.refusal);
  const isIncomplete = closing.subscriptionsWithoutEntry.length + closing.plannedSessionsWithoutEntry.length > 0;
  return (
    <Panel id="close" title={say(text.closeTitle, language, { month: name })}>
      <RefusalNotice refusal={own?.refusal} reader={reader} />
      {closing.months.length > 1 && (
        <>
          <p>{text.closesToo}</p>
          <ul>
            {closing.months.map((one) => (
              <li safe>
                {`${monthText(one.month, language)}: ${say(text.entries, language, { count: one.rows, minutes: minutesText(one.minutes, language) })}`}
              </li>
            ))}
          </ul>
        </>
      )}
      {isIncomplete && <p>{text.closeAnyway}</p>}
      <ActionForm reader={reader} action={`/console/months/${month}/close`}>
        {month === running && (
          <>
            <p safe>{say(text.notOver, language, { month: name })}</p>
            <Check name="early" label={say(text.early, language, { month: name })} form={form} required />
            <p class="hint" safe>
              {say(text.earlyHint, language, { month: name })}
            </p>
          </>
        )}
        <p class="hint">{text.closing}</p>
        <button type="submit" safe>
          {closeVerb(closing, language)}
        </button>
      </ActionForm>
    </Panel>
  );
}

function closeVerb({ months }: ClosingPreview, language: Language): string {
  const text = words[language];
  const [first, last] = [months[0]!.month, months.at(-1)!.month].map((month) => monthText(month, language));
  return months.length === 1
    ? say(text.close, language, { month: last! })
    : say(text.closeSeveral, language, { first: first!, last: last! });
}

function Adjustments({ shown, reader }: { shown: OneMonth; reader: PageReader }): JSX.Element {
  const { month, adjustments, mayAdjust } = shown;
  const { language } = reader;
  const text = words[language];
  const taken = adjustments.listed.filter(({ accountingMonth }) => accountingMonth === month);
  const given = adjustments.listed.filter(({ accountingMonth }) => accountingMonth !== month);
  const name = monthText(month, language);
  return (
    <Panel id="adjustments" title={text.adjustmentsTitle}>
      {adjustments.count === 0 && <p>{text.noAdjustments}</p>}
      {given.length > 0 && (
        <>
          <h3 safe>{say(text.adjustmentsGiven, language, { month: name })}</h3>
          <AdjustmentTable rows={given} other="accountingMonth" reader={reader} />
        </>
      )}
      {taken.length > 0 && (
        <>
          <h3 safe>{say(text.adjustmentsTaken, language, { month: name })}</h3>
          <AdjustmentTable rows={taken} other="adjustsMonth" reader={reader} />
        </>
      )}
      <More count={adjustments.count - adjustments.listed.length} language={language} />
      {mayAdjust && (
        <p>
          <a class="button quiet" href={`/console/months/${month}/adjustment`}>
            {text.record}
          </a>
        </p>
      )}
    </Panel>
  );
}

/** `other` is the month that is not the month of the page. */
function AdjustmentTable({
  rows,
  other,
  reader,
}: {
  rows: readonly ListedAdjustment[];
  other: 'accountingMonth' | 'adjustsMonth';
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const columns: TableColumn<ListedAdjustment>[] = [
    {
      heading: text.customer,
      cell: ({ subscriptionId, customer }) => (
        <a href={`/console/subscriptions/${subscriptionId}`} safe>
          {customer}
        </a>
      ),
    },
    { heading: text.workDay, cell: ({ workDate }) => <DayTime day={workDate} reader={reader} short /> },
    { heading: text.amount, isNumber: true, cell: ({ minutes }) => escapeHtml(minutesText(minutes, language)) },
    {
      heading: text.what,
      cell: ({ kind, consultant, productLine, summary }) => (
        <span safe>
          {`${kind === 'reversal' ? `${text.reversalKind}: ` : ''}${summary} (${consultant}, ${productLine})`}
        </span>
      ),
    },
    { heading: text.reason, cell: ({ reason }) => escapeHtml(reason ?? '') },
    {
      heading: other === 'accountingMonth' ? text.countsIn : text.month,
      cell: (row) => (
        <a href={`/console/months/${row[other]}`} safe>
          {monthText(row[other], language)}
        </a>
      ),
    },
    {
      heading: text.recorded,
      cell: ({ recordedAt, recordedBy }) => (
        <span>
          <span safe>{`${recordedBy} · `}</span>
          <Moment at={recordedAt} reader={reader} />
        </span>
      ),
    },
  ];
  return <DataTable caption={text.adjustmentsTitle} columns={columns} rows={rows} list />;
}

/** The reports that count hours by month. */
const ofMonth: readonly ReportName[] = [
  'usage-lines',
  'usage-summary',
  'utilisation',
  'travel-expenses',
  'expired-hours',
];

function Files({ month, language }: { month: Month; language: Language }): JSX.Element {
  const text = words[language];
  const query = `from=${month}-01&to=${addDays(addMonths(`${month}-01`, 1), -1)}&basis=closed`;
  return (
    <Panel id="files" title={text.files}>
      <p class="soft">{text.filesText}</p>
      <ul class="files">
        {ofMonth.map((name) => (
          <li>
            <a href={escapeHtml(`/console/reports?report=${name}&${query}`)} safe>
              {reports[name].title[language]}
            </a>
            {(['csv', 'xlsx'] as const).map((format) => (
              <a
                href={escapeHtml(`/console/reports/file?report=${name}&${query}&format=${format}&headings=${language}`)}
                aria-label={escapeHtml(`${text.download}: ${reports[name].title[language]}, ${format.toUpperCase()}`)}
                data-turbo="false"
                download=""
              >
                {format.toUpperCase() as 'safe'}
              </a>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function History({ shown: { month, period, names }, reader }: { shown: OneMonth; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const text = words[language];
  if (period.history.length === 0) return <></>;
  const facts = period.history.map(({ event, at, by, reason, askedMonth }) => {
    const together =
      askedMonth === month ? [] : [say(text.withMonth, language, { month: monthText(askedMonth, language) })];
    const said = [names.get(by) ?? '', ...together, reason ?? ''].filter((part) => part !== '').join(' · ');
    return {
      name: event === 'closed' ? text.wasClosed : text.wasReopened,
      value: (
        <>
          <Moment at={at} reader={reader} />
          <span safe>{` · ${said}`}</span>
        </>
      ),
    };
  });
  return (
    <Panel id="history" title={text.history}>
      <Facts facts={facts} />
    </Panel>
  );
}

function ReopenMonth({
  shown: { month, reopening },
  reader,
  refused,
}: {
  shown: OneMonth;
  reader: PageReader;
  refused: RefusedMonthForm | undefined;
}): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const name = monthText(month, language);
  const own = refused?.form === 'reopen' ? refused : undefined;
  const form = formShown(reader, own?.typed, own?.refusal);
  const count = reopening!.months.length;
  return (
    <Panel id="reopen" title={say(text.reopenTitle, language, { month: name })}>
      <RefusalNotice refusal={own?.refusal} reader={reader} />
      <p safe>{say(text.reopenText, language, { count, later: count - 1 })}</p>
      <ActionForm reader={reader} action={`/console/months/${month}/reopen`}>
        <Field
          field={{
            name: 'reason',
            label: text.reopenReason,
            hint: text.reopenReasonHint,
            required: true,
            lines: 'many',
            maxLength: 2_000,
          }}
          form={form}
        />
        <button type="submit" class="danger" safe>
          {say(text.reopen, language, { month: name })}
        </button>
      </ActionForm>
    </Panel>
  );
}
