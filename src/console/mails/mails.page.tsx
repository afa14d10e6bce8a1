import { escapeHtml } from '@kitajs/html';
import { scopeOf } from '../../domain/access.js';
import type { MailAnswer, MailOutcome, MailsQuery } from '../../features/mails/mail-list.dto.js';
import type { MailHoldAnswer } from '../../platform/mail/mail-hold.dto.js';
import type { MailAttemptAnswer } from '../../platform/mail/mail.dto.js';
import { Field } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Moment } from '../parts/day-time.js';
import { formShown } from '../parts/fields.js';
import { Badge, Chips, Empty, Facts, Pager, Panel, type Tone } from '../parts/layout.js';
import { momentText } from '../words/formats.js';
import { mailKindName } from '../words/mail-kinds.js';
import { mailsWords } from './mails.words.js';

/** The filters that the address of the list holds. */
export type MailFilters = Pick<MailsQuery, 'outcome' | 'customerId' | 'from' | 'to'>;

export interface MailsShown {
  filters: MailFilters;
  /** The name of the customer, if the list is about one. */
  customer: string | undefined;
  mails: readonly MailAnswer[];
  nextCursor: string | null;
  /** Failed and uncertain mails; only where the list has no filter. */
  trouble: readonly MailAnswer[];
  /** Null for customers. */
  hold: MailHoldAnswer | null;
}

const shownOutcomes = ['waiting', 'sent', 'failed', 'uncertain', 'filed'] as const satisfies readonly MailOutcome[];

/** The address of the list with these filters. */
export function mailsPath(filters: MailFilters & { cursor?: string }): string {
  const query = new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== undefined));
  return query.size === 0 ? '/console/mails' : `/console/mails?${query.toString()}`;
}

/** The mails that the reader may see. Those that need somebody come first. */
export function mailsPage(reader: PageReader, shown: MailsShown): ShownPage {
  const { filters, customer, mails, nextCursor, trouble, hold } = shown;
  const words = mailsWords[reader.language];
  const { outcome, customerId, from = '', to = '' } = filters;
  const form = formShown(reader, { from, to });
  const chip = (text: string, wanted: MailOutcome | undefined) => ({
    text,
    href: mailsPath({ ...filters, outcome: wanted }),
    isOn: outcome === wanted,
  });
  return {
    title: words.title,
    wide: true,
    main: (
      <>
        <h1>{words.title}</h1>
        {hold !== null && <Hold hold={hold} reader={reader} />}
        {trouble.length > 0 && (
          <Panel id="trouble" title={words.trouble}>
            <p class="soft">{words.troubleHint}</p>
            <DataTable caption={words.trouble} columns={columnsOf(reader)} rows={trouble} list />
          </Panel>
        )}
        <Panel id="mails" title={words.list}>
          {customer !== undefined && (
            <p>
              <strong safe>{say(words.of, reader.language, { customer })}</strong>{' '}
              <a href={mailsPath({ ...filters, customerId: undefined })}>{words.allCustomers}</a>
            </p>
          )}
          <Chips
            label={words.filter}
            chips={[chip(words.all, undefined), ...shownOutcomes.map((wanted) => chip(words.outcomes[wanted], wanted))]}
          />
          <form method="get" action="/console/mails" class="row list-filter">
            {outcome !== undefined && <input type="hidden" name="outcome" value={outcome} />}
            {customerId !== undefined && <input type="hidden" name="customerId" value={escapeHtml(customerId)} />}
            <Field field={{ name: 'from', label: words.from, type: 'date', maxLength: 10 }} form={form} />
            <Field field={{ name: 'to', label: words.until, type: 'date', maxLength: 10 }} form={form} />
            <button type="submit" class="quiet">
              {words.show}
            </button>
          </form>
          {mails.length === 0 ? (
            <Empty text={words.none} />
          ) : (
            <DataTable caption={words.list} columns={columnsOf(reader)} rows={mails} list />
          )}
          <Pager href={nextCursor === null ? null : mailsPath({ ...filters, cursor: nextCursor })} text={words.older} />
        </Panel>
        {hold !== null && !hold.held && scopeOf('mails.release', reader.actor.role) !== 'never' && (
          <ActionForm reader={reader} action="/console/mails/hold">
            <p class="soft">{words.holdHint}</p>
            <button type="submit" class="quiet">
              {words.hold}
            </button>
          </ActionForm>
        )}
      </>
    ),
  };
}

/** One mail with all attempts. */
export function mailPage(reader: PageReader, mail: MailAnswer): ShownPage {
  const { language } = reader;
  const words = mailsWords[language];
  const title = mailKindName(mail.kind, language);
  const columns: TableColumn<MailAttemptAnswer>[] = [
    { heading: words.attempt, cell: ({ number }) => <>{number}</> },
    { heading: words.begun, cell: ({ startedAt }) => <Moment at={startedAt} reader={reader} /> },
    {
      heading: words.result,
      cell: ({ outcome }) => <>{outcome === null ? words.running : words.attemptOutcomes[outcome]}</>,
    },
    { heading: words.answer, cell: ({ answer }) => (answer === null ? <></> : <code safe>{answer}</code>) },
  ];
  const { name, address, role } = mail.recipient;
  const facts = [
    { name: words.state, value: <State mail={mail} reader={reader} /> },
    ...(mail.subject === null ? [] : [{ name: words.subject, value: <span safe>{mail.subject}</span> }]),
    {
      name: words.recipient,
      value: <span safe>{`${name} <${address}> – ${words.roles[role]}`}</span>,
    },
    ...(mail.customer === null ? [] : [{ name: words.customer, value: <Customer mail={mail} reader={reader} /> }]),
    ...(mail.subscriptionId === null
      ? []
      : [
          {
            name: words.subscription,
            value: <a href={`/console/subscriptions/${mail.subscriptionId}`}>{words.open}</a>,
          },
        ]),
    { name: words.planned, value: <Moment at={mail.plannedAt} reader={reader} /> },
    ...(mail.messageId === null ? [] : [{ name: words.messageId, value: <code safe>{mail.messageId}</code> }]),
  ];
  return {
    title,
    main: (
      <>
        <p>
          <a href="/console/mails">{words.back}</a>
        </p>
        <h1 safe>{title}</h1>
        <Panel id="state" title={words.state}>
          <Facts facts={facts} />
          <Resend mail={mail} reader={reader} />
        </Panel>
        <Panel id="attempts" title={words.attempts}>
          {mail.attemptLog.length === 0 ? (
            <p class="soft">{words.noAttempts}</p>
          ) : (
            <DataTable caption={words.attempts} columns={columns} rows={mail.attemptLog} />
          )}
        </Panel>
      </>
    ),
  };
}

function columnsOf(reader: PageReader): TableColumn<MailAnswer>[] {
  const { language } = reader;
  const words = mailsWords[language];
  return [
    {
      heading: words.mail,
      cell: ({ id, kind, subject }) => (
        <>
          <a href={`/console/mails/${id}`} safe>
            {mailKindName(kind, language)}
          </a>
          {subject !== null && (
            <div class="soft" safe>
              {subject}
            </div>
          )}
        </>
      ),
    },
    {
      heading: words.to,
      cell: ({ recipient: { name, address, role } }) => (
        <>
          <span safe>{name}</span>
          <div class="soft" safe>
            {`${words.roles[role]} · ${address}`}
          </div>
        </>
      ),
    },
    { heading: words.customer, cell: (mail) => <Customer mail={mail} reader={reader} /> },
    {
      heading: words.state,
      cell: (mail) => (
        <>
          <State mail={mail} reader={reader} />
          <Resend mail={mail} reader={reader} />
        </>
      ),
    },
  ];
}

function Customer({ mail: { customer, customerId } }: { mail: MailAnswer; reader: PageReader }): JSX.Element {
  if (customer === null || customerId === null) return <></>;
  return (
    <a href={`/console/customers/${customerId}`} safe>
      {customer}
    </a>
  );
}

const tones = {
  waiting: 'plain',
  sent: 'good',
  filed: 'warn',
  failed: 'bad',
  uncertain: 'warn',
} as const satisfies Record<MailOutcome, Tone>;

/** What became of a mail, the server's words, and what to do. */
function State({ mail, reader }: { mail: MailAnswer; reader: PageReader }): JSX.Element {
  const words = mailsWords[reader.language];
  const { outcome, lastError } = mail;
  return (
    <>
      <Badge tone={tones[outcome]} text={words.outcomes[outcome]} /> <span safe>{whenText(mail, reader)}</span>
      {outcome !== 'sent' && lastError !== null && (
        <div>
          <code safe>{lastError}</code>
        </div>
      )}
      {(outcome === 'failed' || outcome === 'uncertain') && <div class="soft">{words.todo[outcome]}</div>}
    </>
  );
}

function whenText(mail: MailAnswer, { language, timeZone }: PageReader): string {
  const words = mailsWords[language];
  const on = (sentence: string, at: Date | null): string =>
    at === null ? '' : say(sentence, language, { at: momentText(at, timeZone, language) });
  switch (mail.outcome) {
    case 'waiting':
      return on(mail.attempts > 0 ? words.retries : words.leaves, mail.nextAttemptAt ?? mail.plannedAt);
    case 'sent':
      return on(words.sentAt, mail.sentAt);
    case 'filed':
      return on(words.filedAt, mail.sentAt);
    case 'failed':
    case 'uncertain':
      return on('{at}', mail.attemptLog.at(-1)?.startedAt ?? mail.plannedAt);
  }
}

function Resend({ mail: { id, outcome }, reader }: { mail: MailAnswer; reader: PageReader }): JSX.Element {
  const mayResend = scopeOf('reminders.resend', reader.actor.role) !== 'never';
  if (!mayResend || (outcome !== 'failed' && outcome !== 'uncertain')) return <></>;
  return (
    <ActionForm reader={reader} action={`/console/mails/${id}/resend`}>
      <button type="submit" class="quiet">
        {mailsWords[reader.language].resend}
      </button>
    </ActionForm>
  );
}

function Hold({ hold: { held, since, reasons }, reader }: { hold: MailHoldAnswer; reader: PageReader }): JSX.Element {
  if (!held) return <></>;
  const words = mailsWords[reader.language];
  const mayRelease = scopeOf('mails.release', reader.actor.role) !== 'never' && !reasons.includes('setting');
  return (
    <section class="notice warn" aria-labelledby="held">
      <h2 id="held">{words.heldTitle}</h2>
      {reasons.map((reason) => (
        <p>{words.heldBecause[reason]}</p>
      ))}
      {since !== null && (
        <p safe>{say(words.heldSince, reader.language, { at: momentText(since, reader.timeZone, reader.language) })}</p>
      )}
      {mayRelease && (
        <ActionForm reader={reader} action="/console/mails/release">
          <p>
            {reasons.some((reason) => reason !== 'administrator') ? words.releaseHint : ''} {words.pastHint}
          </p>
          <button type="submit">{words.release}</button>
        </ActionForm>
      )}
    </section>
  );
}
