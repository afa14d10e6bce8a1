import { escapeHtml } from '@kitajs/html';
import { scopeOf } from '../../domain/access.js';
import { say } from '../../platform/sentences.js';
import type { CustomerAnswer } from '../../features/customers/customer.dto.js';
import type { MailAnswer, MailOutcome } from '../../features/mails/mail-list.dto.js';
import type { SubscriptionAnswer } from '../../features/subscriptions/subscription.dto.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Badge, Empty, Facts, Panel, type Tone } from '../parts/layout.js';
import { SessionList } from '../planned/session-list.js';
import { paceWords } from '../portfolio/portfolio.table.js';
import { portfolioNames } from '../portfolio/portfolio.words.js';
import { dayText, minutesText, momentText } from '../words/formats.js';
import type { CustomerShown } from './customer-pages.service.js';
import { customersWords } from './customers.words.js';

/** A customer: facts, contacts, subscriptions, sessions and mails. */
export function customerPage(shown: CustomerShown, reader: PageReader): ShownPage {
  const { customer, sessions } = shown;
  const words = customersWords[reader.language];
  const mayWrite = scopeOf('customers.write', reader.actor.role) !== 'never';
  return {
    title: customer.name,
    wide: true,
    main: (
      <>
        <div class="row apart page-head">
          <h1 safe>{customer.name}</h1>
          {mayWrite && (
            <a class="button quiet" href={`/console/customers/${customer.id}/edit`}>
              {words.edit}
            </a>
          )}
        </div>
        <Subscriptions {...shown} reader={reader} />
        <div class="columns">
          <Panel id="facts" title={words.facts}>
            <Facts facts={factsOf(customer, reader)} />
          </Panel>
          <Panel id="contacts" title={words.contacts}>
            <Contacts customer={customer} reader={reader} mayWrite={mayWrite} />
          </Panel>
        </div>
        <Panel id="sessions" title={words.sessions}>
          {sessions.length > 0 ? (
            <SessionList sessions={sessions} reader={reader} />
          ) : (
            <p class="soft">{words.noSessions}</p>
          )}
        </Panel>
        <Mails {...shown} reader={reader} />
      </>
    ),
  };
}

function factsOf({ code, locale, timeZone, country }: CustomerAnswer, { language }: PageReader) {
  const words = customersWords[language];
  return [
    { name: words.fields.code, value: <span safe>{code ?? '–'}</span> },
    { name: words.fields.locale, value: <>{words.locales[locale]}</> },
    { name: words.fields.timeZone, value: <span safe>{timeZone}</span> },
    { name: words.fields.country, value: <span safe>{country ?? '–'}</span> },
  ];
}

function Contacts({
  customer: { id, contacts },
  reader: { language },
  mayWrite,
}: {
  customer: CustomerAnswer;
  reader: PageReader;
  mayWrite: boolean;
}): JSX.Element {
  const words = customersWords[language];
  if (contacts.length === 0) {
    const next = mayWrite ? { href: `/console/customers/${id}/edit#contacts`, verb: words.addContact } : {};
    return <Empty text={words.noContacts} {...next} />;
  }
  return (
    <ul class="dated-list">
      {contacts.map(({ name, email, roles }) => (
        <li>
          <strong safe>{name}</strong> <span safe>{email}</span>
          <p class="row">
            {roles.map((role) => (
              <Badge text={words.roles[role]} />
            ))}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Subscriptions({ customer, subscriptions, reader }: CustomerShown & { reader: PageReader }): JSX.Element {
  const words = customersWords[reader.language];
  const mayEnter = scopeOf('subscriptions.write', reader.actor.role) !== 'never';
  const newPath = `/console/customers/${customer.id}/subscriptions/new`;
  return (
    <Panel id="subscriptions" title={words.subscriptions}>
      {subscriptions.length > 0 ? (
        <DataTable caption={words.subscriptions} columns={subscriptionColumns(reader)} rows={subscriptions} list />
      ) : (
        <Empty text={words.noSubscriptions} {...(mayEnter && { href: newPath, verb: words.newSubscription })} />
      )}
      {mayEnter && subscriptions.length > 0 && (
        <p>
          <a href={newPath}>{words.newSubscription}</a>
        </p>
      )}
    </Panel>
  );
}

function subscriptionColumns({ language }: PageReader): TableColumn<SubscriptionAnswer>[] {
  const words = customersWords[language].subscriptionColumns;
  const names = portfolioNames[language];
  return [
    {
      heading: words.package,
      cell: ({ id, package: code, contractNumber }) => (
        <a href={`/console/subscriptions/${id}`} safe>
          {[names.package[code], contractNumber].filter(Boolean).join(' · ')}
        </a>
      ),
    },
    {
      heading: words.term,
      cell: ({ currentTerm: { startsOn, endsOn } }) => (
        <span safe>{`${dayText(startsOn, language)} – ${dayText(endsOn, language)}`}</span>
      ),
    },
    {
      heading: words.left,
      isNumber: true,
      cell: ({ balance }) => <strong safe>{minutesText(balance.remainingMinutes, language)}</strong>,
    },
    {
      heading: words.pace,
      isNumber: true,
      cell: ({ balance }) => <span safe>{Object.values(paceWords(balance.pace, language)).join(' ')}</span>,
    },
    {
      heading: words.deadline,
      cell: ({ currentTerm: { noticeDeadline } }) => (
        <time datetime={noticeDeadline} safe>
          {dayText(noticeDeadline, language)}
        </time>
      ),
    },
    {
      heading: words.state,
      cell: ({ currentTerm: { renewalState } }) => <Badge text={names.renewal[renewalState]} />,
    },
  ];
}

const toneOfOutcome: Readonly<Record<MailOutcome, Tone>> = {
  waiting: 'plain',
  sent: 'good',
  filed: 'warn',
  failed: 'bad',
  uncertain: 'warn',
};

function Mails({ customer, mails, reader }: CustomerShown & { reader: PageReader }): JSX.Element {
  const { language, timeZone } = reader;
  const words = customersWords[language];
  const mayResend = scopeOf('reminders.resend', reader.actor.role) !== 'never';
  const columns: TableColumn<MailAnswer>[] = [
    { heading: words.mailColumns.subject, cell: ({ subject, kind }) => <span safe>{subject ?? kind}</span> },
    {
      heading: words.mailColumns.to,
      cell: ({ recipient: { name, address } }) => <span safe>{`${name} (${address})`}</span>,
    },
    {
      heading: words.mailColumns.at,
      cell: ({ plannedAt }) => (
        <time datetime={plannedAt.toISOString()} safe>
          {momentText(plannedAt, timeZone, language)}
        </time>
      ),
    },
    {
      heading: words.mailColumns.outcome,
      cell: ({ outcome, lastError }) => (
        <>
          <Badge text={words.outcomes[outcome]} tone={toneOfOutcome[outcome]} />
          {outcome === 'failed' && lastError !== null && (
            <span class="soft" safe>
              {lastError}
            </span>
          )}
        </>
      ),
    },
  ];
  const verbs: TableColumn<MailAnswer> = {
    heading: words.mailColumns.verbs,
    cell: (mail) =>
      mail.outcome === 'failed' || mail.outcome === 'uncertain' ? (
        <ActionForm reader={reader} action={`/console/customers/${customer.id}/mails/${mail.id}/resend`}>
          <button
            type="submit"
            class="quiet"
            aria-label={escapeHtml(
              say(words.resendLabel, language, { subject: mail.subject ?? mail.kind, name: mail.recipient.name }),
            )}
          >
            {words.resend}
          </button>
        </ActionForm>
      ) : (
        <></>
      ),
  };
  return (
    <Panel id="mails" title={words.mails}>
      {mails.length === 0 ? (
        <p class="soft">{words.noMails}</p>
      ) : (
        <DataTable caption={words.mails} columns={mayResend ? [...columns, verbs] : columns} rows={mails} />
      )}
    </Panel>
  );
}
