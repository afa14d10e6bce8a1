import { escapeHtml, type PropsWithChildren } from '@kitajs/html';
import { scopeOf, type Permission } from '../../domain/access.js';
import type { Refusal } from '../../domain/refusal.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { Badge, Tabs } from '../parts/layout.js';
import { focused, RefusalNotice } from '../parts/refusal.js';
import { dayText } from '../words/formats.js';
import type { SubscriptionHead } from './subscription.head.js';
import { subscriptionWords, type Section } from './subscription.words.js';

/** Which readers have a section. Its address is that of the subscription and its name; the overview has the address alone. */
const permissionOf: Readonly<Record<Section, Permission>> = {
  overview: 'subscriptions.read',
  entries: 'time-entries.read',
  allocations: 'allocations.read',
  lines: 'subscriptions.read',
  visits: 'visits.read',
  seats: 'seats.read',
  renewal: 'notices.read',
  ledger: 'ledger.read',
  terms: 'terms.read',
  'what-if': 'what-if.read',
  'top-ups': 'top-ups.read',
  settings: 'subscriptions.write',
};

const sections = Object.keys(permissionOf) as Section[];

export const sectionPath = (id: string, section: Section): string =>
  `/console/subscriptions/${id}${section === 'overview' ? '' : `/${section}`}`;

export const may = ({ actor }: Pick<PageReader, 'actor'>, permission: Permission): boolean =>
  scopeOf(permission, actor.role) !== 'never';

/** A section of a subscription, below the head that all sections share. */
export function sectionPage(
  head: SubscriptionHead,
  section: Section,
  reader: PageReader,
  content: JSX.Element,
): ShownPage {
  const { language } = reader;
  const words = subscriptionWords[language];
  const tabs = sections
    .filter((each) => may(reader, permissionOf[each]))
    .map((each) => ({ text: words.sections[each], href: sectionPath(head.id, each), isHere: each === section }));
  return {
    title: say(words.title, language, { customer: head.customer.name, section: words.sections[section] }),
    main: (
      <div class="subscription">
        <Head head={head} reader={reader} />
        <Tabs label={words.sectionsLabel} tabs={tabs} />
        <StateNotice head={head} reader={reader} />
        {content}
      </div>
    ),
  };
}

function Head({ head, reader }: { head: SubscriptionHead; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const { customer, contract, term, csm, today } = head;
  const words = subscriptionWords[language];
  const days = { startsOn: dayText(term.startsOn, language), endsOn: dayText(term.endsOn, language) };
  return (
    <header class="subscription-head">
      <h1>
        {reader.actor.role === 'customer' ? (
          <span safe>{customer.name}</span>
        ) : (
          <a href={`/console/customers/${customer.id}`} safe>
            {customer.name}
          </a>
        )}
      </h1>
      <p>
        <strong safe>{term.periods.at(-1)!.package.name[language]}</strong>
        {contract.contractNumber !== null && (
          <span>
            {words.contract}: <span safe>{contract.contractNumber}</span>
          </span>
        )}
        <span safe>{say(words.term, language, days)}</span>
        <span>
          {words.csm}:{' '}
          <a href={`mailto:${escapeHtml(csm.email)}`} safe>
            {csm.name}
          </a>
        </span>
        {contract.status === 'ended' && <Badge text={words.ended} />}
        {contract.status === 'annulled' && <Badge text={words.annulled} tone="bad" />}
        {today < term.startsOn && (
          <Badge text={say(words.upcoming, language, { startsOn: dayText(term.startsOn, language) })} />
        )}
      </p>
    </header>
  );
}

function StateNotice({ head, reader }: { head: SubscriptionHead; reader: PageReader }): JSX.Element {
  const { contract, term } = head;
  const { language, actor } = reader;
  const words = subscriptionWords[language];
  if (contract.annulment && actor.role !== 'customer') {
    const { annulledAt, reason } = contract.annulment;
    const annulledOn = dayText(annulledAt.toISOString().slice(0, 10), language);
    return (
      <div class="notice warn">
        <p safe>{say(words.annulledNote, language, { annulledOn, reason })}</p>
      </div>
    );
  }
  if (contract.status !== 'ended') return <></>;
  return (
    <div class="notice">
      <p safe>{say(words.endedNote, language, { endsOn: dayText(term.endsOn, language) })}</p>
    </div>
  );
}

/** Why a form of a subscription was refused. If somebody else was faster, it says what to do now. */
export function Refused({ refusal, reader }: { refusal: Refusal | undefined; reader: PageReader }): JSX.Element {
  if (refusal?.code !== 'etag-stale') return <RefusalNotice refusal={refusal} reader={reader} />;
  return (
    <div class="notice warn" role="alert" id="refusal" tabindex="-1" {...focused}>
      <p>{subscriptionWords[reader.language].stale}</p>
    </div>
  );
}

/** The buttons below a form: what it does, and the way back. */
export function FormButtons({
  children,
  backTo,
  reader,
}: PropsWithChildren<{ backTo: string; reader: PageReader }>): JSX.Element {
  return (
    <div class="row">
      {children}
      <a class="button quiet" href={backTo}>
        {subscriptionWords[reader.language].cancel}
      </a>
    </div>
  );
}
