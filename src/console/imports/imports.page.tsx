import { escapeHtml } from '@kitajs/html';
import { csvFaults } from '../../domain/csv-faults.js';
import type { Language } from '../../domain/language.js';
import { refusals } from '../../domain/refusals.js';
import { activities, deliveries } from '../../domain/time-entry.js';
import { activityWords, deliveryWords } from '../../domain/work-words.js';
import type { Page } from '../../platform/http/paging.js';
import { say } from '../../platform/sentences.js';
import { Field } from '../../platform/pages/fields.js';
import type { KeptImport } from '../../features/imports/import-status.js';
import type { ImportProblem } from '../../features/imports/import-tally.js';
import { addressOf } from '../page/address.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Moment } from '../parts/day-time.js';
import { Choice, formShown } from '../parts/fields.js';
import { Badge, Empty, Pager, Panel, type Tone } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { minutesText, numberText } from '../words/formats.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { askedBy, needsDefaults, statedOptions, type AskedOption } from './import.form.js';
import type { ImportTry } from './imports.service.js';
import { words } from './imports.words.js';

const all = '/console/imports';

/** More would make the page slow, and the reader corrects the file after a few. */
const mostProblems = 200;

/** The form for a file or pasted rows, and the imports so far. */
export function importsPage(
  { data, nextCursor }: Page<KeptImport>,
  reader: PageReader,
  pasted?: { typed: Readonly<Record<string, string>>; tried: ImportTry },
): ShownPage {
  const { language } = reader;
  const text = words[language];
  const form = formShown(reader, pasted?.typed, pasted?.tried.refusal);
  return {
    title: text.title,
    main: (
      <>
        <h1>{text.title}</h1>
        <p class="soft">{text.lead}</p>
        <Panel id="new" title={text.new}>
          {/* The answer is a page at once, because trying changes nothing. */}
          <div data-turbo="false">
            <ActionForm reader={reader} action={`${all}/rows`} class="import">
              <tag
                of="import-file"
                data-address={`${all}/file`}
                data-running={`${all}/running`}
                data-label={text.file}
                data-hint={text.fileHint}
                data-uploading={text.uploading}
                data-checking={text.checking}
                data-booking={text.booking}
                data-lost={text.lost}
              ></tag>
              <Field
                field={{ name: 'text', label: text.rows, hint: text.rowsHint, lines: 'many', maxLength: 900_000 }}
                form={form}
              />
              <details>
                <summary>{text.columns}</summary>
                <p>{text.columnsText}</p>
              </details>
              <p>
                <button type="submit" name="step" value="try">
                  {text.check}
                </button>
              </p>
              <div id="import-result" role="status">
                {pasted !== undefined && <ImportResult tried={pasted.tried} reader={reader} />}
              </div>
            </ActionForm>
          </div>
        </Panel>
        <Panel id="imports" title={text.list}>
          {data.length === 0 ? <Empty text={text.none} /> : <Imports rows={data} reader={reader} />}
          <Pager href={nextCursor === null ? null : addressOf(all, { cursor: nextCursor })} text={text.more} />
        </Panel>
      </>
    ),
  };
}

const tones: Readonly<Record<KeptImport['status'], Tone>> = {
  running: 'plain',
  done: 'good',
  interrupted: 'bad',
  undoing: 'warn',
  undone: 'plain',
};

export const StatusBadge = ({
  status,
  language,
}: {
  status: KeptImport['status'];
  language: Language;
}): JSX.Element => <Badge text={words[language].states[status]} tone={tones[status]} />;

function Imports({ rows, reader }: { rows: readonly KeptImport[]; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const number = (value: number): JSX.Element => escapeHtml(numberText(value, language));
  const columns: TableColumn<KeptImport>[] = [
    {
      heading: text.name,
      cell: ({ id, fileName }) => (
        <a href={`${all}/${id}`} safe>
          {fileName ?? text.unnamed}
        </a>
      ),
    },
    { heading: text.state, cell: ({ status }) => <StatusBadge status={status} language={language} /> },
    { heading: text.accepted, isNumber: true, cell: ({ accepted }) => number(accepted) },
    { heading: text.present, isNumber: true, cell: ({ present }) => number(present) },
    { heading: text.refused, isNumber: true, cell: ({ refused }) => number(refused) },
    { heading: text.hours, isNumber: true, cell: ({ minutes }) => escapeHtml(minutesText(minutes, language)) },
    {
      heading: text.when,
      cell: ({ startedAt, startedByName }) => (
        <span>
          {startedByName !== null && <span safe>{`${startedByName} · `}</span>}
          <Moment at={startedAt} reader={reader} />
        </span>
      ),
    },
  ];
  return <DataTable caption={text.list} columns={columns} rows={rows} list />;
}

/** How far the running imports are. */
export function Progress({ running, reader }: { running: readonly KeptImport[]; reader: PageReader }): JSX.Element {
  const { language } = reader;
  return (
    <>
      {running.map(({ accepted, present, refused, rows }) => {
        const done = accepted + present + refused;
        const said = say(words[language].progress, language, { done, rows });
        return (
          <p>
            <progress value={done} max={Math.max(1, rows)} aria-label={escapeHtml(said)}></progress>{' '}
            <span safe>{said}</span>
          </p>
        );
      })}
    </>
  );
}

/** What became of the rows, and what to do next. It stands in the form, so that its buttons send the form again. */
export function ImportResult({ tried, reader }: { tried: ImportTry; reader: PageReader }): JSX.Element {
  return tried.outcome === undefined ? (
    <Refused tried={tried} reader={reader} />
  ) : (
    <Outcome tried={tried} outcome={tried.outcome} reader={reader} />
  );
}

/** The options that were stated before, except those that are asked again. */
function Stated({ options, except }: { options: ImportTry['options']; except: readonly string[] }): JSX.Element {
  return (
    <>
      {statedOptions.map((name) => {
        const value = options[name];
        return value === undefined || except.includes(name) ? (
          <></>
        ) : (
          <input type="hidden" name={name} value={escapeHtml(value)} />
        );
      })}
    </>
  );
}

const defaultFields = ['customer', 'consultant', 'productLine', 'activity', 'delivery', 'summary'] as const;

/** A file that cannot be read yet: its faults, and for each open question the possible answers as buttons. */
function Refused({ tried: { refusal, options }, reader }: { tried: ImportTry; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const faults = refusal?.faults ?? [];
  if (faults.length === 0) {
    return (
      <>
        <RefusalNotice refusal={refusal?.errors ? undefined : refusal} reader={reader} />
        <Stated options={options} except={[]} />
      </>
    );
  }
  const asked = askedBy(faults);
  const asksWhole = needsDefaults(faults);
  const except = [...asked.map(({ name }) => name), ...(asksWhole ? defaultFields : [])];
  return (
    <div class="notice warn" role="alert">
      <h3>{text.malformed}</h3>
      <p safe>{say(text.malformedText, language, { count: faults.length })}</p>
      <Stated options={options} except={except} />
      <ul>
        {faults.slice(0, mostProblems).map(({ line, column, code, params }) => (
          <li>
            <strong safe>
              {column === undefined
                ? say(text.atLine, language, { line })
                : say(text.atColumn, language, { line, column })}
            </strong>{' '}
            {escapeHtml(say(csvFaults[code][language], language, params))}
          </li>
        ))}
      </ul>
      {asked.map((option) => (
        <Question option={option} language={language} />
      ))}
      {asksWhole && <WholeFile options={options} reader={reader} />}
    </div>
  );
}

function Question({ option: { name, values }, language }: { option: AskedOption; language: Language }): JSX.Element {
  const text = words[language];
  const answers: Readonly<Record<string, string>> = {
    ...text.answers,
    ...(name === 'decimal' && { comma: text.decimalComma }),
  };
  return (
    <fieldset>
      <legend>{text.asked[name]}</legend>
      <div class="row">
        {values.map((value) => (
          <button type="submit" class="quiet" name={name} value={escapeHtml(value)} safe>
            {answers[value] ?? value}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

/** The values that stand in no column. */
function WholeFile({ options, reader }: { options: ImportTry['options']; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const form = formShown(reader, options);
  return (
    <fieldset>
      <legend>{text.whole}</legend>
      <p class="hint">{text.wholeHint}</p>
      <div class="fields">
        {(['customer', 'consultant', 'productLine'] as const).map((name) => (
          <Field field={{ name, label: text[name], maxLength: 254 }} form={form} />
        ))}
        <Choice
          name="activity"
          label={text.activity}
          options={activities.map((value) => ({ value, text: activityWords[value][language] }))}
          empty={text.inFile}
          form={form}
        />
        <Choice
          name="delivery"
          label={text.delivery}
          options={deliveries.map((value) => ({ value, text: deliveryWords[value][language] }))}
          empty={text.inFile}
          form={form}
        />
        <Field field={{ name: 'summary', label: text.summary, maxLength: 2_000 }} form={form} />
      </div>
      <button type="submit" name="step" value="try">
        {text.again}
      </button>
    </fieldset>
  );
}

function Outcome({
  tried: { program, options },
  outcome,
  reader,
}: {
  tried: ImportTry;
  outcome: NonNullable<ImportTry['outcome']>;
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const text = words[language];
  const { accepted, present, refused, rows, minutes, dryRun, importId } = outcome;
  const counts: [label: string, count: number, tone: string][] = [
    [text.accepted, accepted, 'good'],
    [text.present, present, 'plain'],
    [text.refused, refused, refused > 0 ? 'warn' : 'plain'],
  ];
  return (
    <div class="outcome">
      <h3 safe>{say(dryRun ? text.would : text.booked, language, { accepted })}</h3>
      <p>
        {escapeHtml(say(text.wouldText, language, { minutes: minutesText(minutes, language), rows }))}{' '}
        <Badge
          text={program ? say(text.program, language, { program: text.programs[program] }) : text.own}
          tone="plain"
        />
      </p>
      <div class="figures">
        {counts.map(([label, count, tone]) => (
          <div class={`figure ${tone}`}>
            <span class="largest" safe>
              {numberText(count, language)}
            </span>
            <span safe>{label}</span>
          </div>
        ))}
      </div>
      <Stated options={options} except={[]} />
      {refused > 0 && <Problems outcome={outcome} language={language} />}
      {dryRun && refused > 0 && accepted > 0 && <p class="hint">{text.takeRefused}</p>}
      {dryRun &&
        (accepted > 0 ? (
          <p>
            <button type="submit" name="step" value="take" safe>
              {say(text.take, language, { accepted })}
            </button>
          </p>
        ) : (
          <p>{text.nothing}</p>
        ))}
      {importId !== undefined && (
        <p>
          <a class="button" href={`${all}/${importId}`}>
            {text.seeImport}
          </a>
        </p>
      )}
    </div>
  );
}

/** The refused rows by their reason, the most frequent first. */
function Problems({
  outcome: { problems, problemsOmitted },
  language,
}: {
  outcome: NonNullable<ImportTry['outcome']>;
  language: Language;
}): JSX.Element {
  const text = words[language];
  const listed = problems.slice(0, mostProblems);
  const byReason = new Map<string, ImportProblem[]>();
  for (const problem of listed) {
    const code = problem.violations?.[0]?.code ?? problem.code;
    byReason.set(code, [...(byReason.get(code) ?? []), problem]);
  }
  const reasons = [...byReason].sort(([, one], [, other]) => other.length - one.length);
  const more = problems.length + problemsOmitted - listed.length;
  return (
    <>
      <h4>{text.problems}</h4>
      {more > 0 && <p safe>{say(text.onlyFirst, language, { count: listed.length, more })}</p>}
      {reasons.map(([code, rows], at) => (
        <details open={at === 0}>
          <summary safe>
            {say(text.reason, language, {
              title: refusals[code as keyof typeof refusals].title[language],
              count: rows.length,
            })}
          </summary>
          <ProblemTable
            rows={rows}
            caption={refusals[code as keyof typeof refusals].title[language]}
            language={language}
          />
        </details>
      ))}
    </>
  );
}

function ProblemTable({
  rows,
  caption,
  language,
}: {
  rows: readonly ImportProblem[];
  caption: string;
  language: Language;
}): JSX.Element {
  const text = words[language];
  const columns: TableColumn<ImportProblem>[] = [
    { heading: text.line, cell: ({ line }) => escapeHtml(numberText(line, language)) },
    { heading: text.column, cell: ({ column }) => escapeHtml(column ?? '') },
    { heading: text.value, cell: ({ value }) => escapeHtml(value ?? '') },
    { heading: text.why, cell: (problem) => escapeHtml(whyOf(problem)) },
  ];
  return <DataTable caption={caption} columns={columns} rows={rows} />;
}

/** Every broken rule of a row, or its unreadable values. */
function whyOf({ violations = [], errors = [], detail }: ImportProblem): string {
  const reasons = [...violations, ...errors].map((one) => one.detail);
  return reasons.length > 0 ? reasons.join(' ') : detail;
}
