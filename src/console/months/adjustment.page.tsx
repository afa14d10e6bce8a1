import { escapeHtml } from '@kitajs/html';
import type { Refusal } from '../../domain/refusal.js';
import { activities } from '../../domain/time-entry.js';
import { activityWords } from '../../domain/work-words.js';
import { say } from '../../platform/sentences.js';
import { Field } from '../../platform/pages/fields.js';
import { ActionForm } from '../parts/action-form.js';
import { Choice, formShown } from '../parts/fields.js';
import { Panel } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { printedWords } from '../../features/reports/printed-words.js';
import { monthText, shortDayText } from '../words/formats.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import type { Adjusting } from './months.service.js';
import { words } from './months.words.js';

/** What was typed into the form, and why it was refused. */
export interface TypedAdjustment {
  typed?: Readonly<Record<string, string>>;
  refusal?: Refusal;
}

/** The form for forgotten work of a closed month: first the subscription, then the work. */
export function adjustmentPage(adjusting: Adjusting, reader: PageReader, again: TypedAdjustment): ShownPage {
  const { month, countsIn, chosen } = adjusting;
  const { language } = reader;
  const text = words[language];
  const name = monthText(month, language);
  const title = say(text.adjustmentTitle, language, { month: name });
  return {
    title,
    main: (
      <>
        <p>
          <a href={`/console/months/${month}`} safe>
            {name}
          </a>
        </p>
        <h1 safe>{title}</h1>
        <p class="soft" safe>
          {say(text.adjustmentLead, language, { month: name, counts: monthText(countsIn, language) })}
        </p>
        {chosen ? (
          <WorkForm adjusting={adjusting} chosen={chosen} reader={reader} again={again} />
        ) : (
          <FindSubscription adjusting={adjusting} reader={reader} />
        )}
      </>
    ),
  };
}

function FindSubscription({ adjusting, reader }: { adjusting: Adjusting; reader: PageReader }): JSX.Element {
  const { month, search, found, hasMore } = adjusting;
  const { language } = reader;
  const text = words[language];
  const form = formShown(reader, { customer: search ?? '' });
  return (
    <Panel id="find" title={text.findSubscription}>
      <form method="get" action={`/console/months/${month}/adjustment`} role="search">
        <Field
          field={{ name: 'customer', label: text.findLabel, type: 'search', required: true, maxLength: 200 }}
          form={form}
        />
        <button type="submit">{text.find}</button>
      </form>
      {search !== undefined && found.length === 0 && <p>{text.foundNone}</p>}
      {found.length > 0 && (
        <ul class="choices">
          {found.map(({ id, customer, contractNumber, package: sold }) => (
            <li>
              <a href={`/console/months/${month}/adjustment?subscriptionId=${id}`} safe>
                {[customer, printedWords.package[sold][language], contractNumber].filter(Boolean).join(' · ')}
              </a>
            </li>
          ))}
        </ul>
      )}
      {hasMore && <p class="soft">{text.foundMore}</p>}
    </Panel>
  );
}

function WorkForm({
  adjusting: { month },
  chosen: { subscription, days, pairs, visits },
  reader,
  again,
}: {
  adjusting: Adjusting;
  chosen: NonNullable<Adjusting['chosen']>;
  reader: PageReader;
  again: TypedAdjustment;
}): JSX.Element {
  const { language, today } = reader;
  const text = words[language];
  const name = monthText(month, language);
  const [onlyPair, ...otherPairs] = pairs;
  const defaults = {
    workDate: days.to,
    ...(onlyPair && otherPairs.length === 0 && { pair: `${onlyPair.consultantId} ${onlyPair.productLineId}` }),
  };
  const form = formShown(reader, again.typed ?? defaults, again.refusal);
  return (
    <Panel id="work" title={subscription.customerName}>
      <RefusalNotice refusal={again.refusal} reader={reader} />
      <p>
        <a href={`/console/months/${month}/adjustment`}>{text.otherSubscription}</a>
      </p>
      {pairs.length === 0 ? (
        <p safe>{say(text.noPairs, language, { month: name })}</p>
      ) : (
        <ActionForm reader={reader} action={`/console/months/${month}/adjustment`}>
          <input type="hidden" name="subscriptionId" value={subscription.id} />
          <div class="fields">
            <Field
              field={{ name: 'workDate', label: text.workDay, type: 'date', required: true, maxLength: 10 }}
              form={form}
            />
            <Field
              field={{ name: 'time', label: text.time, hint: text.timeHint, required: true, maxLength: 30 }}
              form={form}
            />
            <Choice
              name="pair"
              label={text.pair}
              options={pairs.map(({ consultantId, consultant, productLineId, productLine }) => ({
                value: `${consultantId} ${productLineId}`,
                text: `${consultant} – ${productLine}`,
              }))}
              empty={pairs.length > 1 ? text.choose : undefined}
              form={form}
              required
            />
            <Choice
              name="activity"
              label={text.activity}
              options={activities.map((value) => ({ value, text: activityWords[value][language] }))}
              empty={text.choose}
              form={form}
              required
            />
            {visits.length > 0 && (
              <Choice
                name="visitId"
                label={text.visit}
                options={visits.map(({ id, place, startsOn }) => ({
                  value: id,
                  text: `${place}, ${shortDayText(startsOn, language, today)}`,
                }))}
                empty={text.noVisit}
                form={form}
              />
            )}
            <Field
              field={{ name: 'reference', label: text.reference, hint: text.referenceHint, maxLength: 200 }}
              form={form}
            />
          </div>
          <Field
            field={{ name: 'summary', label: text.summary, required: true, lines: 'many', maxLength: 2_000 }}
            form={form}
          />
          <Field
            field={{
              name: 'reason',
              label: say(text.whyForgotten, language, { month: name }),
              hint: text.whyHint,
              required: true,
              lines: 'many',
              maxLength: 2_000,
            }}
            form={form}
          />
          <div class="row">
            <button type="submit">{text.save}</button>
            <a href={escapeHtml(`/console/months/${month}`)}>{text.cancel}</a>
          </div>
        </ActionForm>
      )}
    </Panel>
  );
}
