import { escapeHtml } from '@kitajs/html';
import { say } from '../../platform/sentences.js';
import type { SubscriptionAttentionAnswer } from '../../features/attention/attention.dto.js';
import type { MailAnswer } from '../../features/mails/mail-list.dto.js';
import type { DeadlineAnswer, LoggedWeek } from '../../features/today/today.dto.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Badge, Empty, Panel } from '../parts/layout.js';
import { SessionList } from '../planned/session-list.js';
import { toneOf } from '../portfolio/attention-tone.js';
import { portfolioNames } from '../portfolio/portfolio.words.js';
import { clockText, dayText, inDaysText, minutesText, momentText, shortDayText } from '../words/formats.js';
import { reasonText } from '../words/reason.js';
import { verbOf } from './attention-verbs.js';
import type { TodayShown } from './today.service.js';
import { todayWords } from './today.words.js';

/** Who needs the reader now, and what the week holds. */
export function todayPage(shown: TodayShown, reader: PageReader): ShownPage {
  const { language, actor } = reader;
  const words = todayWords[language];
  return {
    title: words.title,
    wide: true,
    main: (
      <>
        <div class="row apart page-head">
          <h1>{words.title}</h1>
          <p class="soft" safe>
            {dayText(shown.date, language)}
          </p>
        </div>
        {actor.deputyFor.length > 0 && <p class="notice">{words.deputy}</p>}
        <div class="today-page">
          <div>
            <Attention shown={shown} reader={reader} />
            <Sessions shown={shown} reader={reader} />
          </div>
          <div>
            <Week week={shown.week} today={shown.date} reader={reader} />
            <Deadlines deadlines={shown.deadlines} today={shown.date} reader={reader} />
            <FailedMails mails={shown.failedMails} reader={reader} />
          </div>
        </div>
      </>
    ),
  };
}

interface Part {
  shown: TodayShown;
  reader: PageReader;
}

function Attention({ shown: { attention, attentionCount }, reader }: Part): JSX.Element {
  const { language } = reader;
  const words = todayWords[language];
  const more = attentionCount - attention.length;
  return (
    <section aria-labelledby="attention">
      <h2 id="attention">{attentionCount > 0 ? `${words.attention} (${attentionCount})` : words.attention}</h2>
      {attention.length === 0 ? (
        <div class="panel">
          <Empty text={words.nothing} href="/console/planned/new" verb={words.nothingVerb} />
        </div>
      ) : (
        <ul class="today-needs">
          {attention.map((row) => (
            <Card row={row} reader={reader} />
          ))}
        </ul>
      )}
      <p>
        <a href={more > 0 ? '/console/portfolio?attention=yes' : '/console/portfolio'}>
          {more > 0 ? say(words.more, language, { count: more }) : words.openPortfolio}
        </a>
      </p>
    </section>
  );
}

/** One subscription: the gravest reason in one sentence, since when, and what to do. */
function Card({ row, reader }: { row: SubscriptionAttentionAnswer; reader: PageReader }): JSX.Element {
  const { language, today } = reader;
  const words = todayWords[language];
  const names = portfolioNames[language];
  const [gravest, ...others] = row.reasons;
  const verb = verbOf(gravest!.code, row, reader);
  return (
    <li class="panel" data-item="row">
      <div class="row apart">
        <h3>
          <a href={`/console/subscriptions/${row.subscriptionId}`} safe>
            {row.customer}
          </a>
        </h3>
        <Badge text={names.reason[gravest!.code]} tone={toneOf(gravest!.code)} />
      </div>
      <p safe>{reasonText(gravest!, language)}</p>
      <div class="row apart">
        <p class="soft" safe>
          {[
            say(words.since, language, { day: shortDayText(gravest!.since, language, today) }),
            names.package[row.package],
            row.contractNumber,
            say(words.left, language, { minutes: minutesText(row.balance.remainingMinutes, language) }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
        {verb !== undefined && (
          <a class="button quiet" href={escapeHtml(verb.href)} safe>
            {verb.text}
          </a>
        )}
      </div>
      {others.length > 0 && (
        <p class="soft today-others" safe>
          {say(words.otherReasons, language, {
            reasons: others.map(({ code }) => names.reason[code]).join(language === 'ja' ? '、' : ', '),
          })}
        </p>
      )}
    </li>
  );
}

function Sessions({ shown: { sessions }, reader }: Part): JSX.Element {
  const words = todayWords[reader.language];
  return (
    <Panel id="sessions" title={words.sessions}>
      {sessions.length > 0 ? (
        <SessionList sessions={sessions} reader={reader} />
      ) : (
        <Empty text={words.sessionsNone} href="/console/planned/new" verb={words.planSession} />
      )}
      <p>
        <a href="/console/planned">{words.allSessions}</a>
      </p>
    </Panel>
  );
}

/** The height of a column that stands for a full day of eight hours. */
const fullDayMinutes = 480;
const columnHeight = 48;

/** The minutes of each day of the week as columns. */
function Week({
  week,
  today,
  reader: { language },
}: {
  week: LoggedWeek;
  today: string;
  reader: PageReader;
}): JSX.Element {
  const words = todayWords[language];
  const most = Math.max(fullDayMinutes, ...week.days.map(({ minutes }) => minutes));
  return (
    <Panel id="week" title={words.week}>
      <p class="largest" safe>
        {minutesText(week.minutes, language)}
      </p>
      <ol class="today-week">
        {week.days.map(({ date, minutes }) => {
          const height = Math.round((minutes / most) * columnHeight);
          return (
            <li class={date === today ? 'today-day' : undefined}>
              <svg viewBox={`0 0 20 ${columnHeight}`} aria-hidden="true">
                <rect class="whole" x="0" y="0" width="20" height={columnHeight} rx="2" />
                <rect class="used" x="0" y={columnHeight - height} width="20" height={height} rx="2" />
              </svg>
              <time datetime={date} aria-current={date === today ? 'date' : undefined} safe>
                {weekdayName(date, language)}
              </time>
              <span class="number" safe>
                {minutes === 0 ? '–' : clockText(minutes)}
              </span>
            </li>
          );
        })}
      </ol>
      {week.byCustomer.length > 0 ? (
        <dl class="facts today-customers">
          {week.byCustomer.map(({ customer, minutes }) => (
            <div>
              <dt safe>{customer}</dt>
              <dd class="number" safe>
                {minutesText(minutes, language)}
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <p class="soft">{words.weekEmpty}</p>
      )}
      <p>
        <a href="/console/week">{words.openWeek}</a>
      </p>
    </Panel>
  );
}

/** `Mon`, `月`. */
function weekdayName(day: string, language: PageReader['language']): string {
  const options = { weekday: 'short', timeZone: 'UTC' } as const;
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(language === 'ja' ? 'ja-JP' : 'en-GB', options);
}

const whyOf = {
  notice: 'whyNotice',
  'term-end': 'whyTermEnd',
  'late-entries': 'whyLateEntries',
} as const satisfies Record<DeadlineAnswer['kind'], keyof (typeof todayWords)['en']>;

function Deadlines({
  deadlines,
  today,
  reader: { language },
}: {
  deadlines: readonly DeadlineAnswer[];
  today: string;
  reader: PageReader;
}): JSX.Element {
  const words = todayWords[language];
  return (
    <Panel id="deadlines" title={words.deadlines}>
      {deadlines.length === 0 ? (
        <p class="soft">{words.deadlinesNone}</p>
      ) : (
        <ul class="dated-list">
          {deadlines.map(({ kind, date, subscriptionId, customer }) => (
            <li>
              <div class="row apart">
                <strong safe>{inDaysText(date, today, language)}</strong>
                <time datetime={date} safe>
                  {shortDayText(date, language, today)}
                </time>
              </div>
              <a href={`/console/subscriptions/${subscriptionId}`} safe>
                {customer}
              </a>
              <details>
                <summary>{portfolioNames[language].deadline[kind]}</summary>
                <p class="soft">{words[whyOf[kind]]}</p>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function FailedMails({ mails, reader }: { mails: readonly MailAnswer[]; reader: PageReader }): JSX.Element {
  const { language, timeZone } = reader;
  const words = todayWords[language];
  if (mails.length === 0) return <></>;
  return (
    <Panel id="failed" title={words.failed}>
      <ul class="dated-list">
        {mails.map((mail) => (
          <li>
            <strong safe>{mail.subject ?? mail.kind}</strong>
            <p safe>
              {say(words.failedTo, language, mail.recipient as { name: string; address: string; role: string })}
            </p>
            <p class="soft" safe>
              {[momentText(mail.plannedAt, timeZone, language), mail.lastError].filter(Boolean).join(' · ')}
            </p>
            <ActionForm reader={reader} action={`/console/today/mails/${mail.id}/resend`}>
              <button type="submit" class="quiet">
                {words.resend}
              </button>
            </ActionForm>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
