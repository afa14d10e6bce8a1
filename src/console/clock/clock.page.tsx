import { escapeHtml } from '@kitajs/html';
import type { Refusal } from '../../domain/refusal.js';
import type { JobAnswer } from '../../jobs/job.dto.js';
import type { JobName } from '../../jobs/job.js';
import { Field } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import { jobTexts } from '../jobs/jobs.words.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Moment } from '../parts/day-time.js';
import { formShown } from '../parts/fields.js';
import { Empty, Panel } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { momentText } from '../words/formats.js';
import { clockWords } from './clock.words.js';

export interface ClockShown {
  now: Date;
  jobs: readonly JobAnswer[];
  typed: Readonly<Record<string, string>>;
  refusal?: Refusal;
}

/** The simulated clock: what it shows, what falls due, and how to advance it. */
export function clockPage(reader: PageReader, { now, jobs, typed, refusal }: ClockShown): ShownPage {
  const { language, timeZone } = reader;
  const words = clockWords[language];
  const due = jobs
    .filter((job): job is JobAnswer & { nextDueAt: Date } => job.nextDueAt !== null)
    .sort((one, other) => one.nextDueAt.getTime() - other.nextDueAt.getTime());
  const next = due.find(({ nextDueAt }) => nextDueAt > now)?.nextDueAt;
  const form = formShown(reader, typed, refusal);
  const columns: TableColumn<(typeof due)[number]>[] = [
    {
      heading: words.job,
      cell: ({ name }) => (
        <a href={`/console/jobs/${name}`} safe>
          {jobTexts[name as JobName].name[language]}
        </a>
      ),
    },
    { heading: words.at, cell: ({ nextDueAt }) => <Moment at={nextDueAt} reader={reader} /> },
  ];
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        <p>{words.explanation}</p>
        <RefusalNotice refusal={refusal} reader={reader} />
        <p class="soft">{words.now}</p>
        <p class="largest">
          <Moment at={now} reader={reader} />
        </p>
        <Panel id="advance" title={words.advance}>
          <ActionForm reader={reader} action="/console/clock">
            <div class="fields">
              <Field
                field={{ name: 'day', label: words.day, type: 'date', required: true, maxLength: 10 }}
                form={form}
              />
              <Field
                field={{
                  name: 'time',
                  label: say(words.time, language, { zone: timeZone }),
                  type: 'time',
                  required: true,
                  maxLength: 5,
                }}
                form={form}
              />
            </div>
            <button type="submit">{words.submit}</button>
          </ActionForm>
          {next !== undefined && (
            <>
              <hr />
              <h3>{words.next}</h3>
              <ActionForm reader={reader} action="/console/clock">
                <input type="hidden" name="at" value={escapeHtml(next.toISOString())} />
                <button type="submit" class="quiet" safe>
                  {say(words.to, language, { at: momentText(next, timeZone, language) })}
                </button>
              </ActionForm>
            </>
          )}
        </Panel>
        <Panel id="due" title={words.due}>
          {due.length === 0 ? (
            <Empty text={words.nothing} />
          ) : (
            <DataTable caption={words.due} columns={columns} rows={due} list />
          )}
        </Panel>
      </>
    ),
  };
}
