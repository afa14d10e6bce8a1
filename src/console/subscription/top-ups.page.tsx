import { escapeHtml } from '@kitajs/html';
import { durationText } from '../../domain/duration-text.js';
import { topUpKinds, type TopUpKind } from '../../domain/entitlement.js';
import type { Refusal } from '../../domain/refusal.js';
import type { TopUpAnswer } from '../../features/top-ups/top-up.dto.js';
import type { WhatIfAnswer } from '../../features/what-if/what-if.dto.js';
import { Field, type FormShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Choice, formShown } from '../parts/fields.js';
import { Badge, Panel } from '../parts/layout.js';
import { dayText, minutesText } from '../words/formats.js';
import type { Again } from './entries.page.js';
import { FormButtons, may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import type { SubscriptionHead } from './subscription.head.js';
import { topUpsWords, whatIfWords } from './terms.words.js';

/** The top-ups of a subscription, and one that is considered. */
export interface TopUps {
  head: SubscriptionHead;
  topUps: readonly TopUpAnswer[];
  /** What was typed for the preview. */
  typed: FormShown['typed'];
  preview: { kind: TopUpKind; minutes: number; on: string; before: WhatIfAnswer; after: WhatIfAnswer } | null;
  previewRefusal: Refusal | undefined;
}

/** Hours that were added to terms, and a form that adds some, after a preview. */
export function topUpsPage(shown: TopUps, reader: PageReader, again?: Again): ShownPage {
  const { head, topUps } = shown;
  const words = topUpsWords[reader.language];
  const mayEnter = may(reader, 'top-ups.enter') && head.contract.status === 'active';
  return sectionPage(
    head,
    'top-ups',
    reader,
    <>
      <Panel id="top-ups" title={words.heading}>
        <p class="hint">{words.hint}</p>
        {topUps.length === 0 ? <p class="soft">{words.none}</p> : <TopUpTable shown={shown} reader={reader} />}
      </Panel>
      {mayEnter && (
        <Panel id="new-top-up" title={words.newHeading}>
          <Refused refusal={again?.refusal ?? shown.previewRefusal} reader={reader} />
          <Considered shown={shown} reader={reader} />
          {shown.preview !== null && <Preview shown={shown} reader={reader} again={again} />}
        </Panel>
      )}
    </>,
  );
}

function TopUpTable({ shown: { head, topUps }, reader }: { shown: TopUps; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const words = topUpsWords[language];
  const path = sectionPath(head.id, 'top-ups');
  const text = (minutes: number): string => minutesText(minutes, language);
  const columns: TableColumn<TopUpAnswer>[] = [
    { heading: words.effectiveOn, cell: ({ effectiveOn }) => <span safe>{dayText(effectiveOn, language)}</span> },
    { heading: words.kind, cell: ({ kind }) => <Badge text={words.kinds[kind]} /> },
    { heading: words.minutes, isNumber: true, cell: ({ minutes }) => <span safe>{text(minutes)}</span> },
    {
      heading: words.order,
      cell: ({ orderNumber, reason, cancellation }) => (
        <div class="what">
          <span safe>{orderNumber ?? reason ?? '–'}</span>
          {cancellation !== null && (
            <small class="soft" safe>
              {say(words.wasCancelled, language, {
                day: dayText(cancellation.cancelledAt.toISOString().slice(0, 10), language),
                minutes: text(cancellation.minutes),
              })}
            </small>
          )}
        </div>
      ),
    },
    ...(may(reader, 'top-ups.cancel')
      ? [
          {
            heading: words.cancel,
            cell: ({ id, cancellation, termId }: TopUpAnswer) =>
              cancellation === null && termId === head.term.id ? (
                <a href={`${path}/${id}/cancellation`}>{words.cancel}</a>
              ) : (
                <></>
              ),
          },
        ]
      : []),
  ];
  return <DataTable caption={words.heading} columns={columns} rows={topUps} />;
}

function Considered({ shown: { head, typed }, reader }: { shown: TopUps; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const words = topUpsWords[language];
  const form = formShown(reader, typed);
  const kinds = topUpKinds.filter((kind) => kind === 'supplement' || may(reader, 'top-ups.goodwill'));
  return (
    <form method="get" action={`${sectionPath(head.id, 'top-ups')}#new-top-up`} class="narrow">
      <div class="fields">
        <Choice
          name="kind"
          label={words.kind}
          options={kinds.map((value) => ({ value, text: words.kinds[value] }))}
          form={form}
        />
        <Field
          field={{ name: 'hours', label: words.minutes, hint: words.hoursHint, required: true, maxLength: 20 }}
          form={form}
        />
        <Field
          field={{ name: 'on', label: words.effectiveOn, hint: words.effectiveHint, type: 'date', maxLength: 10 }}
          form={form}
        />
      </div>
      <button type="submit" class="quiet">
        {words.preview}
      </button>
    </form>
  );
}

function Preview({ shown, reader, again }: { shown: TopUps; reader: PageReader; again?: Again }): JSX.Element {
  const { language } = reader;
  const words = topUpsWords[language];
  const figures = whatIfWords[language];
  const { kind, minutes, on, before, after } = shown.preview!;
  const text = (amount: number): string => minutesText(amount, language);
  // Goodwill does not raise the onsite cap (§10).
  const cap = kind === 'goodwill' ? before.balance.onsite.capMinutes : after.balance.onsite.capMinutes;
  const rows = [
    { name: figures.granted, before: before.balance.grantedMinutes, after: after.balance.grantedMinutes },
    { name: figures.left, before: before.balance.remainingMinutes, after: after.balance.remainingMinutes },
    { name: figures.unallocated, before: before.balance.unallocatedMinutes, after: after.balance.unallocatedMinutes },
    { name: figures.onsiteCap, before: before.balance.onsite.capMinutes, after: cap },
  ];
  const form = formShown(reader, again?.typed, again?.refusal);
  return (
    <div class="upgrade-preview">
      <h3>{words.previewHeading}</h3>
      <DataTable
        caption={words.previewHeading}
        columns={[
          { heading: figures.figure, cell: ({ name }) => <span>{name}</span> },
          { heading: figures.today, isNumber: true, cell: (row) => <span safe>{text(row.before)}</span> },
          { heading: figures.then, isNumber: true, cell: (row) => <strong safe>{text(row.after)}</strong> },
        ]}
        rows={rows}
      />
      <p class="soft">{words.previewStands}</p>
      <ActionForm reader={reader} action={sectionPath(shown.head.id, 'top-ups')} class="narrow">
        <input type="hidden" name="kind" value={kind} />
        <input type="hidden" name="hours" value={durationText(minutes)} />
        <input type="hidden" name="on" value={escapeHtml(on)} />
        {kind === 'supplement' ? (
          <Field
            field={{ name: 'orderNumber', label: words.order, hint: words.orderHint, required: true, maxLength: 50 }}
            form={form}
          />
        ) : (
          <Field
            field={{
              name: 'reason',
              label: words.reason,
              hint: words.reasonHint,
              lines: 'many',
              required: true,
              maxLength: 2_000,
            }}
            form={form}
          />
        )}
        <FormButtons backTo={sectionPath(shown.head.id, 'top-ups')} reader={reader}>
          <button type="submit">{words.save}</button>
        </FormButtons>
      </ActionForm>
    </div>
  );
}

/** The form with which a top-up is cancelled. */
export function cancellationPage(
  head: SubscriptionHead,
  topUp: TopUpAnswer,
  reader: PageReader,
  again?: Again,
): ShownPage {
  const { language } = reader;
  const words = topUpsWords[language];
  const path = sectionPath(head.id, 'top-ups');
  const form = formShown(reader, again?.typed, again?.refusal);
  const amount = `${words.kinds[topUp.kind]}: ${minutesText(topUp.minutes, language)}, ${dayText(topUp.effectiveOn, language)}`;
  return sectionPage(
    head,
    'top-ups',
    reader,
    <Panel id="cancellation" title={words.cancelHeading}>
      <p class="hint">{words.cancelHint}</p>
      <p safe>{amount}</p>
      <ActionForm reader={reader} action={`${path}/${topUp.id}/cancellation`} class="narrow">
        <Refused refusal={again?.refusal} reader={reader} />
        <Field
          field={{ name: 'reason', label: words.reason, lines: 'many', required: true, maxLength: 2_000 }}
          form={form}
        />
        <FormButtons backTo={path} reader={reader}>
          <button type="submit" class="danger">
            {words.cancel}
          </button>
        </FormButtons>
      </ActionForm>
    </Panel>,
  );
}
