import { escapeHtml } from '@kitajs/html';
import { roles } from '../../domain/access.js';
import type { CreatedToken } from '../../features/people/people.dto.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable } from '../parts/data-table.js';
import { Check, Choice, formShown } from '../parts/fields.js';
import { Badge, Empty, Pager, Panel } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { SessionsPanel, TokensPanel } from '../profile/access-panels.js';
import type { RefusedAccountForm } from '../profile/profile.page.js';
import { timeZoneOptions } from '../profile/time-zones.js';
import { momentText } from '../words/formats.js';
import type { Colleague, ColleagueFacts, NamedChoice } from './people.service.js';
import { peopleWords } from './people.words.js';

const base = '/console/people';

/** The list of all users. */
export function peoplePage(
  { rows, nextCursor }: { rows: readonly Colleague[]; nextCursor: string | null },
  search: string | undefined,
  reader: PageReader,
): ShownPage {
  const words = peopleWords[reader.language];
  const next = new URLSearchParams({ ...(search && { search }), ...(nextCursor !== null && { cursor: nextCursor }) });
  return {
    title: words.title,
    main: (
      <>
        <div class="row apart">
          <h1>{words.title}</h1>
          <a class="button" href={`${base}/new`}>
            {words.newUser}
          </a>
        </div>
        <p class="soft">{words.intro}</p>
        <form method="get" action={base} role="search" class="row search">
          <label for="search">{words.search}</label>
          <input type="search" id="search" name="search" maxlength={200} value={escapeHtml(search ?? '')} />
          <button type="submit" class="quiet">
            {words.searchButton}
          </button>
        </form>
        {rows.length === 0 ? (
          <Empty text={words.none} href={base} verb={words.noneVerb} />
        ) : (
          <DataTable
            caption={words.title}
            list
            rows={rows}
            columns={[
              {
                heading: words.name,
                cell: ({ user }) => (
                  <a href={`${base}/${user.id}`} safe>
                    {user.name}
                  </a>
                ),
              },
              { heading: words.email, cell: ({ user }) => <span safe>{user.email}</span> },
              {
                heading: words.role,
                cell: ({ user, customer }) => (
                  <span safe>
                    {customer === undefined ? words.roles[user.role] : `${words.roles[user.role]}: ${customer}`}
                  </span>
                ),
              },
              { heading: words.state, cell: (row) => <State colleague={row} reader={reader} /> },
            ]}
          />
        )}
        <Pager href={nextCursor === null ? null : `${base}?${next.toString()}`} text={words.more} />
      </>
    ),
  };
}

function State({
  colleague: { user, seenAt, invitedUntil },
  reader,
}: {
  colleague: Colleague;
  reader: PageReader;
}): JSX.Element {
  const { language, timeZone } = reader;
  const words = peopleWords[language];
  if (!user.active) return <Badge text={words.inactive} tone="warn" />;
  if (seenAt !== undefined)
    return <span safe>{say(words.seen, language, { at: momentText(seenAt, timeZone, language) })}</span>;
  if (invitedUntil === undefined) return <span class="soft">{words.neverSeen}</span>;
  return <span safe>{say(words.invited, language, { until: momentText(invitedUntil, timeZone, language) })}</span>;
}

/** The form for a new user. */
export function newUserPage(
  customers: readonly NamedChoice[],
  reader: PageReader,
  refused?: Omit<RefusedAccountForm<string>, 'name'>,
  customerId?: string,
): ShownPage {
  const words = peopleWords[reader.language];
  const defaults = {
    role: customerId === undefined ? 'csm' : 'customer',
    customerId: customerId ?? '',
    invite: 'true',
  };
  const form = formShown(reader, refused?.typed ?? defaults, refused?.refusal);
  return {
    title: words.newTitle,
    main: (
      <>
        <p>
          <a href={base}>{words.back}</a>
        </p>
        <h1>{words.newTitle}</h1>
        <RefusalNotice refusal={refused?.refusal} reader={reader} />
        <section class="panel">
          <ActionForm reader={reader} action={base}>
            <AccountFields form={form} customers={customers} reader={reader} />
            <div class="fields">
              <Choice
                name="locale"
                label={words.locale}
                empty={words.noLocale}
                options={[
                  { value: 'en', text: 'English' },
                  { value: 'ja', text: '日本語' },
                ]}
                form={form}
              />
              <Choice
                name="timeZone"
                label={words.timeZone}
                empty={words.noTimeZone}
                options={timeZoneOptions(undefined)}
                form={form}
              />
            </div>
            <Check name="invite" label={words.invite} form={form} />
            <button type="submit">{words.enter}</button>
          </ActionForm>
        </section>
      </>
    ),
  };
}

function AccountFields({
  form,
  customers,
  reader,
}: {
  form: FormShown;
  customers: readonly NamedChoice[];
  reader: PageReader;
}): JSX.Element {
  const words = peopleWords[reader.language];
  return (
    <div class="fields">
      <Field field={{ name: 'name', label: words.name, maxLength: 200, required: true }} form={form} />
      <Field field={{ name: 'email', label: words.email, type: 'email', maxLength: 320, required: true }} form={form} />
      <Choice
        name="role"
        label={words.role}
        required
        options={roles.map((role) => ({ value: role, text: words.roles[role] }))}
        form={form}
      />
      <Choice
        name="customerId"
        label={words.customer}
        hint={words.customerHint}
        empty={words.noCustomer}
        options={customers.map(({ id, name }) => ({ value: id, text: name }))}
        form={form}
      />
    </div>
  );
}

export type ColleagueForm = 'account' | 'hand-over' | 'tokens';

/** The page of one user: the account, the invitation, sessions, tokens, and the hand-over of a portfolio. */
export function colleaguePage(
  facts: ColleagueFacts,
  reader: PageReader,
  { refused, created }: { refused?: RefusedAccountForm<ColleagueForm>; created?: CreatedToken } = {},
): ShownPage {
  const { user } = facts;
  const words = peopleWords[reader.language];
  const path = `${base}/${user.id}`;
  const formOf = (name: ColleagueForm, defaults: Readonly<Record<string, string>> = {}): FormShown =>
    refused?.name === name ? formShown(reader, refused.typed, refused.refusal) : formShown(reader, defaults);
  const account = formOf('account', {
    name: user.name,
    email: user.email,
    role: user.role,
    customerId: user.customerId ?? '',
    active: String(user.active),
  });
  return {
    title: user.name,
    main: (
      <>
        <p>
          <a href={base}>{words.back}</a>
        </p>
        <h1 safe>{user.name}</h1>
        <RefusalNotice refusal={refused?.refusal} reader={reader} />
        <Panel id="account" title={words.account}>
          <ActionForm reader={reader} action={path}>
            <input type="hidden" name="version" value={String(user.version)} />
            <AccountFields form={account} customers={facts.customers} reader={reader} />
            <Check name="active" label={words.active} form={account} />
            <p class="hint">{words.activeHint}</p>
            <button type="submit">{words.save}</button>
          </ActionForm>
        </Panel>
        {user.active && <InvitationPanel facts={facts} path={path} reader={reader} />}
        <SessionsPanel sessions={facts.sessions} base={path} reader={reader} />
        <TokensPanel
          tokens={facts.tokens}
          created={created}
          base={path}
          form={user.active ? formOf('tokens') : undefined}
          reader={reader}
        />
        {facts.successors.length > 0 && (
          <HandOverPanel facts={facts} path={path} form={formOf('hand-over')} reader={reader} />
        )}
      </>
    ),
  };
}

function InvitationPanel({
  facts: { seenAt, invitedUntil },
  path,
  reader,
}: {
  facts: ColleagueFacts;
  path: string;
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const words = peopleWords[language];
  return (
    <Panel id="invitation" title={words.invitation}>
      <p class="soft">{words.invitationIntro}</p>
      <p>
        {invitedUntil !== undefined && (
          <>
            <Badge
              text={say(words.invited, language, { until: momentText(invitedUntil, reader.timeZone, language) })}
              tone="good"
            />{' '}
          </>
        )}
        {seenAt === undefined ? words.neverSeen : <Seen at={seenAt} reader={reader} />}
      </p>
      <ActionForm reader={reader} action={`${path}/invitation`}>
        <button type="submit" class="quiet">
          {invitedUntil === undefined ? words.inviteNow : words.inviteAgain}
        </button>
      </ActionForm>
    </Panel>
  );
}

const Seen = ({ at, reader }: { at: Date; reader: PageReader }): JSX.Element => (
  <span class="soft" safe>
    {say(peopleWords[reader.language].seen, reader.language, { at: momentText(at, reader.timeZone, reader.language) })}
  </span>
);

function HandOverPanel({
  facts: { user, successors },
  path,
  form,
  reader,
}: {
  facts: ColleagueFacts;
  path: string;
  form: FormShown;
  reader: PageReader;
}): JSX.Element {
  const words = peopleWords[reader.language];
  return (
    <Panel id="hand-over" title={words.handOver}>
      <p class="soft" safe>
        {say(words.handOverIntro, reader.language, { name: user.name })}
      </p>
      <ActionForm reader={reader} action={`${path}/hand-over`}>
        <div class="fields">
          <Choice
            name="toUserId"
            label={words.handOverTo}
            empty={words.handOverChoose}
            required
            options={successors.map(({ id, name }) => ({ value: id, text: name }))}
            form={form}
          />
        </div>
        <button type="submit" class="quiet">
          {words.handOverButton}
        </button>
      </ActionForm>
    </Panel>
  );
}
