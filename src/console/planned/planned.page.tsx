import { escapeHtml } from '@kitajs/html';
import { scopeOf } from '../../domain/access.js';
import { say } from '../../platform/sentences.js';
import type { SubscriptionName } from '../../features/subscriptions/contract.js';
import { addressOf } from '../page/address.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { Empty, Pager, Panel } from '../parts/layout.js';
import type { PlannedPageQuery } from './planned.forms.js';
import type { NamedSessions } from './planned.service.js';
import { plannedWords } from './planned.words.js';
import { SessionList } from './session-list.js';

/** Overdue and coming sessions, of all subscriptions or of one. */
export function plannedPage({
  reader,
  query,
  overdue,
  coming,
  subscription,
}: {
  reader: PageReader;
  query: PlannedPageQuery;
  overdue: NamedSessions;
  coming: NamedSessions;
  subscription: SubscriptionName | undefined;
}): ShownPage {
  const { language, actor } = reader;
  const words = plannedWords[language];
  const title = subscription ? say(words.of, language, { customer: subscription.customer }) : words.title;
  const mayPlan = scopeOf('planned-sessions.write', actor.role) !== 'never';
  const planHref = addressOf('/console/planned/new', { subscription: query.subscription });
  const { nextCursor } = coming;
  return {
    title,
    main: (
      <>
        <div class="row apart page-head">
          <h1 safe>{title}</h1>
          {mayPlan && (
            <p class="row">
              <a class="button" href={escapeHtml(planHref)}>
                {words.plan}
              </a>
              {subscription !== undefined && (
                <a
                  class="button quiet"
                  href={escapeHtml(addressOf('/console/planned/proposal', { subscription: subscription.id }))}
                >
                  {words.rest}
                </a>
              )}
            </p>
          )}
        </div>
        {subscription !== undefined && (
          <p>
            <a href="/console/planned">{words.all}</a>
          </p>
        )}
        {overdue.sessions.length > 0 && query.cursor === undefined && (
          <Panel id="overdue" title={words.overdue}>
            <p class="soft">{words.overdueHint}</p>
            <SessionList sessions={overdue.sessions} reader={reader} />
          </Panel>
        )}
        <Panel id="coming" title={words.coming}>
          {coming.sessions.length > 0 ? (
            <SessionList sessions={coming.sessions} reader={reader} />
          ) : (
            <Empty text={words.none} {...(mayPlan && { href: planHref, verb: words.noneVerb })} />
          )}
        </Panel>
        <Pager
          href={nextCursor === null ? null : addressOf('/console/planned', { ...query, cursor: nextCursor })}
          text={words.next}
        />
      </>
    ),
  };
}
