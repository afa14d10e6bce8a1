import { escapeHtml } from '@kitajs/html';
import type { PackageCode } from '../../domain/package.js';
import { statusOf, type Refusal } from '../../domain/refusal.js';
import { reportPeriods, type ReportPeriod } from '../../domain/report-schedule.js';
import type { Language } from '../../domain/language.js';
import { monthText, numberText } from '../words/formats.js';
import { say } from '../../platform/sentences.js';
import { Field } from '../../platform/pages/fields.js';
import { contactRoles } from '../../features/customers/contact.js';
import type { FormatName } from '../../features/reports/formats.js';
import type { Basis } from '../../features/reports/report.js';
import { printedWords } from '../../features/reports/printed-words.js';
import { reports, type ReportName } from '../../features/reports/reports.js';
import type { ReportScheduleAnswer } from '../../features/schedules/report-schedule.dto.js';
import type { ReportDeliveryAnswer } from '../../features/schedules/report-delivery.dto.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Moment } from '../parts/day-time.js';
import { Choice, formShown } from '../parts/fields.js';
import { Badge, Facts, Panel } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { addressOf } from '../page/address.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { words } from './reports.words.js';
import { sentOnText } from './schedules.page.js';
import type { FreshSchedule, OneSchedule } from './schedules.service.js';

const all = '/console/reports/schedules';

/** What was typed into the form, and why it was refused. */
export interface TypedSchedule {
  typed?: Readonly<Record<string, string>>;
  refusal?: Refusal;
}

/** The fields that come from the choice of the report. The form sends them unchanged. */
const carried = ['report', 'basis', 'format', 'headings', 'charset', 'bom', 'customerId', 'csmId', 'package'] as const;

/** The form that sends a report every month. */
export function newSchedulePage(fresh: FreshSchedule, reader: PageReader, again: TypedSchedule): ShownPage {
  const { language } = reader;
  const text = words[language];
  const { refusal } = again;
  const values = again.typed ?? fresh.defaults;
  const form = formShown(reader, values, refusal);
  return {
    title: text.newTitle,
    main: (
      <>
        <p>
          <a href={all}>{text.all}</a>
        </p>
        <h1>{text.newTitle}</h1>
        <p class="soft">{text.newLead}</p>
        <RefusalNotice refusal={refusal?.errors ? undefined : refusal} reader={reader} />
        <Panel id="what" title={text.what}>
          <What values={values} customer={fresh.customer} csm={fresh.csm} language={language} />
          <p>
            <a href={escapeHtml(addressOf('/console/reports', choiceIn(values)))}>{text.whatChange}</a>
          </p>
        </Panel>
        <Panel id="when" title={text.when}>
          <ActionForm reader={reader} action={all}>
            {carried.map((name) =>
              values[name] === undefined || values[name] === '' ? (
                <></>
              ) : (
                <input type="hidden" name={name} value={escapeHtml(values[name])} />
              ),
            )}
            <div class="fields">
              <Choice
                name="period"
                label={text.period}
                options={reportPeriods.map((value) => ({ value, text: text.periods[value] }))}
                form={form}
              />
              <Choice
                name="dayOfMonth"
                label={text.day}
                options={Array.from({ length: 31 }, (_, at) => ({ value: String(at + 1), text: String(at + 1) }))}
                form={form}
              />
              <Field
                field={{ name: 'timeOfDay', label: text.time, type: 'time', required: true, maxLength: 5 }}
                form={form}
              />
              <Field field={{ name: 'timeZone', label: text.zone, required: true, maxLength: 60 }} form={form} />
              <Choice
                name="locale"
                label={text.locale}
                options={[
                  { value: 'en', text: text.headingNames.en },
                  { value: 'ja', text: text.headingNames.ja },
                ]}
                form={form}
              />
              {values.customerId !== undefined && (
                <Choice
                  name="role"
                  label={text.roles}
                  hint={text.rolesHint}
                  options={contactRoles.map((value) => ({ value, text: text.role[value] }))}
                  empty="–"
                  form={form}
                />
              )}
            </div>
            <Field
              field={{
                name: 'recipients',
                label: text.recipients,
                hint: text.toHint,
                lines: 'many',
                maxLength: 10_000,
              }}
              form={form}
            />
            <div class="row">
              <button type="submit">{text.create}</button>
              <a href={all}>{text.cancel}</a>
            </div>
          </ActionForm>
        </Panel>
      </>
    ),
  };
}

const choiceIn = (values: Readonly<Record<string, string>>): Record<string, string | undefined> =>
  Object.fromEntries(carried.map((name) => [name, values[name]]));

/** A stored schedule as the values of the form. */
function valuesOf({
  report,
  period,
  basis,
  format,
  headings,
  charset,
  bom,
  ...filter
}: ReportScheduleAnswer): Record<string, string> {
  const given = Object.entries({ customerId: filter.customerId, csmId: filter.csmId, package: filter.package });
  return {
    ...{ report, period, basis, format, headings, charset },
    ...(bom && { bom: 'true' }),
    ...Object.fromEntries(given.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
  };
}

/** The report with its filters and its format. */
function What({
  values,
  customer,
  csm,
  language,
}: {
  values: Readonly<Record<string, string>>;
  customer: string | undefined;
  csm: string | undefined;
  language: Language;
}): JSX.Element {
  const text = words[language];
  const sold = values.package as PackageCode | undefined;
  const facts: [name: string, value: string | undefined][] = [
    [text.report, reports[values.report as ReportName]?.title[language]],
    [text.period, text.periods[values.period as ReportPeriod]],
    [text.basis, text.bases[values.basis as Basis]],
    [text.customer, customer ?? text.allCustomers],
    [text.csm, csm],
    [text.package, sold && printedWords.package[sold][language]],
    [text.format, text.formats[values.format as FormatName]],
    [text.headings, text.headingNames[values.headings as keyof typeof text.headingNames]],
  ];
  return (
    <Facts
      facts={facts.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: escapeHtml(value) }]))}
    />
  );
}

/** A schedule with its mails. */
export function schedulePage(
  { schedule, customer, csm, deliveries }: OneSchedule,
  reader: PageReader,
  refusal?: Refusal,
): ShownPage {
  const { language } = reader;
  const text = words[language];
  const title = say(text.scheduleTitle, language, { report: reports[schedule.report].title[language] });
  const path = `${all}/${schedule.id}`;
  const recipients = [
    ...schedule.recipients.map(({ name, email }) => `${name} <${email}>`),
    ...schedule.recipientRoles.map((role) => text.role[role]),
  ];
  return {
    title,
    status: refusal && statusOf(refusal.code),
    main: (
      <>
        <p>
          <a href={all}>{text.all}</a>
        </p>
        <h1 safe>{title}</h1>
        <RefusalNotice refusal={refusal} reader={reader} />
        <Panel id="what" title={text.what}>
          <What values={valuesOf(schedule)} customer={customer} csm={csm} language={language} />
          <Facts
            facts={[
              { name: text.sentOn, value: escapeHtml(sentOnText(schedule, reader)) },
              { name: text.next, value: <Moment at={schedule.nextAt} reader={reader} timeZone={schedule.timeZone} /> },
              { name: text.recipients, value: escapeHtml(recipients.join('\n')) },
              { name: text.owner, value: escapeHtml(schedule.owner.name) },
            ]}
          />
          <div class="row">
            <ActionForm reader={reader} action={`${path}/run`}>
              <button type="submit">{text.runNow}</button>
            </ActionForm>
            <a href={escapeHtml(addressOf('/console/reports', choiceIn(valuesOf(schedule))))}>{text.preview}</a>
          </div>
        </Panel>
        <Panel id="deliveries" title={text.deliveries}>
          {deliveries.length === 0 ? (
            <p>{text.noDeliveries}</p>
          ) : (
            <Deliveries rows={deliveries} path={path} reader={reader} />
          )}
        </Panel>
        <Panel id="stop" title={text.stop}>
          <p safe>{`${text.stopText} ${text.change}`}</p>
          <ActionForm reader={reader} action={`${path}/delete`}>
            <button type="submit" class="danger">
              {text.stop}
            </button>
          </ActionForm>
        </Panel>
      </>
    ),
  };
}

function Deliveries({
  rows,
  path,
  reader,
}: {
  rows: readonly ReportDeliveryAnswer[];
  path: string;
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const columns: TableColumn<ReportDeliveryAnswer>[] = [
    {
      heading: text.sentTo,
      cell: ({ recipient }) => <span safe>{`${recipient.name} <${recipient.address}>`}</span>,
    },
    {
      heading: text.ofMonth,
      cell: ({ month }) => (month === null ? text.unasked : escapeHtml(monthText(month, language))),
    },
    {
      heading: text.status,
      cell: ({ status }) => (
        <Badge text={text.statuses[status]} tone={status === 'sent' ? 'good' : status === 'failed' ? 'bad' : 'plain'} />
      ),
    },
    { heading: text.at, cell: (row) => <Moment at={row.sentAt ?? row.plannedAt} reader={reader} /> },
    {
      heading: text.resend,
      cell: ({ id, status }) =>
        status === 'failed' && id !== null ? (
          <ActionForm reader={reader} action={`${path}/deliveries/${id}/resend`}>
            <button type="submit" class="quiet">
              {text.resend}
            </button>
          </ActionForm>
        ) : (
          ''
        ),
    },
  ];
  return (
    <DataTable caption={`${text.deliveries} (${numberText(rows.length, language)})`} columns={columns} rows={rows} />
  );
}
