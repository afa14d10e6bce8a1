import { escapeHtml } from '@kitajs/html';
import type { BookableSubscription, DraftField, FieldSource, NameQuestion } from '../../domain/quick-entry-draft.js';
import { severities, type LineQuestion, type Meaning } from '../../domain/quick-entry.js';
import { activities, deliveries } from '../../domain/time-entry.js';
import { activityWords, deliveryWords } from '../../domain/work-words.js';
import { faultText } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader } from '../page/console-page.js';
import { Bar } from '../parts/bar.js';
import type { Option } from '../parts/fields.js';
import { RefusalNotice } from '../parts/refusal.js';
import { minutesText, shortDayText, weekdayText } from '../words/formats.js';
import type { QuickEntryView } from './quick-entry.service.js';
import { listSeparator, packageNames, quickEntryWords, type QuickEntryWords } from './quick-entry.words.js';

interface Shown {
  view: QuickEntryView;
  reader: PageReader;
}

/** What was understood: open questions, each value as a field, and what the entry would lead to. */
export function QuickReading({ view, reader }: Shown): JSX.Element {
  const words = quickEntryWords[reader.language];
  return (
    <>
      <input type="hidden" name="line" value={escapeHtml(view.line)} data-read-line data-set={view.set.join(',')} />
      <div class="quick-questions" aria-live="polite">
        <Questions view={view} reader={reader} />
      </div>
      <div class="quick-fields">
        <Select field="subscriptionId" options={subscriptionOptions(view, reader)} view={view} reader={reader} />
        <Text field="workDate" type="date" view={view} reader={reader} />
        <Text field="minutes" view={view} reader={reader} />
        <Select field="consultantId" options={consultantOptions(view)} view={view} reader={reader} />
        <Select field="productLineId" options={productLineOptions(view)} view={view} reader={reader} />
        <Select field="activity" options={activityOptions(reader)} view={view} reader={reader} />
        <Select field="delivery" options={deliveryOptions(reader)} view={view} reader={reader} />
        {view.read.fields.delivery?.value === 'onsite' && (
          <Select field="visitId" options={visitOptions(view, reader)} view={view} reader={reader} />
        )}
        <Text field="reference" view={view} reader={reader} />
        <Select field="severity" options={severityOptions} view={view} reader={reader} />
        <Text field="summary" view={view} reader={reader} />
      </div>
      <div class="quick-end">
        <button type="submit" data-quick-entry="save" safe>
          {words.save}
        </button>
        <div class="quick-result" aria-live="polite">
          <Result view={view} reader={reader} />
        </div>
      </div>
    </>
  );
}

/** Each possible meaning is a link to the page with the answered line. A script changes the line instead. */
function Questions({ view, reader }: Shown): JSX.Element {
  const { lineQuestions, nameQuestions } = view.read;
  const { ambiguousMinutes } = view;
  const { language } = reader;
  const words = quickEntryWords[language];
  return (
    <>
      {lineQuestions.map((question) => (
        <div class="quick-question">
          <p safe>{lineQuestionText(question, reader)}</p>
          <ul>
            {question.answers.map((answer) => (
              <li>
                <a
                  class="button quiet"
                  href={escapeHtml(addressOf(view, { line: answer.line }))}
                  data-answer="line"
                  data-value={escapeHtml(answer.line)}
                  safe
                >
                  {meaningText(answer, question, reader, view.read.today)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {nameQuestions.map((question) => (
        <div class="quick-question">
          <p safe>{nameQuestionText(question, view, reader)}</p>
          <ul>
            {question.choices.map((id) => (
              <li>
                <a
                  class="button quiet"
                  href={escapeHtml(addressOf(view, { [question.about]: id }))}
                  data-answer={question.about}
                  data-value={id}
                  safe
                >
                  {nameOf(question.about, id, view, reader)}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
      {ambiguousMinutes !== undefined && (
        <div class="quick-question">
          <p safe>{words.hoursOrMinutes}</p>
          <ul>
            {(['minutes', 'hours'] as const).map((unit) => {
              const value = `${ambiguousMinutes}${unit === 'hours' ? 'h' : 'm'}`;
              return (
                <li>
                  <a
                    class="button quiet"
                    href={escapeHtml(addressOf(view, { minutes: value }))}
                    data-answer="minutes"
                    data-value={value}
                    safe
                  >
                    {say(words[unit], language, { count: ambiguousMinutes })}
                  </a>
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </>
  );
}

/** The address of the page with an answer beside all that is set. */
function addressOf(
  { line, set, typed }: QuickEntryView,
  answer: { line: string } | Partial<Record<DraftField, string>>,
): string {
  const changed = 'line' in answer ? [] : (Object.keys(answer) as DraftField[]);
  const fields = [...new Set([...set, ...changed])];
  const values = { ...typed, ...answer } as Partial<Record<DraftField | 'line', string>>;
  const query = new URLSearchParams({ line: values.line ?? line });
  if (fields.length > 0) query.set('set', fields.join(','));
  for (const field of fields) query.set(field, values[field] ?? '');
  return `/console/quick-entry?${query.toString()}`;
}

function lineQuestionText({ reason, text }: LineQuestion, { language }: PageReader): string {
  return say(quickEntryWords[language].questions[reason], language, { text });
}

/** An answer in words. A bare number says its unit, as this is the question. */
function meaningText(answer: Meaning, { reason }: LineQuestion, { language }: PageReader, today: string): string {
  const words = quickEntryWords[language];
  switch (answer.part) {
    case 'minutes': {
      const isHours = reason === 'bare-number' && answer.line.includes(`${answer.value / 60}h`);
      if (reason !== 'bare-number') return minutesText(answer.value, language);
      return say(isHours ? words.hours : words.minutes, language, {
        count: isHours ? answer.value / 60 : answer.value,
      });
    }
    case 'workDate':
      return reason === 'bare-number'
        ? say(words.theDay, language, { day: shortDayText(answer.value, language, today) })
        : weekdayText(answer.value, language);
    case 'activity':
      return activityWords[answer.value][language];
    case 'delivery':
      return deliveryWords[answer.value][language];
    default:
      return String(answer.value);
  }
}

function nameQuestionText({ about, fits, text }: NameQuestion, view: QuickEntryView, { language }: PageReader): string {
  const shown = about === 'visitId' ? shortDayText(text, language, view.read.today) : text;
  return say(quickEntryWords[language].names[`${about} ${fits}`], language, { text: shown });
}

function nameOf(about: NameQuestion['about'], id: string, view: QuickEntryView, reader: PageReader): string {
  const options = {
    subscriptionId: () => subscriptionOptions(view, reader),
    consultantId: () => consultantOptions(view),
    productLineId: () => productLineOptions(view),
    visitId: () => visitOptions(view, reader),
  }[about]();
  return options.find(({ value }) => value === id)?.text ?? '';
}

/** The customer with the contract number, or with the package where there is none. */
function subscriptionText(one: BookableSubscription, { language }: PageReader): string {
  return `${one.customer} · ${one.contractNumber ?? packageNames[language][one.package] ?? one.package}`;
}

const subscriptionOptions = ({ read }: QuickEntryView, reader: PageReader): Option[] =>
  read.candidates.map((one) => ({ value: one.id, text: subscriptionText(one, reader) }));

const consultantOptions = ({ read }: QuickEntryView): Option[] =>
  (read.subscription?.consultants ?? []).map(({ id, name }) => ({ value: id, text: name }));

const productLineOptions = ({ read }: QuickEntryView): Option[] =>
  (read.subscription?.productLines ?? []).map(({ id, name }) => ({ value: id, text: name }));

const visitOptions = ({ read }: QuickEntryView, { language }: PageReader): Option[] =>
  (read.subscription?.visits ?? []).map(({ id, place, startsOn, endsOn }) => {
    const [first, last] = [startsOn, endsOn].map((day) => shortDayText(day, language, read.today));
    return { value: id, text: `${place} (${first === last ? first : `${first} – ${last}`})` };
  });

const activityOptions = ({ language }: PageReader): Option[] =>
  activities.map((code) => ({ value: code, text: activityWords[code][language] }));

const deliveryOptions = ({ language }: PageReader): Option[] =>
  deliveries.map((code) => ({ value: code, text: deliveryWords[code][language] }));

const severityOptions: readonly Option[] = severities.map((severity) => ({
  value: String(severity),
  text: String(severity),
}));

interface FieldOfReading extends Shown {
  field: DraftField;
}

/** The label says where the value is from. So the reader sees what was not typed. */
function Labelled({ field, view, reader, children }: FieldOfReading & { children: JSX.Element }): JSX.Element {
  const { language } = reader;
  const words = quickEntryWords[language];
  const source = view.read.fields[field]?.source;
  const isMissing = view.read.missing.includes(field);
  const fault = faultOf(field, view);
  const note = isMissing ? words.needed : noteOf(field, source, words);
  return (
    <div class={`quick-field ${field} ${isMissing ? 'missing' : (source ?? 'blank')}`}>
      <label for={`quick-${field}`}>
        <span safe>{words.fields[field]}</span>{' '}
        <span class="soft" safe>
          {note}
        </span>
      </label>
      {children}
      {fault !== undefined && (
        <p class="fault" id={`quick-${field}-fault`} safe>
          {faultText(fault, words.fields[field], language)}
        </p>
      )}
    </div>
  );
}

function noteOf(field: DraftField, source: FieldSource | undefined, words: QuickEntryWords): string {
  if (source === undefined || source === 'line') return '';
  return field === 'workDate' && source === 'usual' ? words.today : words.sources[source];
}

const faultOf = (field: DraftField, { refusal, preview }: QuickEntryView) => {
  const errors = refusal?.errors ?? (preview && 'refusal' in preview ? preview.refusal.errors : undefined) ?? [];
  return errors.find(({ pointer }) => pointer === `/${field}`);
};

function attributesOf(field: DraftField, view: QuickEntryView) {
  const isFaulty = faultOf(field, view) !== undefined;
  return {
    id: `quick-${field}`,
    name: field,
    'aria-invalid': isFaulty ? 'true' : undefined,
    'aria-describedby': isFaulty ? `quick-${field}-fault` : undefined,
  } as const;
}

function Select({ field, options, view, reader }: FieldOfReading & { options: readonly Option[] }): JSX.Element {
  const empty = quickEntryWords[reader.language].empty[field];
  const value = view.typed[field] ?? '';
  return (
    <Labelled field={field} view={view} reader={reader}>
      <select {...attributesOf(field, view)}>
        {empty !== undefined && (value === '' || field === 'severity') && (
          <option value="" safe>
            {empty}
          </option>
        )}
        {options.map((option) => (
          <option value={escapeHtml(option.value)} selected={option.value === value} safe>
            {option.text}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

const lengths: Partial<Record<DraftField, number>> = { minutes: 20, summary: 2_000, reference: 200 };

function Text({ field, type = 'text', view, reader }: FieldOfReading & { type?: 'text' | 'date' }): JSX.Element {
  return (
    <Labelled field={field} view={view} reader={reader}>
      <input
        type={type}
        {...attributesOf(field, view)}
        maxlength={lengths[field]}
        autocomplete="off"
        value={escapeHtml(view.typed[field] ?? '')}
      />
    </Labelled>
  );
}

/** What the entry leads to: the balance after it, or why it is refused; else what is still missing. */
function Result({ view, reader }: Shown): JSX.Element {
  const { language } = reader;
  const words = quickEntryWords[language];
  const { preview, refusal: refused } = view;
  const refusal = refused ?? (preview && 'refusal' in preview ? preview.refusal : undefined);
  if (refusal) return <Refused refusal={refusal} reader={reader} />;
  if (preview && 'balance' in preview) {
    const { grantedMinutes, usedMinutes, remainingMinutes } = preview.balance;
    return (
      <>
        <p class="quick-left">
          <strong safe>{minutesText(remainingMinutes, language)}</strong> <span safe>{words.after}</span>{' '}
          <span class="soft" safe>
            {say(words.ofGranted, language, { granted: minutesText(grantedMinutes, language) })}
          </span>
        </p>
        <Bar
          whole={grantedMinutes}
          parts={[
            { amount: usedMinutes - preview.entry.minutes, kind: 'used' },
            { amount: preview.entry.minutes, kind: 'planned' },
          ]}
        />
        {preview.warnings.map(({ detail }) => (
          <p class="quick-warning" safe>
            {detail}
          </p>
        ))}
      </>
    );
  }
  const missing = view.read.missing.map((field) => words.fields[field]).join(listSeparator[language]);
  return missing === '' ? (
    <></>
  ) : (
    <p class="soft" safe>
      {say(words.toComplete, language, { fields: missing })}
    </p>
  );
}

/** The largest acceptable value is a button, which logs it. */
function Refused({
  refusal,
  reader,
}: {
  refusal: NonNullable<QuickEntryView['refusal']>;
  reader: PageReader;
}): JSX.Element {
  const { maxAcceptableMinutes = 0 } = refusal;
  const { language } = reader;
  return (
    <>
      <RefusalNotice refusal={refusal} reader={reader} />
      {maxAcceptableMinutes > 0 && (
        <p>
          <button type="submit" class="quiet" name="instead" value={`${maxAcceptableMinutes}m`} safe>
            {say(quickEntryWords[language].instead, language, { amount: minutesText(maxAcceptableMinutes, language) })}
          </button>
        </p>
      )}
    </>
  );
}
