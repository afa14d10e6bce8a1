import { escapeHtml } from '@kitajs/html';
import { packageCodes } from '../../domain/package.js';
import { statusOf } from '../../domain/refusal.js';
import { say } from '../../platform/sentences.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { formatNames } from '../../features/reports/formats.js';
import { printedWords } from '../../features/reports/printed-words.js';
import { charsets, delimiterNames } from '../../features/reports/report-format.js';
import type { ReportPreview } from '../../features/reports/report-preview.js';
import { bases, type Column } from '../../features/reports/report.js';
import { reportNames, reports } from '../../features/reports/reports.js';
import { addressOf } from '../page/address.js';
import { Check, Choice, formShown } from '../parts/fields.js';
import { Empty, Panel, Tabs } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { dayText, minutesText } from '../words/formats.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { choiceFields, headingChoices, type ChosenReport } from './report-choice.js';
import { ranges } from './report-range.js';
import type { ShownReport } from './reports.service.js';
import { words } from './reports.words.js';

export const reportTabs = (here: 'make' | 'scheduled', { language }: Pick<PageReader, 'language'>): JSX.Element => {
  const text = words[language];
  return (
    <Tabs
      label={text.tabs}
      tabs={[
        { text: text.make, href: '/console/reports', isHere: here === 'make' },
        { text: text.scheduled, href: '/console/reports/schedules', isHere: here === 'scheduled' },
      ]}
    />
  );
};

/** The choice of a report, its first rows and totals, and the file. One form, so that every button knows the whole choice. */
export function reportsPage(shown: ShownReport, reader: PageReader): ShownPage {
  const { chosen, customer, preview, refusal } = shown;
  const { language } = reader;
  const text = words[language];
  const form = formShown(reader, typedOf(shown), refusal);
  const reason = refusal?.errors ? undefined : refusal;
  return {
    title: `${reports[chosen.report].title[language]} – ${text.title}`,
    status: refusal ? statusOf(refusal.code) : customer.kind === 'unknown' ? 404 : undefined,
    wide: true,
    main: (
      <>
        <h1>{text.title}</h1>
        {reportTabs('make', reader) as 'safe'}
        <form method="get" action="/console/reports" class="report">
          <Panel id="choose" title={text.choose}>
            <What shown={shown} form={form} reader={reader} />
            <CustomerChoices shown={shown} reader={reader} />
            <button type="submit">{text.show}</button>
            <p class="hint">{text.share}</p>
          </Panel>
          <RefusalNotice refusal={reason} reader={reader} />
          {preview !== undefined && <Preview preview={preview} chosen={chosen} reader={reader} />}
          <FileOptions shown={shown} form={form} reader={reader} />
        </form>
      </>
    ),
  };
}

/** What the fields show: the typed values, else the defaults that were taken for them. */
function typedOf({ typed, chosen, customer }: ShownReport): Record<string, string> {
  const { report, range, headings, request } = chosen;
  const isCustom = (typed.range ?? range) === 'custom';
  return {
    ...{ report, range, headings, basis: request.basis ?? 'corrected', format: request.format },
    ...typed,
    // Days that are typed beside a named range do not count, so they are not shown either.
    ...(!isCustom && { from: '', to: '' }),
    ...(customer.kind === 'one' && { customer: customer.name }),
  };
}

interface FormProps {
  shown: ShownReport;
  form: FormShown;
  reader: PageReader;
}

function What({ shown, form, reader }: FormProps): JSX.Element {
  const { csms, chosen } = shown;
  const { language } = reader;
  const text = words[language];
  return (
    <div class="fields">
      <Choice
        name="report"
        label={text.report}
        hint={text.about[chosen.report]}
        options={reportNames.map((value) => ({ value, text: reports[value].title[language] }))}
        form={form}
      />
      <Choice
        name="range"
        label={text.range}
        options={ranges.map((value) => ({ value, text: text.ranges[value] }))}
        form={form}
      />
      <div class="only-custom">
        <Field field={{ name: 'from', label: text.from, type: 'date', maxLength: 10 }} form={form} />
      </div>
      <div class="only-custom">
        <Field field={{ name: 'to', label: text.to, type: 'date', maxLength: 10 }} form={form} />
      </div>
      <Choice
        name="basis"
        label={text.basis}
        options={bases.map((value) => ({ value, text: text.bases[value] }))}
        form={form}
      />
      <Choice
        name="package"
        label={text.package}
        options={packageCodes.map((value) => ({ value, text: printedWords.package[value][language] }))}
        empty={text.allPackages}
        form={form}
      />
      {csms.length > 1 && (
        <Choice
          name="csmId"
          label={text.csm}
          options={csms.map(({ id, name }) => ({ value: id, text: name }))}
          empty={text.allCsms}
          form={form}
        />
      )}
      <Customer shown={shown} form={form} reader={reader} />
    </div>
  );
}

/** The address of the same choice with another customer, or with all. */
function withCustomer({ typed }: ShownReport, customerId?: string): string {
  const kept = Object.fromEntries(choiceFields.map((name) => [name, typed[name]]));
  return escapeHtml(addressOf('/console/reports', { ...kept, customerId }));
}

/** The field for a part of the name; after the choice, the customer with a link back to all. */
function Customer({ shown, form, reader: { language } }: FormProps): JSX.Element {
  const text = words[language];
  const { customer } = shown;
  if (customer.kind !== 'one') {
    return (
      <Field
        field={{ name: 'customer', label: text.customer, hint: text.customerHint, type: 'search', maxLength: 200 }}
        form={form}
      />
    );
  }
  return (
    <div class="field">
      <input type="hidden" name="customerId" value={customer.id} />
      <strong>{text.customer}</strong>
      <p class="row">
        <span safe>{customer.name}</span> <a href={withCustomer(shown)}>{text.allCustomers}</a>
      </p>
    </div>
  );
}

/** What to do if a typed name fits no customer or several. */
function CustomerChoices({ shown, reader: { language } }: Omit<FormProps, 'form'>): JSX.Element {
  const text = words[language];
  const { customer, typed } = shown;
  if (customer.kind === 'unknown') return <p class="fault">{text.customerUnknown}</p>;
  if (customer.kind !== 'several') return <></>;
  return (
    <div class="notice" role="alert">
      <p>
        <strong>{text.customerSeveral}</strong>{' '}
        {escapeHtml(say(text.customerNote, language, { text: typed.customer ?? '' }))}
      </p>
      <ul class="choices">
        {customer.of.map(({ id, name }) => (
          <li>
            <a href={withCustomer(shown, id)} safe>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Columns that hold only ids of the service, which people do not read. */
const isId = (column: Column): boolean =>
  column.type === 'code' && column.words === undefined && /id$/i.test(column.name);

const isNumber = ({ type }: Column): boolean => ['number', 'minutes', 'hours', 'amount'].includes(type);

/** A longer text is broken into lines. */
const isLong = (cell: string | null | undefined): boolean => (cell?.length ?? 0) > 30;

function Preview({
  preview: { columns, rows, rowCount, totals },
  chosen,
  reader,
}: {
  preview: ReportPreview;
  chosen: ChosenReport;
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const places = columns.flatMap((column, at) => (isId(column) ? [] : [at]));
  const heading = (at: number): string =>
    chosen.headings === 'names' ? columns[at]!.name : columns[at]![chosen.headings];
  return (
    <Panel id="preview" title={text.preview}>
      <Totals preview={{ columns, rows, rowCount, totals }} chosen={chosen} reader={reader} />
      {rowCount === 0 ? (
        <Empty text={`${text.noRows} ${text.noRowsNext}`} />
      ) : (
        <div class="sideways" role="region" aria-label={text.scroll} tabindex="0">
          <table class="plain">
            <caption class="unseen" safe>
              {reports[chosen.report].title[language]}
            </caption>
            <thead>
              <tr>
                {places.map((at) => (
                  <th scope="col" class={isNumber(columns[at]!) ? 'number' : undefined} safe>
                    {heading(at)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((cells) => (
                <tr>
                  {places.map((at) => (
                    <td class={isNumber(columns[at]!) ? 'number' : isLong(cells[at]) ? 'prose' : undefined} safe>
                      {cells[at] ?? ''}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                {places.map((at, place) =>
                  place === 0 ? (
                    <th scope="row">{text.totals}</th>
                  ) : (
                    <td class={isNumber(columns[at]!) ? 'number' : undefined} safe>
                      {totals[at] ?? ''}
                    </td>
                  ),
                )}
              </tr>
            </tfoot>
          </table>
        </div>
      )}
      {rowCount > rows.length && (
        <p class="soft" safe>
          {say(text.firstRows, language, { count: rows.length, total: rowCount })}
        </p>
      )}
      {columns.length > places.length && rowCount > 0 && (
        <p class="soft" safe>
          {say(text.moreColumns, language, { count: columns.length - places.length })}
        </p>
      )}
    </Panel>
  );
}

/** The days, the number of rows, and the sum that the report is about. */
function Totals({
  preview: { columns, rowCount, totals },
  chosen: { report, days },
  reader: { language },
}: {
  preview: ReportPreview;
  chosen: ChosenReport;
  reader: PageReader;
}): JSX.Element {
  const text = words[language];
  const { totalOf } = reports[report] as { totalOf?: string };
  const totalMinutes = totalOf === undefined ? null : totals[columns.findIndex(({ name }) => name === totalOf)]!;
  const amount = totals[columns.findIndex(({ type }) => type === 'amount')];
  const currency = totals[columns.findIndex(({ name }) => name === 'currency')];
  const sum =
    totalMinutes === null ? [amount, currency].filter(Boolean).join(' ') : minutesText(Number(totalMinutes), language);
  return (
    <p class="row">
      {sum !== '' && (
        <span class="largest" safe>
          {sum}
        </span>
      )}
      <span class="soft" safe>
        {[
          say(text.rows, language, { count: rowCount }),
          days.from === undefined && days.to === undefined
            ? text.allDays
            : say(text.daysText, language, {
                from: days.from === undefined ? '' : dayText(days.from, language),
                to: days.to === undefined ? '' : dayText(days.to, language),
              }),
        ].join(' · ')}
      </span>
    </p>
  );
}

function FileOptions({ shown, form, reader: { language } }: FormProps): JSX.Element {
  const text = words[language];
  return (
    <Panel id="file" title={text.file}>
      <div class="fields">
        <Choice
          name="format"
          label={text.format}
          options={formatNames.map((value) => ({ value, text: text.formats[value] }))}
          form={form}
        />
        <Choice
          name="headings"
          label={text.headings}
          options={headingChoices.map((value) => ({ value, text: text.headingNames[value] }))}
          form={form}
        />
        <div class="only-csv">
          <Choice
            name="delimiter"
            label={text.delimiter}
            options={delimiterNames.map((value) => ({ value, text: text.delimiters[value] }))}
            form={form}
          />
        </div>
        <div class="only-csv">
          <Choice
            name="charset"
            label={text.charset}
            options={charsets.map((value) => ({ value, text: text.charsets[value] }))}
            form={form}
          />
        </div>
      </div>
      <div class="only-csv">
        <Check name="bom" label={text.bom} form={form} />
      </div>
      <p class="hint">{text.streamed}</p>
      <div class="row">
        <button type="submit" formaction="/console/reports/file" data-turbo="false">
          {text.download}
        </button>
        {shown.maySchedule && (
          <button type="submit" class="quiet" formaction="/console/reports/schedules/new">
            {text.schedule}
          </button>
        )}
      </div>
    </Panel>
  );
}
