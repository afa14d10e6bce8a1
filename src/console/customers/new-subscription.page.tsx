import { pacePolicies } from '../../domain/contract.js';
import { packageCodes } from '../../domain/package.js';
import type { Refusal } from '../../domain/refusal.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Choice, formShown } from '../parts/fields.js';
import { Facts } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { portfolioNames } from '../portfolio/portfolio.words.js';
import { dayText, minutesText, numberText } from '../words/formats.js';
import type { SubscriptionChoices, TermPreview } from './customer-pages.service.js';
import { customersWords } from './customers.words.js';

/** Enters a subscription; `Show the term` says first what would be entered. */
export function newSubscriptionPage({
  reader,
  choices,
  typed,
  ticked,
  preview,
  refusal,
}: {
  reader: PageReader;
  choices: SubscriptionChoices;
  typed: Readonly<Record<string, string>>;
  /** The ids of product lines. */
  ticked: readonly string[];
  preview: TermPreview | undefined;
  refusal?: Refusal | undefined;
}): ShownPage {
  const { language } = reader;
  const words = customersWords[language].subscription;
  const { customer, today } = choices;
  const form = formShown(reader, typed, refusal);
  return {
    title: words.title,
    main: (
      <>
        <h1 safe>{say(words.of, language, { customer: customer.name })}</h1>
        <p>
          <a href={`/console/customers/${customer.id}`} safe>
            {customer.name}
          </a>
        </p>
        <RefusalNotice refusal={refusal} reader={reader} />
        <ActionForm reader={reader} action={`/console/customers/${customer.id}/subscriptions/new`} class="panel narrow">
          <SubscriptionFields form={form} choices={choices} ticked={ticked} language={language} />
          {preview !== undefined && <Preview preview={preview} today={today} language={language} />}
          <p class="row">
            <button type="submit" name="step" value="preview" class="quiet">
              {words.preview}
            </button>
            <button type="submit" name="step" value="enter">
              {words.enter}
            </button>
          </p>
        </ActionForm>
      </>
    ),
  };
}

function SubscriptionFields({
  form,
  choices: { csms, productLines },
  ticked,
  language,
}: {
  form: FormShown;
  choices: SubscriptionChoices;
  ticked: readonly string[];
  language: PageReader['language'];
}): JSX.Element {
  const words = customersWords[language].subscription;
  return (
    <>
      <div class="fields">
        <Choice
          name="package"
          label={words.package}
          form={form}
          options={packageCodes.map((value) => ({ value, text: portfolioNames[language].package[value] }))}
        />
        <Field
          form={form}
          field={{
            name: 'startsOn',
            label: words.startsOn,
            hint: words.startsOnHint,
            type: 'date',
            required: true,
            maxLength: 10,
          }}
        />
        {csms.length > 0 && (
          <Choice
            name="csmId"
            label={words.csm}
            form={form}
            required
            empty={words.csmChoose}
            options={csms.map(({ id, name }) => ({ value: id, text: name }))}
          />
        )}
        <Choice
          name="pacePolicy"
          label={words.pacePolicy}
          form={form}
          options={pacePolicies.map((value) => ({ value, text: words.pacePolicies[value] }))}
        />
        <Field form={form} field={{ name: 'contractNumber', label: words.contractNumber, maxLength: 50 }} />
        <Field form={form} field={{ name: 'purchaseOrder', label: words.purchaseOrder, maxLength: 50 }} />
      </div>
      {productLines.length > 0 && (
        <fieldset>
          <legend>{words.productLines}</legend>
          {productLines.map(({ id, code, name }) => (
            <label class="check">
              <input type="checkbox" name="productLineIds" value={id} checked={ticked.includes(id)} />
              <span safe>{`${name} (${code})`}</span>
            </label>
          ))}
        </fieldset>
      )}
    </>
  );
}

function Preview({
  preview: { startsOn, endsOn, noticeDeadline, renewsOn, package: sold },
  today,
  language,
}: {
  preview: TermPreview;
  today: string;
  language: PageReader['language'];
}): JSX.Element {
  const words = customersWords[language].subscription;
  const { onsite, grantedMinutes, learningSeats, maxConsultants, maxProductLines } = sold;
  const term = { startsOn: dayText(startsOn, language), endsOn: dayText(endsOn, language) };
  const onsiteText = onsite.included
    ? say(words.onsiteText, language, {
        cap: minutesText(onsite.capMinutes, language),
        visits: onsite.maxVisits ?? -1,
      })
    : words.onsiteNone;
  const limits = { consultants: maxConsultants, lines: maxProductLines };
  return (
    <div class="notice" role="status">
      <p>
        <strong>{words.previewTitle}</strong>
      </p>
      <Facts
        facts={[
          { name: words.term, value: <span safe>{say(words.termDays, language, term)}</span> },
          { name: words.deadline, value: <strong safe>{dayText(noticeDeadline, language)}</strong> },
          { name: words.granted, value: <span safe>{minutesText(grantedMinutes, language)}</span> },
          { name: words.onsite, value: <span safe>{onsiteText}</span> },
          { name: words.seats, value: <span safe>{numberText(learningSeats, language)}</span> },
          { name: words.limits, value: <span safe>{say(words.limitsText, language, limits)}</span> },
        ]}
      />
      <p safe>{endsOn < today ? words.isOver : say(words.renews, language, { day: dayText(renewsOn, language) })}</p>
    </div>
  );
}
