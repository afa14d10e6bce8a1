import { durationText } from '../../domain/duration-text.js';
import type { Refusal } from '../../domain/refusal.js';
import { activities, deliveries } from '../../domain/time-entry.js';
import { activityWords, deliveryWords } from '../../domain/work-words.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { NamedPlannedSession } from '../../features/planning/planned-session.dto.js';
import type { SubscriptionName } from '../../features/subscriptions/contract.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Check, Choice, formShown } from '../parts/fields.js';
import { Panel } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { dayText, minutesText, shortDayText } from '../words/formats.js';
import type { SessionChoices, SessionToLog } from './planned.service.js';
import { plannedWords } from './planned.words.js';

type TypedText = Readonly<Record<string, string>>;

/** Asks for which subscription a session is planned. */
export function chooseSubscriptionPage(reader: PageReader, subscriptions: readonly SubscriptionName[]): ShownPage {
  const words = plannedWords[reader.language];
  return {
    title: words.plan,
    main: (
      <>
        <h1>{words.plan}</h1>
        <form method="get" action="/console/planned/new" class="panel narrow">
          <Choice
            name="subscription"
            label={words.chooseHint}
            form={formShown(reader)}
            required
            empty={words.choose}
            options={subscriptions.map(({ id, customer, contractNumber }) => ({
              value: id,
              text: [customer, contractNumber].filter(Boolean).join(' · '),
            }))}
          />
          <button type="submit">{words.goOn}</button>
        </form>
      </>
    ),
  };
}

export function newSessionPage({
  reader,
  choices,
  typed,
  refusal,
}: {
  reader: PageReader;
  choices: SessionChoices;
  typed: TypedText;
  refusal: Refusal | undefined;
}): ShownPage {
  const { language } = reader;
  const words = plannedWords[language];
  const { subscription, pairs, today } = choices;
  const defaults = { plannedOn: today, activity: 'technical-advice', delivery: 'remote', ...typed };
  const form = formShown(reader, defaults, refusal);
  return {
    title: words.plan,
    main: (
      <>
        <h1>{words.plan}</h1>
        <p>
          <a href={`/console/subscriptions/${subscription.id}`} safe>
            {[subscription.customer, subscription.contractNumber].filter(Boolean).join(' · ')}
          </a>
        </p>
        <RefusalNotice refusal={refusal} reader={reader} />
        {pairs.length === 0 ? (
          <div class="notice warn">
            <p>{words.pairNone}</p>
            <p>
              <a href={`/console/subscriptions/${subscription.id}/allocations`}>{words.allocate}</a>
            </p>
          </div>
        ) : (
          <ActionForm reader={reader} action="/console/planned/new" class="panel narrow">
            <input type="hidden" name="subscription" value={subscription.id} />
            <SessionFields form={form} choices={choices} language={language} />
            <Choice
              name="everyWeeks"
              label={words.repeat}
              hint={words.repeatHint}
              form={form}
              empty={words.repeatNone}
              options={['1', '2', '3', '4'].map((value) => ({
                value,
                text: say(words.everyWeeks, language, { count: Number(value) }),
              }))}
            />
            <Field
              form={form}
              field={{ name: 'until', label: words.until, hint: words.untilHint, type: 'date', maxLength: 10 }}
            />
            <button type="submit">{words.plan}</button>
          </ActionForm>
        )}
      </>
    ),
  };
}

export function editSessionPage({
  reader,
  session,
  choices,
  typed,
  refusal,
}: {
  reader: PageReader;
  session: NamedPlannedSession;
  choices: SessionChoices;
  typed: TypedText;
  refusal: Refusal | undefined;
}): ShownPage {
  const { language } = reader;
  const words = plannedWords[language];
  const { version: _typedVersion, ...kept } = typed;
  const defaults = {
    plannedOn: session.plannedOn,
    minutes: durationText(session.minutes),
    pair: `${session.consultantId}.${session.productLineId}`,
    activity: session.activity,
    delivery: session.delivery,
    summary: session.summary,
    ...kept,
  };
  const form = formShown(reader, defaults, refusal);
  const isStale = refusal?.code === 'etag-stale';
  return {
    title: words.change,
    main: (
      <>
        <h1>{words.change}</h1>
        <p>
          <a href={`/console/subscriptions/${session.subscriptionId}`} safe>
            {session.customer}
          </a>
        </p>
        {isStale ? (
          <div class="notice warn" role="alert">
            <p safe>
              {say(words.changedMeanwhile, language, {
                day: dayText(session.plannedOn, language),
                minutes: minutesText(session.minutes, language),
                consultant: session.consultant,
                productLine: session.productLine,
              })}
            </p>
          </div>
        ) : (
          <RefusalNotice refusal={refusal} reader={reader} />
        )}
        <ActionForm reader={reader} action={`/console/planned/${session.id}/edit`} class="panel narrow">
          <input type="hidden" name="version" value={String(session.version)} />
          <SessionFields form={form} choices={choices} language={language} />
          <button type="submit">{words.save}</button>
        </ActionForm>
        <Panel id="cancel" title={words.cancelTitle}>
          <ActionForm reader={reader} action={`/console/planned/${session.id}/cancel`}>
            <input type="hidden" name="version" value={String(session.version)} />
            {session.seriesId !== null && (
              <Check name="following" label={words.cancelSeries} form={formShown(reader)} />
            )}
            <button type="submit" class="danger">
              {words.cancelVerb}
            </button>
          </ActionForm>
        </Panel>
      </>
    ),
  };
}

export function logSessionPage({
  reader,
  session,
  visits,
  typed,
  refusal,
}: SessionToLog & { reader: PageReader; typed: TypedText; refusal?: Refusal }): ShownPage {
  const { language } = reader;
  const words = plannedWords[language];
  const defaults = {
    workDate: session.plannedOn,
    minutes: durationText(session.minutes),
    summary: session.summary,
    ...typed,
  };
  const form = formShown(reader, defaults, refusal);
  return {
    title: words.logTitle,
    main: (
      <>
        <h1>{words.logTitle}</h1>
        <p safe>{`${session.customer} · ${session.consultant} (${session.productLine})`}</p>
        <p class="soft">{words.logHint}</p>
        <RefusalNotice refusal={refusal} reader={reader} />
        <ActionForm reader={reader} action={`/console/planned/${session.id}/log`} class="panel narrow">
          <div class="fields">
            <Field
              form={form}
              field={{ name: 'workDate', label: words.day, type: 'date', required: true, maxLength: 10 }}
            />
            <Field
              form={form}
              field={{ name: 'minutes', label: words.minutes, hint: words.minutesHint, required: true, maxLength: 20 }}
            />
          </div>
          {session.delivery === 'onsite' && (
            <Choice
              name="visitId"
              label={words.visit}
              hint={words.onsite}
              form={form}
              required
              empty={words.chooseVisit}
              options={visits.map(({ id, startsOn, place }) => ({
                value: id,
                text: `${shortDayText(startsOn, language, session.today)} · ${place}`,
              }))}
            />
          )}
          <Field
            form={form}
            field={{ name: 'summary', label: words.summary, lines: 'many', required: true, maxLength: 2000 }}
          />
          <button type="submit">{words.logVerb}</button>
        </ActionForm>
      </>
    ),
  };
}

/** The fields of the work itself. */
function SessionFields({
  form,
  choices: { pairs },
  language,
}: {
  form: FormShown;
  choices: SessionChoices;
  language: PageReader['language'];
}): JSX.Element {
  const words = plannedWords[language];
  return (
    <>
      <div class="fields">
        <Field
          form={form}
          field={{ name: 'plannedOn', label: words.day, type: 'date', required: true, maxLength: 10 }}
        />
        <Field
          form={form}
          field={{ name: 'minutes', label: words.minutes, hint: words.minutesHint, required: true, maxLength: 20 }}
        />
      </div>
      <Choice
        name="pair"
        label={words.pair}
        form={form}
        required
        options={pairs.map(({ consultantId, productLineId, consultant, productLine }) => ({
          value: `${consultantId}.${productLineId}`,
          text: `${consultant} (${productLine})`,
        }))}
      />
      <div class="fields">
        <Choice
          name="activity"
          label={words.activity}
          form={form}
          options={activities.map((value) => ({ value, text: activityWords[value][language] }))}
        />
        <Choice
          name="delivery"
          label={words.delivery}
          form={form}
          options={deliveries.map((value) => ({ value, text: deliveryWords[value][language] }))}
        />
      </div>
      <Field
        form={form}
        field={{ name: 'summary', label: words.summary, lines: 'many', required: true, maxLength: 2000 }}
      />
    </>
  );
}
