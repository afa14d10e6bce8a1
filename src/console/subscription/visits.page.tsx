import type { BalanceAnswer } from '../../features/ledger/balance.dto.js';
import type { ExpenseAnswer } from '../../features/onsite/expense.dto.js';
import type { VisitAnswer } from '../../features/onsite/visit.dto.js';
import type { Pair } from '../../domain/allocation.js';
import { Field } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { Bar } from '../parts/bar.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { formShown } from '../parts/fields.js';
import { Badge, Empty, Panel } from '../parts/layout.js';
import { minutesText, monthText, numberText, shortDayText } from '../words/formats.js';
import type { Again } from './entries.page.js';
import { visitsWords } from './people.words.js';
import { FormButtons, may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import type { SubscriptionHead, WorkNames } from './subscription.head.js';
import { subscriptionWords } from './subscription.words.js';

/** The visits of a subscription, and how much onsite work its term has. */
export interface Visits {
  head: SubscriptionHead;
  visits: readonly VisitAnswer[];
  onsite: BalanceAnswer['onsite'];
  names: WorkNames;
  /** The consultants who can go: those of the present allocations. */
  consultantIds: readonly Pair['consultantId'][];
}

/** The days of a visit in one text. */
export function daysOfVisit(
  { startsOn, endsOn }: Pick<VisitAnswer, 'startsOn' | 'endsOn'>,
  { today }: SubscriptionHead,
  { language }: Pick<PageReader, 'language'>,
): string {
  const first = shortDayText(startsOn, language, today);
  return startsOn === endsOn ? first : `${first} – ${shortDayText(endsOn, language, today)}`;
}

/** Onsite visits: used and allowed, planned and done. */
export function visitsPage(shown: Visits, reader: PageReader, again?: Again & { form: 'new' | 'move' }): ShownPage {
  const { head, visits, onsite } = shown;
  const { language } = reader;
  const words = visitsWords[language];
  const mayWrite = may(reader, 'visits.write') && head.contract.status === 'active' && onsite.maxVisits !== 0;
  const counted = {
    used: onsite.visitsUsed,
    max: onsite.maxVisits === null ? '' : numberText(onsite.maxVisits, language),
  };
  const hours = { used: minutesText(onsite.usedMinutes, language), cap: minutesText(onsite.capMinutes, language) };
  return sectionPage(
    head,
    'visits',
    reader,
    <>
      <Panel id="visits" title={words.heading}>
        {onsite.maxVisits === 0 ? (
          <p class="soft">{words.notIncluded}</p>
        ) : (
          <>
            <p class="lead" safe>
              {say(onsite.maxVisits === null ? words.usedAny : words.used, language, counted)}
            </p>
            <p safe>{say(words.onsite, language, hours)}</p>
            <Bar whole={onsite.capMinutes} parts={[{ amount: onsite.usedMinutes, kind: 'used' }]} />
          </>
        )}
        {again?.form === 'move' && <Refused refusal={again.refusal} reader={reader} />}
        {visits.length === 0 ? (
          <Empty text={mayWrite ? `${words.none} ${words.noneNext}` : words.none} />
        ) : (
          <VisitTable shown={shown} reader={reader} />
        )}
      </Panel>
      {mayWrite && (
        <Panel id="new-visit" title={words.newHeading}>
          <NewVisitForm shown={shown} reader={reader} again={again?.form === 'new' ? again : undefined} />
        </Panel>
      )}
    </>,
  );
}

const tones = { planned: 'plain', done: 'good', cancelled: 'plain' } as const;

function VisitTable({ shown, reader }: { shown: Visits; reader: PageReader }): JSX.Element {
  const { head, visits, names } = shown;
  const { language } = reader;
  const words = visitsWords[language];
  const path = sectionPath(head.id, 'visits');
  const columns: TableColumn<VisitAnswer>[] = [
    { heading: words.days, cell: (visit) => <span safe>{daysOfVisit(visit, head, reader)}</span> },
    {
      heading: words.place,
      cell: ({ place, purpose }) => (
        <div class="what">
          <span safe>{place}</span>
          {purpose !== null && (
            <small class="soft" safe>
              {purpose}
            </small>
          )}
        </div>
      ),
    },
    {
      heading: words.consultants,
      cell: ({ consultantIds }) => (
        <span safe>{consultantIds.map((id) => names.consultants.get(id) ?? '').join(', ')}</span>
      ),
    },
    {
      heading: subscriptionWords[language].status,
      cell: ({ status }) => <Badge text={words.status[status]} tone={tones[status]} />,
    },
    ...(may(reader, 'expenses.read')
      ? [
          {
            heading: words.expenses,
            cell: ({ id }: VisitAnswer) => <a href={`${path}/${id}/expenses`}>{words.seeExpenses}</a>,
          },
        ]
      : []),
    ...(may(reader, 'visits.write')
      ? [
          {
            heading: words.actions,
            cell: ({ id, status }: VisitAnswer) => (
              <span class="row">
                {status === 'planned' && (
                  <ActionForm reader={reader} action={`${path}/${id}/complete`}>
                    <button type="submit" class="link">
                      {words.complete}
                    </button>
                  </ActionForm>
                )}
                {status !== 'cancelled' && (
                  <ActionForm reader={reader} action={`${path}/${id}/cancel`}>
                    <button type="submit" class="link">
                      {words.cancel}
                    </button>
                  </ActionForm>
                )}
              </span>
            ),
          },
        ]
      : []),
  ];
  return <DataTable caption={words.heading} columns={columns} rows={visits} />;
}

function NewVisitForm({ shown, reader, again }: { shown: Visits; reader: PageReader; again?: Again }): JSX.Element {
  const { head, consultantIds, names } = shown;
  const words = visitsWords[reader.language];
  const form = formShown(reader, again?.typed ?? {}, again?.refusal);
  const chosen = (form.typed.consultantIds ?? consultantIds[0] ?? '').split('\n');
  return (
    <ActionForm reader={reader} action={sectionPath(head.id, 'visits')} class="narrow">
      <Refused refusal={again?.refusal} reader={reader} />
      <div class="fields">
        <Field
          field={{ name: 'startsOn', label: words.startsOn, type: 'date', required: true, maxLength: 10 }}
          form={form}
        />
        <Field
          field={{ name: 'endsOn', label: words.endsOn, type: 'date', required: true, maxLength: 10 }}
          form={form}
        />
        <Field field={{ name: 'place', label: words.place, required: true, maxLength: 200 }} form={form} />
      </div>
      <fieldset>
        <legend>{words.consultants}</legend>
        {consultantIds.map((id) => (
          <label class="check">
            <input type="checkbox" name="consultantIds" value={id} checked={chosen.includes(id)} />
            <span safe>{names.consultants.get(id) ?? id}</span>
          </label>
        ))}
      </fieldset>
      <Field field={{ name: 'purpose', label: words.purpose, lines: 'many', maxLength: 2_000 }} form={form} />
      <button type="submit">{words.save}</button>
    </ActionForm>
  );
}

/** The travel expenses of one visit. */
export interface VisitExpenses {
  head: SubscriptionHead;
  visit: VisitAnswer;
  expenses: readonly ExpenseAnswer[];
}

export function expensesPage(
  { head, visit, expenses }: VisitExpenses,
  reader: PageReader,
  again?: Again & { form: 'new' | 'reversal' },
): ShownPage {
  const { language } = reader;
  const words = visitsWords[language];
  const path = `${sectionPath(head.id, 'visits')}/${visit.id}/expenses`;
  const mayWrite = may(reader, 'expenses.write');
  const form = formShown(
    reader,
    again?.form === 'new' ? again.typed : { currency: 'JPY' },
    again?.form === 'new' ? again.refusal : undefined,
  );
  const columns: TableColumn<ExpenseAnswer>[] = [
    { heading: words.description, cell: ({ description }) => <span safe>{description}</span> },
    {
      heading: words.amount,
      isNumber: true,
      cell: ({ amount, currency, reversal }) =>
        reversal === null ? <span safe>{`${amount} ${currency}`}</span> : <s safe>{`${amount} ${currency}`}</s>,
    },
    {
      heading: words.month,
      cell: ({ accountingMonth }) => <span safe>{monthText(accountingMonth, language)}</span>,
    },
    {
      heading: words.actions,
      cell: ({ id, reversal }) =>
        reversal !== null ? (
          <small class="soft" safe>
            {say(words.reversed, language, { reason: reversal.reason })}
          </small>
        ) : mayWrite ? (
          <details>
            <summary>{words.reverseExpense}</summary>
            <ActionForm reader={reader} action={`${path}/${id}/reversal`}>
              <label>
                <span>{subscriptionWords[language].reason}</span>
                <input type="text" name="reason" required maxlength={2000} autocomplete="off" />
              </label>
              <button type="submit" class="danger">
                {words.reverseExpense}
              </button>
            </ActionForm>
          </details>
        ) : (
          <></>
        ),
    },
  ];
  return sectionPage(
    head,
    'visits',
    reader,
    <>
      <Panel id="expenses" title={`${words.expenses}: ${visit.place}, ${daysOfVisit(visit, head, reader)}`}>
        <p class="hint">{words.expensesHint}</p>
        {again?.form === 'reversal' && <Refused refusal={again.refusal} reader={reader} />}
        {expenses.length === 0 ? (
          <p class="soft">{words.noExpenses}</p>
        ) : (
          <DataTable caption={words.expenses} columns={columns} rows={expenses} />
        )}
        <p>
          <a href={sectionPath(head.id, 'visits')}>{words.back}</a>
        </p>
      </Panel>
      {mayWrite && (
        <Panel id="new-expense" title={words.recordExpense}>
          <ActionForm reader={reader} action={path} class="narrow">
            <Refused refusal={again?.form === 'new' ? again.refusal : undefined} reader={reader} />
            <div class="fields">
              <Field
                field={{ name: 'amount', label: words.amount, inputMode: 'decimal', required: true, maxLength: 20 }}
                form={form}
              />
              <Field field={{ name: 'currency', label: words.currency, required: true, maxLength: 3 }} form={form} />
            </div>
            <Field
              field={{ name: 'description', label: words.description, required: true, maxLength: 2_000 }}
              form={form}
            />
            <FormButtons backTo={sectionPath(head.id, 'visits')} reader={reader}>
              <button type="submit">{words.recordExpense}</button>
            </FormButtons>
          </ActionForm>
        </Panel>
      )}
    </>,
  );
}
