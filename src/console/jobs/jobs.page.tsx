import type { Language } from '../../domain/language.js';
import type { SubscriptionName } from '../../features/subscriptions/contract.js';
import type { DryRunAnswer, JobAnswer, JobRunAnswer, JobRunList, QuarantineAnswer } from '../../jobs/job.dto.js';
import type { JobName } from '../../jobs/job.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Moment } from '../parts/day-time.js';
import { Badge, Empty, Pager, Panel, type Tone } from '../parts/layout.js';
import { momentText, numberText } from '../words/formats.js';
import { mailKindName } from '../words/mail-kinds.js';
import { countTexts, eventNames, jobsWords, jobTexts } from './jobs.words.js';

const pathOf = (name: string): string => `/console/jobs/${name}`;

const textsOf = (name: string) => jobTexts[name as JobName];

/** All jobs: what is due when, and how the last run ended. */
export function jobsPage(reader: PageReader, { jobs, mailHold, mailServer }: JobRunList): ShownPage {
  const { language } = reader;
  const words = jobsWords[language];
  const columns: TableColumn<JobAnswer>[] = [
    {
      heading: words.job,
      cell: ({ name, setAside }) => (
        <>
          <a href={pathOf(name)} safe>
            {textsOf(name).name[language]}
          </a>
          <div class="soft" safe>
            {textsOf(name).does[language]}
          </div>
          {setAside.length > 0 && (
            <Badge tone="bad" text={say(words.quarantined, language, { count: setAside.length })} />
          )}
        </>
      ),
    },
    { heading: words.due, cell: ({ nextDueAt }) => <Due at={nextDueAt} reader={reader} /> },
    {
      heading: words.latest,
      cell: ({ latestRun }) => (latestRun ? <Run run={latestRun} reader={reader} /> : <>{words.never}</>),
    },
    { heading: words.action, cell: ({ name }) => <RunForm name={name} reader={reader} /> },
  ];
  const { answering, failingSince, lastError, tryAgainAt } = mailServer;
  return {
    title: words.title,
    wide: true,
    main: (
      <>
        <h1>{words.title}</h1>
        {mailHold.held && (
          <div class="notice warn">
            <p>
              {words.held} <a href="/console/mails">{words.toMails}</a>
            </p>
          </div>
        )}
        {!answering && (
          <div class="notice bad">
            <p safe>
              {say(words.notAnswering, language, {
                since: failingSince ? momentText(failingSince, reader.timeZone, language) : '–',
                error: lastError ?? '–',
                next: tryAgainAt ? momentText(tryAgainAt, reader.timeZone, language) : '–',
              })}
            </p>
          </div>
        )}
        <div class="panel">
          <DataTable caption={words.title} columns={columns} rows={jobs} list />
        </div>
      </>
    ),
  };
}

/** One job: its quarantine and its runs. */
export function jobPage(
  reader: PageReader,
  {
    job,
    runs,
    nextHref,
    names,
    hasDryRun,
  }: {
    job: JobAnswer;
    runs: readonly JobRunAnswer[];
    nextHref: string | null;
    names: ReadonlyMap<string, SubscriptionName>;
    hasDryRun: boolean;
  },
): ShownPage {
  const { language } = reader;
  const words = jobsWords[language];
  const { name, does } = textsOf(job.name);
  const runColumns: TableColumn<JobRunAnswer>[] = [
    { heading: words.started, cell: ({ startedAt }) => <Moment at={startedAt} reader={reader} /> },
    { heading: words.outcome, cell: (run) => <Outcome run={run} reader={reader} /> },
    { heading: words.did, cell: ({ counts }) => <span safe>{countsText(counts, language)}</span> },
    { heading: words.took, isNumber: true, cell: (run) => <span safe>{durationText(run, language)}</span> },
    { heading: words.by, cell: ({ askedBy }) => <>{words.askedBy[askedBy]}</> },
  ];
  const quarantineColumns: TableColumn<QuarantineAnswer>[] = [
    {
      heading: words.subscription,
      cell: ({ subscriptionId }) => (
        <a href={`/console/subscriptions/${subscriptionId}`} safe>
          {subscriptionText(names.get(subscriptionId), subscriptionId)}
        </a>
      ),
    },
    { heading: words.error, cell: ({ error }) => <code safe>{error}</code> },
    { heading: words.since, cell: ({ since }) => <Moment at={since} reader={reader} /> },
    { heading: words.tries, isNumber: true, cell: ({ tries }) => <span safe>{numberText(tries, language)}</span> },
    { heading: words.again, cell: ({ tryAgainAt }) => <Due at={tryAgainAt} reader={reader} /> },
    {
      heading: words.action,
      cell: ({ subscriptionId }) => (
        <ActionForm reader={reader} action={`${pathOf(job.name)}/quarantine/${subscriptionId}`}>
          <button type="submit" class="quiet">
            {words.release}
          </button>
        </ActionForm>
      ),
    },
  ];
  return {
    title: name[language],
    wide: true,
    main: (
      <>
        <p>
          <a href="/console/jobs">{words.back}</a>
        </p>
        <h1 safe>{name[language]}</h1>
        <p safe>{does[language]}</p>
        <p>
          {words.due}: <Due at={job.nextDueAt} reader={reader} />
        </p>
        <div class="row after">
          <RunForm name={job.name} reader={reader} />
          {hasDryRun && (
            <form method="get" action={`${pathOf(job.name)}/dry-run`}>
              <button type="submit" class="quiet">
                {words.dryRun}
              </button>
            </form>
          )}
        </div>
        {job.setAside.length > 0 && (
          <Panel id="quarantine" title={words.quarantine}>
            <p class="soft">{words.quarantineHint}</p>
            <DataTable caption={words.quarantine} columns={quarantineColumns} rows={job.setAside} list />
          </Panel>
        )}
        <Panel id="runs" title={words.runs}>
          {runs.length === 0 ? (
            <Empty text={words.noRuns} />
          ) : (
            <DataTable caption={words.runs} columns={runColumns} rows={runs} />
          )}
          <Pager href={nextHref} text={words.older} />
        </Panel>
      </>
    ),
  };
}

/** What a run would do now. */
export function dryRunPage(
  reader: PageReader,
  { job, counts, wouldHappen }: DryRunAnswer,
  names: ReadonlyMap<string, SubscriptionName>,
): ShownPage {
  const { language } = reader;
  const words = jobsWords[language];
  const title = say(words.dryTitle, language, { job: textsOf(job).name[language] });
  const columns: TableColumn<DryRunAnswer['wouldHappen'][number]>[] = [
    {
      heading: words.subscription,
      cell: ({ subscriptionId }) => (
        <a href={`/console/subscriptions/${subscriptionId}`} safe>
          {subscriptionText(names.get(subscriptionId), subscriptionId)}
        </a>
      ),
    },
    {
      heading: words.happens,
      cell: ({ what, error }) => (
        <>
          <span safe>{eventText(job, what, language)}</span>
          {error !== null && (
            <div>
              <code safe>{error}</code>
            </div>
          )}
        </>
      ),
    },
  ];
  return {
    title,
    main: (
      <>
        <p>
          <a href={pathOf(job)} safe>
            {textsOf(job).name[language]}
          </a>
        </p>
        <h1 safe>{title}</h1>
        <div class="notice">
          <p>{words.dryHint}</p>
          <p>
            <strong safe>{countsText(counts, language)}</strong>
          </p>
        </div>
        {wouldHappen.length === 0 ? (
          <Empty text={words.dryNothing} />
        ) : (
          <Panel id="events" title={say(words.dryFirst, language, { count: wouldHappen.length })}>
            <DataTable caption={words.happens} columns={columns} rows={wouldHappen} list />
          </Panel>
        )}
        <RunForm name={job} reader={reader} />
      </>
    ),
  };
}

/** The message after a run. */
export function ranText({ job, outcome, counts, error }: JobRunAnswer, language: Language): string {
  const words = jobsWords[language];
  return say(words.ran, language, {
    job: textsOf(job).name[language],
    outcome: words.outcomes[outcome],
    counts: error ?? countsText(counts, language),
  });
}

/** The name of a subscription in a message. */
export const subscriptionText = (named: SubscriptionName | undefined, id: string): string =>
  named ? [named.customer, named.contractNumber].filter((part) => part !== null).join(' · ') : id;

function RunForm({ name, reader }: { name: string; reader: PageReader }): JSX.Element {
  return (
    <ActionForm reader={reader} action={`${pathOf(name)}/run`}>
      <button type="submit" class="quiet">
        {jobsWords[reader.language].run}
      </button>
    </ActionForm>
  );
}

/** When something is due: a time in the past is overdue. */
function Due({ at, reader }: { at: Date | null; reader: PageReader }): JSX.Element {
  const words = jobsWords[reader.language];
  if (at === null) return <span class="soft">{words.nothingDue}</span>;
  return (
    <>
      <Moment at={at} reader={reader} /> {at < reader.now && <Badge tone="warn" text={words.overdue} />}
    </>
  );
}

function Run({ run, reader }: { run: JobRunAnswer; reader: PageReader }): JSX.Element {
  return (
    <>
      <Outcome run={run} reader={reader} /> <Moment at={run.startedAt} reader={reader} />
      <div class="soft" safe>
        {countsText(run.counts, reader.language)}
      </div>
    </>
  );
}

const tones = { running: 'plain', succeeded: 'good', failed: 'bad', interrupted: 'warn' } as const satisfies Record<
  JobRunAnswer['outcome'],
  Tone
>;

function Outcome({ run: { outcome, error }, reader }: { run: JobRunAnswer; reader: PageReader }): JSX.Element {
  return (
    <>
      <Badge tone={tones[outcome]} text={jobsWords[reader.language].outcomes[outcome]} />
      {error !== null && (
        <div>
          <code safe>{error}</code>
        </div>
      )}
    </>
  );
}

/** The numbers that are not 0: `3 renewals fixed, 6 mails queued`. */
function countsText(counts: Readonly<Record<string, number>>, language: Language): string {
  const shown = Object.entries(counts).filter(([, count]) => count !== 0);
  if (shown.length === 0) return jobsWords[language].nothingToDo;
  const texts = shown.map(([key, count]) => say(countTexts[key]?.[language] ?? `{count} ${key}`, language, { count }));
  return texts.join(language === 'ja' ? '、' : ', ');
}

/** An alert names itself by its kind, and all other events by a mail or by what happens to the term. */
function eventText(job: string, what: string, language: Language): string {
  const mail = job === 'pace-alerts' ? `usage-alert-${what}` : what;
  return eventNames[what]?.[language] ?? mailKindName(mail, language);
}

function durationText({ startedAt, finishedAt }: JobRunAnswer, language: Language): string {
  if (finishedAt === null) return '–';
  const seconds = (finishedAt.getTime() - startedAt.getTime()) / 1_000;
  const words = jobsWords[language];
  if (seconds < 1) return words.moment;
  return seconds < 120
    ? say(words.seconds, language, { count: numberText(Math.round(seconds), language) })
    : say(words.minutes, language, { count: numberText(Math.round(seconds / 60), language) });
}
