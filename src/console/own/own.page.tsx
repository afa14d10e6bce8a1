import { escapeHtml } from '@kitajs/html';
import { activityWords, deliveryWords } from '../../domain/work-words.js';
import { zoneText } from '../../platform/mail/mail-words.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { DayTime } from '../parts/day-time.js';
import { Badge, Empty, Facts, Panel } from '../parts/layout.js';
import { dayText, inDaysText, minutesText, shortDayText } from '../words/formats.js';
import { plannedSentence, type HoursState } from './hours-state.js';
import { HoursBar, HoursSentenceLine, ownAddress, ownPage } from './own-parts.js';
import type { OwnSubscription, OwnSubscriptions } from './own.service.js';
import { ownWords, type OwnWord } from './own.words.js';

/** The home of a customer with several subscriptions: the sentence of each, and the way to it. */
export function ownChoicePage(own: OwnSubscriptions, reader: PageReader): ShownPage {
  const { language } = reader;
  const words = ownWords[language];
  const main = (
    <div class="columns">
      {own.choices.map(({ id, name, subscription }) => (
        <Panel id={`subscription-${id}`} title={name}>
          <HoursSentenceLine state={stateOf(subscription)} language={language} />
          {subscription.status === 'active' && (
            <HoursBar balance={subscription.balance} language={language} withPlans={false} />
          )}
          {subscription.status === 'active' && (
            <p>
              {escapeHtml(words.deadline)}:{' '}
              <DayTime
                day={subscription.currentTerm.noticeDeadline}
                reader={{ language, today: subscription.balance.asOf }}
                away
              />
            </p>
          )}
          <p>
            <a class="button quiet" href={ownAddress('', id, own.choices)} aria-describedby={`subscription-${id}`}>
              {words.open}
            </a>
          </p>
        </Panel>
      ))}
    </div>
  );
  return ownPage({ title: words.title, path: '', main }, reader);
}

/** The home of a customer: what is left, the last day for a notice, the next sessions, and whom to call. */
export function ownHomePage(own: OwnSubscriptions, state: OwnSubscription, reader: PageReader): ShownPage {
  const { language } = reader;
  const words = ownWords[language];
  const { subscription, balance, standing } = state;
  const isActive = subscription.status === 'active';
  const hours = stateOf({ ...subscription, balance });
  const planned = isActive ? plannedSentence(hours, language) : undefined;
  const main = (
    <>
      <section class="panel" aria-labelledby="hours">
        <h2 id="hours" class="soft" safe>
          {state.name}
        </h2>
        <HoursSentenceLine state={hours} language={language} />
        <HoursBar balance={balance} language={language} withPlans />
        {planned !== undefined && <p safe>{planned}</p>}
        <p>
          <a href={`/console/subscriptions/${state.id}`}>{words.burnDown}</a>
        </p>
      </section>
      <div class="columns">
        {isActive && <Renewal own={own} state={state} reader={reader} />}
        {isActive && <Sessions state={state} reader={reader} />}
        <Limits state={state} reader={reader} />
        <Panel id="contact" title={words.contact}>
          <p safe>{standing.term.csmName}</p>
          <p>
            <a href={escapeHtml(`mailto:${standing.term.csmEmail}`)} safe>
              {standing.term.csmEmail}
            </a>
          </p>
        </Panel>
      </div>
    </>
  );
  return ownPage({ title: words.title, own, path: '', main }, reader);
}

interface Part {
  state: OwnSubscription;
  reader: PageReader;
}

/** The last day for a notice, and what follows without one. */
function Renewal({
  own,
  state: { id, balance, daysToDeadline, standing },
  reader,
}: Part & { own: OwnSubscriptions }): JSX.Element {
  const { language } = reader;
  const { term, given, isLate } = standing;
  const t = (word: OwnWord, values: Record<string, string> = {}): string =>
    say(ownWords[language][word], language, values);
  const ends = term.renewalState === 'declined';
  const verb: OwnWord = given ? 'seeNotice' : isLate ? 'lateNotice' : 'giveNotice';
  return (
    <Panel id="renewal" title={t('deadline')}>
      <p class="own-deadline">
        <strong>
          <time datetime={term.noticeDeadlineOn} safe>
            {dayText(term.noticeDeadlineOn, language)}
          </time>
        </strong>{' '}
        {!isLate && (
          <Badge
            text={inDaysText(term.noticeDeadlineOn, balance.asOf, language)}
            tone={daysToDeadline <= 30 ? 'warn' : 'plain'}
          />
        )}
      </p>
      <p class="soft" safe>
        {isLate
          ? t('deadlinePassed')
          : t('deadlineZone', {
              timeZone: zoneText(term.deadlineZone, new Date(term.lockAt.getTime() - 1), language),
            })}
      </p>
      <h3 safe>{t('nothing')}</h3>
      {ends && <p safe>{t('endsNotice')}</p>}
      <p safe>
        {ends
          ? t('ends', { endsOn: dayText(term.endsOn, language) })
          : t('renews', {
              startsOn: dayText(term.next.startsOn, language),
              package: term.next.package.name[language],
              granted: minutesText(term.next.package.grantedMinutes, language),
            })}
      </p>
      <p>
        <a class="button quiet" href={ownAddress('/notice', id, own.choices)} safe>
          {t(verb)}
        </a>
      </p>
    </Panel>
  );
}

function Sessions({ state: { sessions, names, balance }, reader: { language } }: Part): JSX.Element {
  const words = ownWords[language];
  if (sessions.length === 0) {
    return (
      <Panel id="sessions" title={words.sessions}>
        <Empty text={words.noSessions} />
      </Panel>
    );
  }
  return (
    <Panel id="sessions" title={words.sessions}>
      <ul class="own-sessions">
        {sessions.map(({ plannedOn, minutes, summary, activity, delivery, consultantId, productLineId }) => (
          <li>
            <p class="row apart">
              <strong>
                <time datetime={plannedOn} safe>
                  {shortDayText(plannedOn, language, balance.asOf)}
                </time>
              </strong>
              <span class="number" safe>
                {minutesText(minutes, language)}
              </span>
            </p>
            <p safe>{summary}</p>
            <p class="soft" safe>
              {[
                names.get(consultantId),
                names.get(productLineId),
                activityWords[activity][language],
                deliveryWords[delivery][language],
              ].join(' · ')}
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Limits({ state: { balance, subscription }, reader: { language } }: Part): JSX.Element {
  const words = ownWords[language];
  const { onsite, seats } = balance;
  const { startsOn, endsOn } = subscription.currentTerm;
  const facts = [
    {
      name: words.term,
      value: escapeHtml(
        say(words.termDays, language, { startsOn: dayText(startsOn, language), endsOn: dayText(endsOn, language) }),
      ),
    },
    ...(onsite.capMinutes === 0
      ? []
      : [
          {
            name: words.onsite,
            value: escapeHtml(
              say(onsite.usedMinutes === 0 ? words.onsiteUnused : words.onsiteOf, language, {
                used: minutesText(onsite.usedMinutes, language),
                cap: minutesText(onsite.capMinutes, language),
              }),
            ),
          },
          {
            name: words.visits,
            value: escapeHtml(
              say(onsite.maxVisits === null ? words.visitsAny : words.visitsOf, language, {
                used: onsite.visitsUsed,
                max: onsite.maxVisits ?? 0,
              }),
            ),
          },
        ]),
    { name: words.seats, value: escapeHtml(say(words.seatsOf, language, { used: seats.used, max: seats.max })) },
  ];
  return (
    <Panel id="limits" title={words.limits}>
      <Facts facts={facts} />
    </Panel>
  );
}

const stateOf = ({
  status,
  currentTerm: { startsOn, endsOn },
  balance,
}: Pick<OwnSubscription['subscription'], 'status' | 'currentTerm' | 'balance'>): HoursState => ({
  status,
  startsOn,
  endsOn,
  balance,
});
