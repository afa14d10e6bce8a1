import { escapeHtml } from '@kitajs/html';
import { scopeOf } from '../../domain/access.js';
import { say } from '../../platform/sentences.js';
import type { SubscriptionAttentionAnswer } from '../../features/attention/attention.dto.js';
import type { NamedNotice, NamedNoticeList } from '../../features/notices/notice.dto.js';
import { noticeStandings, type NoticeStanding } from '../../features/notices/notice.js';
import { addressOf } from '../page/address.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Badge, Empty, Pager, Panel, Tabs, type Tone } from '../parts/layout.js';
import { inDaysText, momentText, shortDayText } from '../words/formats.js';
import { noticesWords } from './notices.words.js';

/** The notices by their outcome, and the deadlines for which an answer is missing. */
export function noticesPage({
  reader,
  standing,
  list: { data, nextCursor },
  near,
}: {
  reader: PageReader;
  standing: NoticeStanding;
  list: NamedNoticeList;
  near: readonly SubscriptionAttentionAnswer[];
}): ShownPage {
  const { language, actor } = reader;
  const words = noticesWords[language];
  const mayRecord = scopeOf('notices.give', actor.role) !== 'never';
  const addressFor = (of: NoticeStanding, cursor?: string): string =>
    addressOf('/console/notices', { standing: of === 'standing' ? undefined : of, cursor });
  return {
    title: words.title,
    wide: true,
    main: (
      <>
        <div class="row apart page-head">
          <h1>{words.title}</h1>
          {mayRecord && (
            <a class="button" href="/console/notices/new">
              {words.record}
            </a>
          )}
        </div>
        {near.length > 0 && <Near near={near} reader={reader} mayRecord={mayRecord} />}
        <Tabs
          label={words.tabsLabel}
          tabs={noticeStandings.map((of) => ({ text: words.tabs[of], href: addressFor(of), isHere: of === standing }))}
        />
        {data.length === 0 ? (
          <Empty text={words.empty[standing]} />
        ) : (
          <section class="panel">
            <p class="soft">{words.hints[standing]}</p>
            <DataTable caption={words.tabs[standing]} columns={columnsOf(reader)} rows={data} list />
          </section>
        )}
        <Pager href={nextCursor === null ? null : addressFor(standing, nextCursor)} text={words.next} />
      </>
    ),
  };
}

function Near({
  near,
  reader: { language },
  mayRecord,
}: {
  near: readonly SubscriptionAttentionAnswer[];
  reader: PageReader;
  mayRecord: boolean;
}): JSX.Element {
  const words = noticesWords[language];
  return (
    <Panel id="near" title={words.near}>
      <p class="soft">{words.nearHint}</p>
      <ul class="dated-list">
        {near.map(({ subscriptionId, customer, contractNumber, deadline, balance }) => (
          <li class="row apart">
            <div>
              <a href={`/console/subscriptions/${subscriptionId}/renewal`} safe>
                {[customer, contractNumber].filter(Boolean).join(' · ')}
              </a>
              <p safe>
                {`${shortDayText(deadline, language, balance.asOf)} · ${inDaysText(deadline, balance.asOf, language)}`}
              </p>
            </div>
            {mayRecord && (
              <a
                class="button quiet"
                href={`/console/notices/new?subscription=${subscriptionId}`}
                aria-label={escapeHtml(`${words.recordVerb}: ${customer}`)}
              >
                {words.recordVerb}
              </a>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function columnsOf(reader: PageReader): TableColumn<NamedNotice>[] {
  const { language } = reader;
  const words = noticesWords[language];
  return [
    {
      heading: words.columns.customer,
      cell: ({ customer, contractNumber, subscriptionId }) => (
        <a href={`/console/subscriptions/${subscriptionId}/renewal`} safe>
          {[customer, contractNumber].filter(Boolean).join(' · ')}
        </a>
      ),
    },
    {
      heading: words.columns.party,
      cell: ({ party, channel }) => <span safe>{`${words.parties[party]} · ${words.channels[channel]}`}</span>,
    },
    { heading: words.columns.signedBy, cell: ({ signedBy }) => <span safe>{signedBy}</span> },
    {
      heading: words.columns.received,
      cell: ({ receivedAt, timeZone }) => (
        <time datetime={receivedAt.toISOString()} safe>
          {momentText(receivedAt, timeZone, language)}
        </time>
      ),
    },
    {
      heading: words.columns.deadline,
      cell: ({ noticeDeadline }) => (
        <time datetime={noticeDeadline} safe>
          {shortDayText(noticeDeadline, language, reader.today)}
        </time>
      ),
    },
    { heading: words.columns.effect, cell: (notice) => <Badge {...effectOf(notice, language)} /> },
    { heading: words.columns.verbs, cell: (notice) => <Verbs notice={notice} reader={reader} /> },
  ];
}

function effectOf(
  { effective, reason, waiver, withdrawal }: NamedNotice,
  language: PageReader['language'],
): { text: string; tone: Tone } {
  const { effect } = noticesWords[language];
  if (withdrawal) return { text: effect.withdrawn, tone: 'plain' };
  if (waiver) return { text: effect.waived, tone: 'good' };
  if (effective) return { text: effect.ends, tone: 'good' };
  return { text: effect[reason ?? 'late'], tone: 'warn' };
}

/** Only what the reader may do, and what the term still allows. */
function Verbs({ notice, reader }: { notice: NamedNotice; reader: PageReader }): JSX.Element {
  const { language, actor } = reader;
  const words = noticesWords[language];
  const { id, subscriptionId, customer, effective, reason, withdrawal, renewalState } = notice;
  const isOver = withdrawal !== null || renewalState === 'renewed' || renewalState === 'ended';
  if (isOver) return <></>;
  const path = `/console/subscriptions/${subscriptionId}/renewal/notices/${id}`;
  const mayWithdraw = scopeOf('notices.withdraw', actor.role) !== 'never';
  const mayWaive = scopeOf('notices.waive', actor.role) !== 'never' && !effective && reason === 'late';
  return (
    <span class="row">
      {mayWithdraw && (
        <a
          class="button quiet"
          href={`${path}/withdrawal`}
          aria-label={escapeHtml(say(words.withdrawLabel, language, { customer }))}
        >
          {words.withdraw}
        </a>
      )}
      {mayWaive && (
        <a
          class="button quiet"
          href={`${path}/waiver`}
          aria-label={escapeHtml(say(words.waiveLabel, language, { customer }))}
        >
          {words.waive}
        </a>
      )}
    </span>
  );
}
