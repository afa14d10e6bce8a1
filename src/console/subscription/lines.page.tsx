import type { Day } from '../../domain/calendar.js';
import { addDays } from '../../domain/calendar.js';
import type { Enrolment } from '../../domain/contract.js';
import { Field } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { formShown } from '../parts/fields.js';
import { Badge, Empty, Panel } from '../parts/layout.js';
import { dayText } from '../words/formats.js';
import type { Again } from './entries.page.js';
import { linesWords } from './people.words.js';
import { may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import type { SubscriptionHead, WorkNames } from './subscription.head.js';
import { subscriptionWords } from './subscription.words.js';

/** The product lines of a subscription over time. */
export interface Lines {
  head: SubscriptionHead;
  names: WorkNames;
  /** The lines that are enrolled today, or on the first day of a term that has not begun. */
  presentIds: readonly string[];
  max: number;
  /** The lines that can be chosen. */
  known: readonly { id: string; name: string; code: string }[];
  /** Whether more lines exist. */
  isCut: boolean;
}

/** For which product lines the customer has support, and from when to when. */
export function linesPage(shown: Lines, reader: PageReader, again?: Again): ShownPage {
  const { head, presentIds, max } = shown;
  const { language } = reader;
  const words = linesWords[language];
  const mayWrite = may(reader, 'subscriptions.write') && head.contract.status === 'active';
  return sectionPage(
    head,
    'lines',
    reader,
    <>
      <Panel id="lines" title={words.heading}>
        <p class="lead" safe>
          {say(words.limit, language, { count: presentIds.length, max })}
        </p>
        {head.contract.enrolments.length === 0 ? (
          <Empty text={words.none} />
        ) : (
          <EnrolmentTable shown={shown} reader={reader} />
        )}
      </Panel>
      {mayWrite && (
        <Panel id="change" title={words.changeHeading}>
          <ChangeForm shown={shown} reader={reader} again={again} />
        </Panel>
      )}
    </>,
  );
}

function stateOf({ fromOn, untilOn }: Enrolment, today: Day): 'now' | 'past' | 'coming' {
  if (untilOn !== null && untilOn <= today) return 'past';
  return fromOn <= today ? 'now' : 'coming';
}

function EnrolmentTable({ shown: { head, names }, reader }: { shown: Lines; reader: PageReader }): JSX.Element {
  const { language } = reader;
  const words = linesWords[language];
  const tones = { now: 'good', past: 'plain', coming: 'plain' } as const;
  const columns: TableColumn<Enrolment>[] = [
    {
      heading: subscriptionWords[language].productLine,
      cell: ({ productLineId }) => <span safe>{names.productLines.get(productLineId) ?? ''}</span>,
    },
    { heading: words.from, cell: ({ fromOn }) => <span safe>{dayText(fromOn, language)}</span> },
    {
      heading: words.until,
      cell: ({ untilOn }) =>
        untilOn === null ? (
          <span class="soft">{words.openEnd}</span>
        ) : (
          <span safe>{dayText(addDays(untilOn, -1), language)}</span>
        ),
    },
    {
      heading: subscriptionWords[language].status,
      cell: (enrolment) => {
        const state = stateOf(enrolment, head.today);
        return <Badge text={words.state[state]} tone={tones[state]} />;
      },
    },
  ];
  return <DataTable caption={words.heading} columns={columns} rows={head.contract.enrolments} />;
}

function ChangeForm({ shown, reader, again }: { shown: Lines; reader: PageReader; again?: Again }): JSX.Element {
  const { head, presentIds, known, isCut } = shown;
  const words = linesWords[reader.language];
  const form = formShown(reader, again?.typed ?? { effectiveOn: head.today }, again?.refusal);
  const chosen = again === undefined ? presentIds : (again.typed.productLineIds ?? '').split('\n');
  return (
    <ActionForm reader={reader} action={sectionPath(head.id, 'lines')} class="narrow">
      <p class="hint">{words.changeHint}</p>
      <Refused refusal={again?.refusal} reader={reader} />
      <input type="hidden" name="version" value={String(head.contract.version)} />
      <Field
        field={{ name: 'effectiveOn', label: words.effectiveOn, type: 'date', required: true, maxLength: 10 }}
        form={form}
      />
      <fieldset>
        <legend>{words.choose}</legend>
        {known.map(({ id, name, code }) => (
          <label class="check">
            <input type="checkbox" name="productLineIds" value={id} checked={chosen.includes(id)} />
            <span safe>{`${name} (${code})`}</span>
          </label>
        ))}
      </fieldset>
      {isCut && <p class="hint">{words.more}</p>}
      <button type="submit">{words.save}</button>
    </ActionForm>
  );
}
