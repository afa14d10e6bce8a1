import type { Refusal } from '../../domain/refusal.js';
import { say } from '../../platform/sentences.js';
import type { ProposalPreview } from '../../features/planning/planned-session.dto.js';
import type { SubscriptionName } from '../../features/subscriptions/contract.js';
import { addressOf } from '../page/address.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable } from '../parts/data-table.js';
import { Chips, Empty } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { minutesText, weekdayText } from '../words/formats.js';
import { plannedWords } from './planned.words.js';

/** Shows how the hours that would expire could be planned, and plans them. */
export function proposalPage({
  reader,
  subscription,
  everyWeeks,
  preview,
  refusal,
}: {
  reader: PageReader;
  subscription: SubscriptionName;
  everyWeeks: string;
  preview: ProposalPreview | undefined;
  refusal: Refusal | undefined;
}): ShownPage {
  const { language } = reader;
  const words = plannedWords[language];
  const { id, customer } = subscription;
  return {
    title: words.proposal.title,
    main: (
      <>
        <h1 safe>{say(words.proposal.of, language, { customer })}</h1>
        <p class="soft">{words.proposal.hint}</p>
        <Chips
          label={words.proposal.every}
          chips={['1', '2', '4'].map((weeks) => ({
            text: say(words.everyWeeks, language, { count: Number(weeks) }),
            href: addressOf('/console/planned/proposal', { subscription: id, everyWeeks: weeks }),
            isOn: weeks === everyWeeks,
          }))}
        />
        <RefusalNotice refusal={refusal} reader={reader} />
        {preview !== undefined && <Proposal preview={preview} reader={reader} id={id} everyWeeks={everyWeeks} />}
      </>
    ),
  };
}

function Proposal({
  preview: { expiringMinutes, sessions },
  reader,
  id,
  everyWeeks,
}: {
  preview: ProposalPreview;
  reader: PageReader;
  id: string;
  everyWeeks: string;
}): JSX.Element {
  const { language } = reader;
  const words = plannedWords[language];
  if (sessions.length === 0) {
    return <Empty text={words.proposal.nothing} href={`/console/subscriptions/${id}`} verb={words.back} />;
  }
  const count = sessions.length;
  return (
    <section class="panel">
      <p safe>{say(words.proposal.would, language, { count, minutes: minutesText(expiringMinutes, language) })}</p>
      <DataTable
        caption={words.proposal.title}
        columns={[
          { heading: words.columns.day, cell: ({ plannedOn }) => <span safe>{weekdayText(plannedOn, language)}</span> },
          {
            heading: words.columns.work,
            cell: ({ consultant, productLine }) => <span safe>{`${consultant} (${productLine})`}</span>,
          },
          {
            heading: words.columns.minutes,
            isNumber: true,
            cell: ({ minutes }) => <span safe>{minutesText(minutes, language)}</span>,
          },
        ]}
        rows={sessions}
      />
      <ActionForm reader={reader} action="/console/planned/proposal">
        <input type="hidden" name="subscription" value={id} />
        <input type="hidden" name="everyWeeks" value={everyWeeks} />
        <button type="submit" safe>
          {say(words.proposal.plan, language, { count })}
        </button>
      </ActionForm>
    </section>
  );
}
