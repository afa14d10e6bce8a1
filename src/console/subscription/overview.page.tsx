import { escapeHtml } from '@kitajs/html';
import { isTooEarly } from '../../domain/pace.js';
import { expectations } from '../../domain/outlook.js';
import type { Refusal } from '../../domain/refusal.js';
import type { AttentionReasonAnswer } from '../../features/attention/attention.dto.js';
import type { OutlookAnswer } from '../../features/outlook/outlook.dto.js';
import { activityWords } from '../../domain/work-words.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Bar } from '../parts/bar.js';
import { DayTime } from '../parts/day-time.js';
import { Choice, formShown } from '../parts/fields.js';
import { Badge, Empty, Facts, Panel } from '../parts/layout.js';
import { dayText, inDaysText, minutesText, momentText, numberText, weekdayText } from '../words/formats.js';
import { verbOf } from '../today/attention-verbs.js';
import { reasonText } from '../words/reason.js';
import { BurnDownChart } from './burn-down.chart.js';
import { burnDownWords } from './burn-down.words.js';
import { deadlineReason } from './deadline-reason.js';
import type { Overview } from './overview.service.js';
import { overviewWords } from './overview.words.js';
import { may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import { subscriptionWords } from './subscription.words.js';

/** The outlook as it was typed, and why it was refused. */
export interface TypedOutlook {
  typed: FormShown['typed'];
  refusal: Refusal;
}

/** What is left of a subscription, what happens with it, and what to do next. */
export function overviewPage(overview: Overview, reader: PageReader, again?: TypedOutlook): ShownPage {
  return sectionPage(
    overview.head,
    'overview',
    reader,
    <>
      <div class="columns wide-first">
        <Left overview={overview} reader={reader} />
        <Glance overview={overview} reader={reader} />
      </div>
      {overview.attention !== null && <Attention overview={overview} reader={reader} />}
      <BurnDown overview={overview} reader={reader} />
      <div class="columns">
        <Sessions overview={overview} reader={reader} />
        {overview.outlook !== null && <Outlook overview={overview} reader={reader} again={again} />}
      </div>
    </>,
  );
}

interface Part {
  overview: Overview;
  reader: PageReader;
}

function Left({ overview: { head, balance }, reader }: Part): JSX.Element {
  const { language } = reader;
  const words = overviewWords[language];
  const { remainingMinutes, usedMinutes, expiredMinutes, grantedMinutes, pace, drawnAheadMinutes } = balance;
  const text = (minutes: number): string => minutesText(minutes, language);
  const endsOn = dayText(head.term.endsOn, language);
  return (
    <section class="panel" aria-label={words.left}>
      <p class="largest" id="left" safe>
        {language === 'ja' ? `${words.left} ${text(remainingMinutes)}` : `${text(remainingMinutes)} ${words.left}`}
      </p>
      <p class="soft" safe>
        {say(words.leftOf, language, { granted: text(grantedMinutes), endsOn })}
      </p>
      <Bar
        whole={grantedMinutes}
        parts={[
          { amount: usedMinutes, kind: 'used' },
          { amount: expiredMinutes, kind: 'expired' },
        ]}
        mark={pace.plannedMinutes}
      />
      <ul class="sentences">
        <li safe>{say(words.used, language, { used: text(usedMinutes) })}</li>
        {sentencesOf({ head, balance }, reader).map((sentence) => (
          <li safe>{sentence}</li>
        ))}
        {expiredMinutes > 0 && <li safe>{say(words.expired, language, { expired: text(expiredMinutes) })}</li>}
        {drawnAheadMinutes > 0 && <li safe>{say(words.drawnAhead, language, { minutes: text(drawnAheadMinutes) })}</li>}
      </ul>
      {reader.actor.role === 'customer' && <p class="soft">{words.noCarryOver}</p>}
      {may(reader, 'time-entries.log') && head.contract.status === 'active' && (
        <p>
          <a class="button" href={`${sectionPath(head.id, 'entries')}/new`}>
            {words.logHours}
          </a>
        </p>
      )}
    </section>
  );
}

/** The pace and the forecast of an open term in words. */
function sentencesOf({ head, balance }: Pick<Overview, 'head' | 'balance'>, { language }: PageReader): string[] {
  const words = overviewWords[language];
  const { term, today } = head;
  const { pace, forecast } = balance;
  if (today < term.startsOn || today > term.endsOn || term.status !== 'open') return [];
  const text = (minutes: number): string => minutesText(minutes, language);
  const difference = text(Math.abs(pace.differenceMinutes));
  const { basis, expiringMinutes, exhaustedOn, planned } = forecast;
  const values = { days: basis.days, expiring: text(expiringMinutes), endsOn: dayText(term.endsOn, language) };
  return [
    say(words.pace[pace.status], language, { difference }),
    expiringMinutes > 0 ? say(words.willExpire, language, values) : say(words.nothingExpires, language, values),
    ...(exhaustedOn === null ? [] : [say(words.runsOut, language, { day: dayText(exhaustedOn, language) })]),
    ...(isTooEarly(basis) ? [words.tooEarly] : []),
    ...(planned === undefined
      ? []
      : [
          say(planned.expiringMinutes > 0 ? words.withPlans : words.withPlansAll, language, {
            planned: text(planned.plannedMinutes),
            expiring: text(planned.expiringMinutes),
          }),
        ]),
  ];
}

function Glance({ overview: { head, balance }, reader }: Part): JSX.Element {
  const { language, actor } = reader;
  const words = overviewWords[language];
  const { term, contract, customer, today } = head;
  const { onsite, seats } = balance;
  const text = (minutes: number): string => minutesText(minutes, language);
  const count = (used: number, max: number | null): string =>
    max === null
      ? say(words.countAny, language, { used: numberText(used, language) })
      : say(words.countOf, language, { used: numberText(used, language), max: numberText(max, language) });
  const hasPassed = term.noticeDeadlineOn < today;
  const deadline = {
    ...term,
    deadlineZone: term.deadlineZone,
    timeZone: contract.timeZone,
    country: customer.country,
  };
  return (
    <Panel id="glance" title={words.factsHeading}>
      <Facts
        facts={[
          {
            name: words.deadline,
            value: (
              <>
                <span safe>{weekdayText(term.noticeDeadlineOn, language)}</span>
                <span class="away" safe>
                  {hasPassed ? words.deadlinePassed : inDaysText(term.noticeDeadlineOn, today, language)}
                </span>
                <details>
                  <summary>{words.whyThisDay}</summary>
                  {deadlineReason(deadline, actor.role === 'customer' ? 'customer' : 'staff', language).map(
                    (sentence) => (
                      <p safe>{sentence}</p>
                    ),
                  )}
                </details>
              </>
            ),
          },
          {
            name: words.renewal,
            value: (
              <a href={sectionPath(head.id, 'renewal')}>
                {subscriptionWords[language].renewalStates[term.renewalState]}
              </a>
            ),
          },
          {
            name: words.unallocated,
            value: (
              <a href={sectionPath(head.id, 'allocations')} safe>
                {text(balance.unallocatedMinutes)}
              </a>
            ),
          },
          ...(onsite.capMinutes > 0 || onsite.usedMinutes > 0
            ? [
                {
                  name: words.onsite,
                  value: (
                    <span safe>
                      {say(words.onsiteOf, language, { used: text(onsite.usedMinutes), cap: text(onsite.capMinutes) })}
                    </span>
                  ),
                },
                {
                  name: words.visits,
                  value: (
                    <a href={sectionPath(head.id, 'visits')} safe>
                      {count(onsite.visitsUsed, onsite.maxVisits)}
                    </a>
                  ),
                },
              ]
            : []),
          {
            name: words.seats,
            value: (
              <a href={sectionPath(head.id, 'seats')} safe>
                {count(seats.used, seats.max)}
              </a>
            ),
          },
        ]}
      />
    </Panel>
  );
}

function Attention({ overview, reader }: Part): JSX.Element {
  const { language } = reader;
  const words = overviewWords[language];
  const { reasons } = overview.attention!;
  return (
    <Panel id="attention" title={words.attention}>
      {reasons.length === 0 ? (
        <p class="soft">{words.noAttention}</p>
      ) : (
        <ul class="list-rows">
          {reasons.map((reason) => (
            <Reason reason={reason} overview={overview} reader={reader} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Reason({ reason, overview, reader }: Part & { reason: AttentionReasonAnswer }): JSX.Element {
  const { language } = reader;
  const { id, customer } = overview.head;
  const verb = verbOf(reason.code, { subscriptionId: id, customerId: customer.id }, reader);
  return (
    <li>
      <span>
        <span safe>{reasonText(reason, language)}</span>
        <small class="soft" safe>
          {say(overviewWords[language].since, language, { day: dayText(reason.since, language) })}
        </small>
      </span>
      {verb !== undefined && (
        <a class="button quiet" href={escapeHtml(verb.href)} safe>
          {verb.text}
        </a>
      )}
    </li>
  );
}

function BurnDown({ overview, reader }: Part): JSX.Element {
  const { language } = reader;
  const { head, points, months, planLeftMinutes, balance } = overview;
  const { remainingMinutes, grantedMinutes } = balance;
  const { endsOn } = head.term;
  return (
    <Panel id="burn-down" title={burnDownWords[language].heading}>
      <BurnDownChart
        shown={{ points, months, planLeftMinutes, remainingMinutes, grantedMinutes, today: head.today, endsOn }}
        language={language}
      />
    </Panel>
  );
}

function Sessions({ overview: { head, sessions, names }, reader }: Part): JSX.Element {
  const { language } = reader;
  const words = overviewWords[language];
  const planned = `/console/planned?subscription=${head.id}`;
  const planOne = `/console/planned/new?subscription=${head.id}`;
  const mayPlan = may(reader, 'planned-sessions.write') && head.contract.status === 'active';
  return (
    <Panel id="sessions" title={words.sessions}>
      {sessions.length === 0 ? (
        <Empty
          text={mayPlan ? `${words.noSessions} ${words.noSessionsNext}` : words.noSessions}
          {...(mayPlan && { href: planOne, verb: words.planSession })}
        />
      ) : (
        <>
          <ul class="next-sessions">
            {sessions.map(({ plannedOn, minutes, consultantId, activity, summary }) => (
              <li>
                <p>
                  <strong>
                    <DayTime day={plannedOn} reader={{ language, today: head.today }} short away />
                  </strong>
                  <span class="number" safe>
                    {minutesText(minutes, language)}
                  </span>
                </p>
                <p safe>{summary}</p>
                <p class="soft" safe>
                  {`${names.consultants.get(consultantId) ?? ''} · ${activityWords[activity][language]}`}
                </p>
              </li>
            ))}
          </ul>
          {mayPlan && (
            <p class="row">
              <a class="button quiet" href={planOne}>
                {words.planSession}
              </a>
              <a href={planned}>{words.allSessions}</a>
            </p>
          )}
        </>
      )}
    </Panel>
  );
}

function Outlook({ overview, reader, again }: Part & { again?: TypedOutlook }): JSX.Element {
  const { language } = reader;
  const words = overviewWords[language];
  const { head, outlook } = overview;
  const present = outlook!.outlook;
  const earlier = outlook!.data.filter(({ id }) => id !== present?.id);
  return (
    <Panel id="outlook" title={words.outlook}>
      {present === null ? <p class="soft">{words.outlookNone}</p> : <StatedOutlook outlook={present} reader={reader} />}
      {may(reader, 'outlook.write') && head.contract.status === 'active' && (
        <OutlookForm overview={overview} reader={reader} again={again} />
      )}
      {earlier.length > 0 && (
        <details>
          <summary>{words.earlier}</summary>
          {earlier.map((each) => (
            <StatedOutlook outlook={each} reader={reader} />
          ))}
        </details>
      )}
    </Panel>
  );
}

function StatedOutlook({ outlook, reader }: { outlook: OutlookAnswer; reader: PageReader }): JSX.Element {
  const { language, timeZone } = reader;
  const words = overviewWords[language];
  const { expectation, reason, nextStep, nextStepOn, recordedAt, recordedBy } = outlook;
  const tones = { renews: 'good', upgrades: 'good', unsure: 'warn', leaves: 'bad' } as const;
  return (
    <div class="stated">
      <p>
        <Badge text={subscriptionWords[language].expectations[expectation]} tone={tones[expectation]} />{' '}
        <span class="soft" safe>
          {say(words.outlookBy, language, { name: recordedBy.name, at: momentText(recordedAt, timeZone, language) })}
        </span>
      </p>
      {reason !== null && <p safe>{reason}</p>}
      {nextStep !== null && (
        <p>
          {words.nextStep}: <span safe>{nextStep}</span>
          {nextStepOn !== null && (
            <>
              {' '}
              (<DayTime day={nextStepOn} reader={reader} away />)
            </>
          )}
        </p>
      )}
    </div>
  );
}

function OutlookForm({ overview, reader, again }: Part & { again?: TypedOutlook }): JSX.Element {
  const { language } = reader;
  const words = overviewWords[language];
  const { head, outlook } = overview;
  const present = outlook!.outlook;
  const shown = {
    expectation: present?.expectation ?? 'renews',
    reason: present?.reason ?? '',
    nextStep: present?.nextStep ?? '',
    nextStepOn: present?.nextStepOn ?? '',
  };
  const form = formShown(reader, again?.typed ?? shown, again?.refusal);
  return (
    <details open={again !== undefined || present === null}>
      <summary>{words.state}</summary>
      <ActionForm reader={reader} action={`${sectionPath(head.id, 'overview')}/outlook`}>
        <Refused refusal={again?.refusal} reader={reader} />
        <input type="hidden" name="version" value={String(outlook!.version)} />
        <Choice
          name="expectation"
          label={words.expectation}
          options={expectations.map((value) => ({ value, text: subscriptionWords[language].expectations[value] }))}
          form={form}
        />
        <Field field={{ name: 'reason', label: words.outlookReason, lines: 'many', maxLength: 2_000 }} form={form} />
        <Field field={{ name: 'nextStep', label: words.nextStep, maxLength: 500 }} form={form} />
        <Field field={{ name: 'nextStepOn', label: words.nextStepOn, type: 'date', maxLength: 10 }} form={form} />
        <p class="hint">{words.outlookHint}</p>
        <button type="submit">{words.state}</button>
      </ActionForm>
    </details>
  );
}
