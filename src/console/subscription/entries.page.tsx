import { escapeHtml } from '@kitajs/html';
import { durationText } from '../../domain/duration-text.js';
import type { Refusal } from '../../domain/refusal.js';
import { activities, deliveries } from '../../domain/time-entry.js';
import { activityWords, deliveryWords } from '../../domain/work-words.js';
import type { TimeEntryAnswer } from '../../features/hours/time-entry.dto.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Choice, formShown, type Option } from '../parts/fields.js';
import { Badge, Empty, Pager, Panel } from '../parts/layout.js';
import { dayText, differenceText, minutesText, monthText, shortDayText } from '../words/formats.js';
import type { EntryChoices, EntryList } from './entries.service.js';
import type { EntriesQuery } from './entries.query.js';
import { entriesWords } from './entries.words.js';
import { pairText, typedOf } from './entry-fields.js';
import { EntryPreview } from './entry-preview.js';
import { FormButtons, may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import type { WorkNames } from './subscription.head.js';
import { subscriptionWords } from './subscription.words.js';

/** A form that is shown again. */
export interface Again {
  typed: FormShown['typed'];
  refusal: Refusal;
}

/** The entries of a subscription, newest first. */
export function entriesPage(entries: EntryList, query: EntriesQuery, reader: PageReader): ShownPage {
  const { head, list } = entries;
  const { language } = reader;
  const words = entriesWords[language];
  const path = sectionPath(head.id, 'entries');
  const { cursor: _cursor, limit: _limit, ...filter } = query;
  const isFiltered = Object.keys(filter).length > 0;
  const mayLog = may(reader, 'time-entries.log') && head.contract.status !== 'annulled';
  return {
    ...sectionPage(
      head,
      'entries',
      reader,
      <Panel id="entries" title={words.heading}>
        <div class="row apart">
          <div class="row">
            {mayLog && (
              <a class="button" href={`${path}/new`}>
                {words.log}
              </a>
            )}
            {may(reader, 'adjustments.write') && (
              <a class="button quiet" href={`${path}/adjustment`}>
                {words.adjust}
              </a>
            )}
          </div>
        </div>
        <Filter entries={entries} filter={filter} reader={reader} />
        {list.data.length === 0 ? (
          <Empty
            text={isFiltered ? words.noneFound : mayLog ? `${words.none} ${words.noneNext}` : words.none}
            {...(isFiltered ? { href: path, verb: words.clear } : mayLog && { href: `${path}/new`, verb: words.log })}
          />
        ) : (
          <EntryTable entries={entries} reader={reader} />
        )}
        <Pager
          href={list.nextCursor === null ? null : `${path}?${textOf({ ...filter, cursor: list.nextCursor })}`}
          text={words.older}
        />
      </Panel>,
    ),
    wide: true,
  };
}

const textOf = (values: object): string => new URLSearchParams(values as Record<string, string>).toString();

function Filter({
  entries: { head, pairs, names },
  filter,
  reader,
}: {
  entries: EntryList;
  filter: Omit<EntriesQuery, 'cursor' | 'limit'>;
  reader: PageReader;
}): JSX.Element {
  const { language } = reader;
  const words = entriesWords[language];
  const shared = subscriptionWords[language];
  const form = formShown(reader, { ...filter });
  const optionsOf = (ids: readonly string[], of: ReadonlyMap<string, string>): Option[] =>
    [...new Set(ids)].map((value) => ({ value, text: of.get(value) ?? value }));
  return (
    <details open={Object.keys(filter).length > 0}>
      <summary>{words.filters}</summary>
      <form method="get" action={sectionPath(head.id, 'entries')}>
        <div class="fields">
          <Field field={{ name: 'from', label: words.from, type: 'date', maxLength: 10 }} form={form} />
          <Field field={{ name: 'to', label: words.to, type: 'date', maxLength: 10 }} form={form} />
          <Choice
            name="consultantId"
            label={shared.consultant}
            empty={words.all}
            options={optionsOf(
              pairs.map(({ consultantId }) => consultantId),
              names.consultants,
            )}
            form={form}
          />
          <Choice
            name="productLineId"
            label={shared.productLine}
            empty={words.all}
            options={optionsOf(
              pairs.map(({ productLineId }) => productLineId),
              names.productLines,
            )}
            form={form}
          />
          <Choice
            name="activity"
            label={shared.activity}
            empty={words.all}
            options={activities.map((value) => ({ value, text: activityWords[value][language] }))}
            form={form}
          />
          <Choice
            name="delivery"
            label={shared.delivery}
            empty={words.all}
            options={deliveries.map((value) => ({ value, text: deliveryWords[value][language] }))}
            form={form}
          />
          <Field field={{ name: 'reference', label: words.reference, maxLength: 200 }} form={form} />
        </div>
        <div class="row">
          <button type="submit">{words.show}</button>
          <a class="button quiet" href={sectionPath(head.id, 'entries')}>
            {words.clear}
          </a>
        </div>
      </form>
    </details>
  );
}

function EntryTable({ entries, reader }: { entries: EntryList; reader: PageReader }): JSX.Element {
  const { head, list, repeated, names } = entries;
  const { language } = reader;
  const words = entriesWords[language];
  const shared = subscriptionWords[language];
  const path = sectionPath(head.id, 'entries');
  const isCustomer = reader.actor.role === 'customer';
  const mayChange = may(reader, 'time-entries.log') && head.contract.status !== 'annulled';
  const columns: TableColumn<TimeEntryAnswer>[] = [
    {
      heading: shared.day,
      cell: ({ workDate }) => (
        <span class="whole" safe>
          {shortDayText(workDate, language, head.today)}
        </span>
      ),
    },
    {
      heading: shared.hours,
      isNumber: true,
      cell: (entry) =>
        entry.reversal === null ? (
          <span safe>{minutesText(entry.minutes, language)}</span>
        ) : (
          <s safe>{minutesText(entry.minutes, language)}</s>
        ),
    },
    {
      heading: words.summary,
      cell: (entry) => <What entry={entry} isRepeated={!isCustomer && repeated.has(entry.id)} reader={reader} />,
    },
    {
      heading: shared.consultant,
      cell: ({ consultantId, productLineId }) => (
        <div>
          <span safe>{names.consultants.get(consultantId) ?? ''}</span>{' '}
          <span class="soft" safe>
            {names.productLines.get(productLineId) ?? ''}
          </span>
        </div>
      ),
    },
    {
      heading: shared.activity,
      cell: ({ activity, delivery }) => (
        <span safe>
          {delivery === 'remote'
            ? activityWords[activity][language]
            : `${activityWords[activity][language]} · ${deliveryWords[delivery][language]}`}
        </span>
      ),
    },
    ...(mayChange
      ? [
          {
            heading: words.actions,
            cell: ({ id, reversal }: TimeEntryAnswer) =>
              reversal === null ? (
                <span class="row">
                  <a href={`${path}/${id}/correction`}>{words.correct}</a>
                  <a href={`${path}/${id}/reversal`}>{words.reverse}</a>
                </span>
              ) : (
                <></>
              ),
          },
        ]
      : []),
  ];
  return <DataTable caption={words.heading} columns={columns} rows={list.data} list />;
}

/** What was done, with everything that is unusual about the entry. */
function What({
  entry,
  isRepeated,
  reader: { language },
}: {
  entry: TimeEntryAnswer;
  isRepeated: boolean;
  reader: PageReader;
}): JSX.Element {
  const words = entriesWords[language];
  const { summary, reference, reversal, adjustsMonth, correctsEntryId, adjustmentReason } = entry;
  return (
    <div class="what">
      <span class="text" safe>
        {summary}
      </span>{' '}
      {reference !== null && <code safe>{reference}</code>}{' '}
      {isRepeated && (
        <span title={escapeHtml(words.duplicateHint)}>
          <Badge text={words.duplicate} tone="warn" />
        </span>
      )}{' '}
      {correctsEntryId !== null && <Badge text={words.corrects} />}{' '}
      {adjustsMonth !== null && (
        <Badge text={say(words.adjustment, language, { month: monthText(adjustsMonth, language) })} />
      )}
      {adjustmentReason !== null && (
        <small class="soft" safe>
          {adjustmentReason}
        </small>
      )}
      {reversal !== null && (
        <small class="soft" safe>
          {reversal.reason === null
            ? say(words.reversedNote, language, { day: dayText(dayOf(reversal.recordedAt), language) })
            : say(words.reversedBecause, language, {
                day: dayText(dayOf(reversal.recordedAt), language),
                reason: reversal.reason,
              })}
        </small>
      )}
      {reversal !== null && reversal.customerNote !== null && (
        <small class="soft" safe>
          {say(words.noteForCustomer, language, { note: reversal.customerNote })}
        </small>
      )}
    </div>
  );
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** The form for one entry that was just done, or that was forgotten in a closed month. */
export function newEntryPage(
  choices: EntryChoices,
  kind: 'new' | 'adjustment',
  reader: PageReader,
  again?: Again,
): ShownPage {
  const { head } = choices;
  const { language } = reader;
  const words = entriesWords[language];
  const path = sectionPath(head.id, 'entries');
  const defaults = {
    workDate: head.today,
    pair: choices.pairs[0] ? pairText(choices.pairs[0]) : '',
    activity: activities[0],
  };
  const form = formShown(reader, again?.typed ?? defaults, again?.refusal);
  const isNew = kind === 'new';
  return sectionPage(
    head,
    'entries',
    reader,
    <Panel id="new-entry" title={isNew ? words.newHeading : words.newAdjustmentHeading}>
      {!isNew && <p class="hint">{words.adjustHint}</p>}
      {choices.pairs.length === 0 ? (
        <Empty text={words.nobodyAssigned} href={sectionPath(head.id, 'allocations')} verb={words.setAllocations} />
      ) : (
        <ActionForm reader={reader} action={`${path}/${kind}`} class="narrow">
          <Refused refusal={again?.refusal} reader={reader} />
          <EntryFieldset
            choices={choices}
            form={form}
            reader={reader}
            again={again}
            live={isNew ? `${path}/new/preview` : undefined}
          />
          {!isNew && (
            <Field
              field={{ name: 'reason', label: words.adjustReason, lines: 'many', required: true, maxLength: 2_000 }}
              form={form}
            />
          )}
          <FormButtons backTo={path} reader={reader}>
            <button type="submit">{isNew ? words.save : words.saveAdjustment}</button>
          </FormButtons>
        </ActionForm>
      )}
    </Panel>,
  );
}

/** The form with which an entry is corrected. It shows what each field holds now. */
export function correctionPage(
  entry: TimeEntryAnswer,
  choices: EntryChoices,
  reader: PageReader,
  again?: Again,
): ShownPage {
  const { head, names } = choices;
  const { language } = reader;
  const words = entriesWords[language];
  const path = sectionPath(head.id, 'entries');
  const form = formShown(reader, again?.typed ?? typedOf(entry), again?.refusal);
  return sectionPage(
    head,
    'entries',
    reader,
    <Panel id="correction" title={words.correctHeading}>
      <p class="hint">{words.correctHint}</p>
      <Now entry={entry} names={names} reader={reader} />
      <ActionForm reader={reader} action={`${path}/${entry.id}/correction`} class="narrow">
        <Refused refusal={again?.refusal} reader={reader} />
        <EntryFieldset
          choices={choices}
          form={form}
          reader={reader}
          again={again}
          live={`${path}/${entry.id}/correction/preview`}
        />
        <ReversalFieldset form={form} reader={reader} />
        <FormButtons backTo={path} reader={reader}>
          <button type="submit">{words.saveCorrection}</button>
        </FormButtons>
      </ActionForm>
    </Panel>,
  );
}

/** The form with which an entry is reversed. */
export function reversalPage(
  entry: TimeEntryAnswer,
  { head, names }: EntryChoices,
  reader: PageReader,
  again?: Again,
): ShownPage {
  const words = entriesWords[reader.language];
  const path = sectionPath(head.id, 'entries');
  const form = formShown(reader, again?.typed, again?.refusal);
  return sectionPage(
    head,
    'entries',
    reader,
    <Panel id="reversal" title={words.reverseHeading}>
      <p class="hint">{words.reverseHint}</p>
      <Now entry={entry} names={names} reader={reader} />
      <ActionForm reader={reader} action={`${path}/${entry.id}/reversal`} class="narrow">
        <Refused refusal={again?.refusal} reader={reader} />
        <ReversalFieldset form={form} reader={reader} />
        <FormButtons backTo={path} reader={reader}>
          <button type="submit" class="danger">
            {words.saveReversal}
          </button>
        </FormButtons>
      </ActionForm>
    </Panel>,
  );
}

/** The entry as it stands, in one line. */
function Now({
  entry,
  names,
  reader: { language },
}: {
  entry: TimeEntryAnswer;
  names: WorkNames;
  reader: PageReader;
}): JSX.Element {
  const parts = [
    dayText(entry.workDate, language),
    minutesText(entry.minutes, language),
    names.consultants.get(entry.consultantId) ?? '',
    names.productLines.get(entry.productLineId) ?? '',
    activityWords[entry.activity][language],
    entry.summary,
  ];
  return (
    <div class="notice">
      <p safe>{say(entriesWords[language].now, language, { value: parts.join(' · ') })}</p>
    </div>
  );
}

function ReversalFieldset({ form, reader: { language } }: { form: FormShown; reader: PageReader }): JSX.Element {
  const words = entriesWords[language];
  return (
    <>
      <Field
        field={{
          name: 'reason',
          label: subscriptionWords[language].reasonForStaff,
          lines: 'many',
          required: true,
          maxLength: 2_000,
        }}
        form={form}
      />
      <Field
        field={{
          name: 'customerNote',
          label: words.customerNote,
          hint: words.customerNoteHint,
          lines: 'many',
          maxLength: 2_000,
        }}
        form={form}
      />
    </>
  );
}

function EntryFieldset({
  choices: { pairs, visits, sessions, names, head },
  form,
  reader,
  again,
  live,
}: {
  choices: EntryChoices;
  form: FormShown;
  reader: PageReader;
  again?: Again;
  /** The address of the preview while somebody types. */
  live?: string;
}): JSX.Element {
  const { language } = reader;
  const words = entriesWords[language];
  const shared = subscriptionWords[language];
  const largest = again?.refusal.maxAcceptableMinutes;
  const shortDay = (day: string): string => shortDayText(day, language, head.today);
  return (
    <>
      {largest !== undefined && (
        // The first button of a form is the one that Enter presses. It must not be the one with another amount.
        <button type="submit" class="unseen" tabindex="-1" aria-hidden="true"></button>
      )}
      <div class="fields">
        <Field
          field={{ name: 'workDate', label: shared.day, type: 'date', required: true, maxLength: 10 }}
          form={form}
        />
        <div>
          <Field
            field={{ name: 'hours', label: shared.hours, hint: shared.durationHint, required: true, maxLength: 20 }}
            form={form}
          />
          {largest !== undefined && largest > 0 && (
            <p>
              <button type="submit" class="quiet" name="useHours" value={durationText(largest)} safe>
                {say(words.use, language, { minutes: minutesText(largest, language) })}
              </button>
            </p>
          )}
        </div>
      </div>
      {live !== undefined && (
        <div data-live={live} data-live-into="entry-preview">
          <EntryPreview reader={reader} />
        </div>
      )}
      <Choice
        name="pair"
        label={words.person}
        options={pairs.map((pair) => ({
          value: pairText(pair),
          text: `${names.consultants.get(pair.consultantId) ?? ''} · ${names.productLines.get(pair.productLineId) ?? ''}`,
        }))}
        form={form}
      />
      <div class="fields">
        <Choice
          name="activity"
          label={shared.activity}
          options={activities.map((value) => ({ value, text: activityWords[value][language] }))}
          form={form}
        />
        <Choice
          name="visitId"
          label={words.visit}
          empty={words.noVisit}
          options={visits.map(({ id, place, startsOn, endsOn }) => ({
            value: id,
            text:
              startsOn === endsOn
                ? `${place}, ${shortDay(startsOn)}`
                : `${place}, ${shortDay(startsOn)} – ${shortDay(endsOn)}`,
          }))}
          form={form}
        />
      </div>
      <Field
        field={{ name: 'summary', label: words.summary, lines: 'many', required: true, maxLength: 2_000 }}
        form={form}
      />
      <div class="fields">
        <Field field={{ name: 'reference', label: words.reference, maxLength: 200 }} form={form} />
        <Choice
          name="severity"
          label={words.severity}
          empty="–"
          options={['1', '2', '3', '4'].map((value) => ({ value, text: value }))}
          form={form}
        />
      </div>
      {sessions.length > 0 && (
        <Choice
          name="plannedSessionId"
          label={words.session}
          hint={words.sessionHint}
          empty={words.noSession}
          options={sessions.map(({ id, plannedOn, minutes, summary }) => ({
            value: id,
            text: `${shortDay(plannedOn)} · ${minutesText(minutes, language)} · ${summary.slice(0, 60)}`,
          }))}
          form={form}
        />
      )}
    </>
  );
}

/** What a correction changed, as the next page says it. */
export function correctedSentence(
  before: TimeEntryAnswer,
  after: Pick<TimeEntryAnswer, 'minutes'>,
  leftMinutes: number,
  { language }: PageReader,
): string {
  const difference = after.minutes - before.minutes;
  const changed = difference === 0 ? '' : ` (${differenceText(difference, language)})`;
  return say(entriesWords[language].corrected, language, {
    before: minutesText(before.minutes, language),
    after: `${minutesText(after.minutes, language)}${changed}`,
    left: minutesText(leftMinutes, language),
  });
}
