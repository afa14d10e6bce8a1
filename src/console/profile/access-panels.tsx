import { escapeHtml } from '@kitajs/html';
import type { CreatedToken, TokenAnswer } from '../../features/people/people.dto.js';
import type { SessionAnswer } from '../../features/sign-in/session.dto.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable } from '../parts/data-table.js';
import { Moment } from '../parts/day-time.js';
import { Badge, Panel } from '../parts/layout.js';
import { dayText } from '../words/formats.js';
import { accessWords } from './access.words.js';
import { browserName } from './browser-name.js';

/** The sessions of a user. `base` is the path of the user's page, below which the forms are. */
export function SessionsPanel({
  sessions,
  base,
  reader,
}: {
  sessions: readonly SessionAnswer[];
  base: string;
  reader: PageReader;
}): JSX.Element {
  const { language, sessionId } = reader;
  const words = accessWords[language];
  const others = sessions.filter(({ id }) => id !== sessionId);
  const isOwn = others.length < sessions.length;
  const nameOf = ({ userAgent }: SessionAnswer): string => browserName(userAgent) ?? words.unknownBrowser;
  return (
    <Panel id="sessions" title={words.sessions}>
      <p class="soft">{words.sessionsIntro}</p>
      {sessions.length === 0 ? (
        <p>{words.noSessions}</p>
      ) : (
        <DataTable
          caption={words.sessions}
          rows={sessions}
          columns={[
            { heading: words.browser, cell: (session) => <span safe>{nameOf(session)}</span> },
            { heading: words.address, cell: ({ address }) => <span safe>{address}</span> },
            {
              heading: words.since,
              cell: ({ createdAt, openedWith }) => (
                <>
                  <Moment at={createdAt} reader={reader} /> <span class="soft">{words.openedWith[openedWith]}</span>
                </>
              ),
            },
            { heading: words.lastSeen, cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} reader={reader} /> },
            {
              heading: words.action,
              cell: (session) =>
                session.id === sessionId ? (
                  <Badge text={words.here} tone="good" />
                ) : (
                  <ActionForm reader={reader} action={`${base}/sessions/${session.id}/end`} class="inline">
                    <button
                      type="submit"
                      class="link"
                      aria-label={escapeHtml(say(words.endOf, language, { browser: nameOf(session) }))}
                    >
                      {words.end}
                    </button>
                  </ActionForm>
                ),
            },
          ]}
        />
      )}
      {others.length > 1 && (
        <ActionForm reader={reader} action={`${base}/sessions/end`}>
          <button type="submit" class="quiet">
            {isOwn ? words.endOthers : words.endAll}
          </button>
        </ActionForm>
      )}
    </Panel>
  );
}

/** The API tokens of a user, with a form for a new one. `created` is shown this once. */
export function TokensPanel({
  tokens,
  created,
  base,
  form,
  reader,
}: {
  tokens: readonly TokenAnswer[];
  created: CreatedToken | undefined;
  base: string;
  /** Undefined if nobody may create a token for the user. */
  form: FormShown | undefined;
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const words = accessWords[language];
  return (
    <Panel id="tokens" title={words.tokens}>
      <p class="soft">{words.tokensIntro}</p>
      {created !== undefined && (
        <div class="notice good" role="status">
          <p safe>{say(words.newToken, language, { name: created.name })}</p>
          <p>
            <code class="secret" safe>
              {created.token}
            </code>
          </p>
        </div>
      )}
      {tokens.length === 0 ? (
        <p>{words.noTokens}</p>
      ) : (
        <DataTable
          caption={words.tokens}
          rows={tokens}
          columns={[
            { heading: words.tokenName, cell: ({ name }) => <span safe>{name}</span> },
            { heading: words.created, cell: ({ createdAt }) => <Moment at={createdAt} reader={reader} /> },
            {
              heading: words.expiresOn,
              cell: ({ expiresOn }) => (
                <span safe>{expiresOn === null ? words.never : dayText(expiresOn, language)}</span>
              ),
            },
            {
              heading: words.action,
              cell: ({ id, name }) => (
                <ActionForm reader={reader} action={`${base}/tokens/${id}/revocation`} class="inline">
                  <button type="submit" class="link" aria-label={escapeHtml(say(words.revokeOf, language, { name }))}>
                    {words.revoke}
                  </button>
                </ActionForm>
              ),
            },
          ]}
        />
      )}
      {form !== undefined && (
        // The answer to this form is a page and no redirect, because the token is stored nowhere.
        <div data-turbo="false">
          <ActionForm reader={reader} action={`${base}/tokens`}>
            <div class="fields">
              <Field
                field={{
                  name: 'tokenName',
                  label: words.tokenName,
                  hint: words.tokenNameHint,
                  maxLength: 200,
                  required: true,
                }}
                form={form}
              />
              <Field
                field={{
                  name: 'expiresOn',
                  label: words.expiresOn,
                  hint: words.expiresOnHint,
                  type: 'date',
                  maxLength: 10,
                }}
                form={form}
              />
            </div>
            <button type="submit" class="quiet">
              {words.createToken}
            </button>
          </ActionForm>
        </div>
      )}
    </Panel>
  );
}
