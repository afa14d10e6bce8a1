import { escapeHtml } from '@kitajs/html';
import type { SeatAnswer } from '../../features/learning/seat.dto.js';
import { Field } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { formShown } from '../parts/fields.js';
import { Badge, Empty, Panel } from '../parts/layout.js';
import { dayText, momentText } from '../words/formats.js';
import type { Again } from './entries.page.js';
import { seatsWords } from './people.words.js';
import { may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import type { SubscriptionHead } from './subscription.head.js';
import { subscriptionWords } from './subscription.words.js';

/** The seats of a subscription, and how many the term has. */
export interface Seats {
  head: SubscriptionHead;
  seats: readonly SeatAnswer[];
  used: number;
  max: number;
  includesEnded: boolean;
}

/** Who learns with a seat of the current term. */
export function seatsPage(shown: Seats, reader: PageReader, again?: Again): ShownPage {
  const { head, seats, used, max, includesEnded } = shown;
  const { language, timeZone } = reader;
  const words = seatsWords[language];
  const path = sectionPath(head.id, 'seats');
  const mayAssign = may(reader, 'seats.assign') && head.contract.status === 'active';
  const columns: TableColumn<SeatAnswer>[] = [
    { heading: words.learner, cell: ({ learnerName }) => <span safe>{learnerName}</span> },
    { heading: words.email, cell: ({ learnerEmail }) => <span safe>{learnerEmail}</span> },
    { heading: words.since, cell: ({ assignedAt }) => <span safe>{momentText(assignedAt, timeZone, language)}</span> },
    {
      heading: subscriptionWords[language].status,
      cell: ({ status }) => <Badge text={words.status[status]} tone={status === 'in-use' ? 'good' : 'plain'} />,
    },
    ...(mayAssign
      ? [
          {
            heading: words.release,
            cell: ({ id, learnerName, status }: SeatAnswer) =>
              status === 'in-use' ? (
                <ActionForm reader={reader} action={`${path}/${id}/release`}>
                  <button
                    type="submit"
                    class="link"
                    aria-label={escapeHtml(say(words.releaseOf, language, { name: learnerName }))}
                  >
                    {words.release}
                  </button>
                </ActionForm>
              ) : (
                <></>
              ),
          },
        ]
      : []),
  ];
  return sectionPage(
    head,
    'seats',
    reader,
    <>
      <Panel id="seats" title={words.heading}>
        <p class="lead" safe>
          {say(words.used, language, { used, max })}
        </p>
        <p class="soft" safe>
          {say(words.expire, language, { endsOn: dayText(head.term.endsOn, language) })}
        </p>
        {seats.length === 0 ? (
          <Empty text={mayAssign ? `${words.none} ${words.noneNext}` : words.none} />
        ) : (
          <DataTable caption={words.heading} columns={columns} rows={seats} />
        )}
        <p>
          <a href={includesEnded ? path : `${path}?ended=true`}>{includesEnded ? words.present : words.ended}</a>
        </p>
      </Panel>
      {mayAssign && (
        <Panel id="assign" title={words.assignHeading}>
          {used >= max && again === undefined ? (
            <p class="soft">{words.full}</p>
          ) : (
            <AssignForm shown={shown} reader={reader} again={again} />
          )}
        </Panel>
      )}
    </>,
  );
}

function AssignForm({ shown, reader, again }: { shown: Seats; reader: PageReader; again?: Again }): JSX.Element {
  const words = seatsWords[reader.language];
  const form = formShown(reader, again?.typed, again?.refusal);
  return (
    <ActionForm reader={reader} action={sectionPath(shown.head.id, 'seats')} class="narrow">
      <Refused refusal={again?.refusal} reader={reader} />
      <div class="fields">
        <Field field={{ name: 'learnerName', label: words.learner, required: true, maxLength: 200 }} form={form} />
        <Field
          field={{ name: 'learnerEmail', label: words.email, type: 'email', required: true, maxLength: 254 }}
          form={form}
        />
      </div>
      <button type="submit">{words.assign}</button>
    </ActionForm>
  );
}
