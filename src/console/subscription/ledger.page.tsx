import type { LedgerEntryAnswer, LedgerList } from '../../features/balances/ledger.dto.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Choice, formShown } from '../parts/fields.js';
import { Pager, Panel } from '../parts/layout.js';
import { dayText, differenceText, minutesText, momentText, shortDayText } from '../words/formats.js';
import { may, sectionPage, sectionPath } from './subscription.frame.js';
import type { SubscriptionHead } from './subscription.head.js';
import { subscriptionWords } from './subscription.words.js';
import { ledgerWords } from './terms.words.js';

/** Every minute of a term, with the balance after it. */
export function ledgerPage(
  { head, termId, list }: { head: SubscriptionHead; termId: string; list: LedgerList },
  reader: PageReader,
): ShownPage {
  const { language, timeZone } = reader;
  const words = ledgerWords[language];
  const path = sectionPath(head.id, 'ledger');
  const { terms } = head.contract;
  const columns: TableColumn<LedgerEntryAnswer>[] = [
    {
      heading: words.effectiveOn,
      cell: ({ effectiveOn }) => (
        <span class="whole" safe>
          {shortDayText(effectiveOn, language, head.today)}
        </span>
      ),
    },
    { heading: words.kind, cell: ({ kind }) => <span>{words.kinds[kind]}</span> },
    {
      heading: words.minutes,
      isNumber: true,
      cell: ({ minutes }) => <span safe>{differenceText(minutes, language)}</span>,
    },
    {
      heading: words.balance,
      isNumber: true,
      cell: ({ balanceAfterMinutes }) => <strong safe>{minutesText(balanceAfterMinutes, language)}</strong>,
    },
    {
      heading: words.recordedAt,
      cell: ({ recordedAt }) => <span safe>{momentText(recordedAt, timeZone, language)}</span>,
    },
  ];
  const next = list.nextCursor === null ? null : `${path}?term=${termId}&cursor=${encodeURIComponent(list.nextCursor)}`;
  return sectionPage(
    head,
    'ledger',
    reader,
    <Panel id="ledger" title={words.heading}>
      <p class="hint">{words.hint}</p>
      {terms.length > 1 && (
        <form method="get" action={path} class="row">
          <Choice
            name="term"
            label={words.term}
            options={terms.map(({ id, startsOn, endsOn }) => ({
              value: id,
              text: say(subscriptionWords[language].term, language, {
                startsOn: dayText(startsOn, language),
                endsOn: dayText(endsOn, language),
              }),
            }))}
            form={formShown(reader, { term: termId })}
          />
          <button type="submit" class="quiet">
            {words.show}
          </button>
        </form>
      )}
      <DataTable caption={words.heading} columns={columns} rows={list.data} />
      <Pager href={next} text={words.more} />
      {may(reader, 'ledger.verify') && (
        <ActionForm reader={reader} action={`${path}/verification`}>
          <p class="hint">{words.verifyHint}</p>
          <button type="submit" class="quiet">
            {words.verify}
          </button>
        </ActionForm>
      )}
    </Panel>,
  );
}
