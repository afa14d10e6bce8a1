import { escapeHtml } from '@kitajs/html';
import { scopeOf } from '../../domain/access.js';
import { activityWords, deliveryWords } from '../../domain/work-words.js';
import { say } from '../../platform/sentences.js';
import type { NamedPlannedSession } from '../../features/planning/planned-session.dto.js';
import type { PageReader } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Badge } from '../parts/layout.js';
import { inDaysText, minutesText, shortDayText } from '../words/formats.js';
import { plannedWords } from './planned.words.js';

/** Planned sessions with their verbs: log as planned, move, cancel. */
export function SessionList({
  sessions,
  reader,
}: {
  sessions: readonly NamedPlannedSession[];
  reader: PageReader;
}): JSX.Element {
  return (
    <ul class="sessions">
      {sessions.map((session) => (
        <Session session={session} reader={reader} />
      ))}
    </ul>
  );
}

function Session({ session, reader }: { session: NamedPlannedSession; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const words = plannedWords[language];
  const { plannedOn, today, customer, minutes, activity, delivery, status } = session;
  return (
    <li data-item="row">
      <p class="session-day">
        <time datetime={plannedOn} safe>
          {shortDayText(plannedOn, language, today)}
        </time>
        <span class="away" safe>
          {inDaysText(plannedOn, today, language)}
        </span>
      </p>
      <div class="session-what">
        <p>
          <a href={`/console/subscriptions/${session.subscriptionId}`} safe>
            {customer}
          </a>
          {status === 'overdue' && <Badge text={words.status.overdue} tone="warn" />}
        </p>
        <p safe>{session.summary}</p>
        <p class="soft" safe>
          {[
            activityWords[activity][language],
            deliveryWords[delivery][language],
            `${session.consultant} (${session.productLine})`,
          ].join(' · ')}
        </p>
      </div>
      <p class="number session-time" safe>
        {minutesText(minutes, language)}
      </p>
      <SessionVerbs session={session} reader={reader} />
    </li>
  );
}

/** A customer and finance read sessions; only those who may log and plan see verbs. */
function SessionVerbs({ session, reader }: { session: NamedPlannedSession; reader: PageReader }): JSX.Element {
  const { language, actor } = reader;
  const words = plannedWords[language];
  const { id, status, plannedOn, today, customer, minutes, delivery } = session;
  if (status !== 'open' && status !== 'overdue') return <></>;
  if (scopeOf('planned-sessions.write', actor.role) === 'never') return <></>;
  const values = {
    customer,
    day: shortDayText(plannedOn, language, today),
    minutes: minutesText(minutes, language),
  };
  const mayLog = scopeOf('time-entries.log', actor.role) !== 'never' && plannedOn <= today;
  const editHref = `/console/planned/${id}/edit`;
  return (
    <div class="row session-verbs">
      {mayLog && delivery === 'remote' && (
        <ActionForm reader={reader} action={`/console/planned/${id}/log`}>
          <button type="submit" aria-label={escapeHtml(say(words.logLabel, language, values))}>
            {words.log}
          </button>
        </ActionForm>
      )}
      {mayLog && delivery === 'onsite' && (
        <a
          class="button"
          href={`/console/planned/${id}/log`}
          aria-label={escapeHtml(say(words.logLabel, language, values))}
        >
          {words.log}
        </a>
      )}
      <a class="button quiet" href={editHref} aria-label={escapeHtml(say(words.moveLabel, language, values))}>
        {words.move}
      </a>
      <a
        class="button quiet"
        href={`${editHref}#cancel`}
        aria-label={escapeHtml(say(words.cancelLabel, language, values))}
      >
        {words.cancel}
      </a>
    </div>
  );
}
