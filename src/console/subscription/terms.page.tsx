import type { TermAnswer } from '../../features/subscriptions/term.dto.js';
import { Field } from '../../platform/pages/fields.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { formShown } from '../parts/fields.js';
import { Badge, Panel } from '../parts/layout.js';
import { dayText } from '../words/formats.js';
import type { Again } from './entries.page.js';
import { FormButtons, may, Refused, sectionPage, sectionPath } from './subscription.frame.js';
import type { SubscriptionHead } from './subscription.head.js';
import { subscriptionWords } from './subscription.words.js';
import { termsWords } from './terms.words.js';

/** All terms of a subscription with their documents. */
export function termsPage(head: SubscriptionHead, terms: readonly TermAnswer[], reader: PageReader): ShownPage {
  const { language } = reader;
  const words = termsWords[language];
  const path = sectionPath(head.id, 'terms');
  const mayEdit = may(reader, 'subscriptions.write') && head.contract.status !== 'annulled';
  const nameOf = new Map(head.contract.terms.map(({ id, periods }) => [id, periods.at(-1)!.package.name[language]]));
  const columns: TableColumn<TermAnswer>[] = [
    { heading: words.number, cell: ({ number }) => <span>{number + 1}</span> },
    {
      heading: words.days,
      cell: ({ startsOn, endsOn }) => (
        <span safe>{`${dayText(startsOn, language)} – ${dayText(endsOn, language)}`}</span>
      ),
    },
    { heading: words.package, cell: ({ id }) => <span safe>{nameOf.get(id) ?? ''}</span> },
    {
      heading: words.renewal,
      cell: ({ status, renewalState }) => (
        <span class="row">
          <Badge text={words.status[status]} />
          <span>{subscriptionWords[language].renewalStates[renewalState]}</span>
        </span>
      ),
    },
    {
      heading: words.deadline,
      cell: ({ noticeDeadline }) => <span safe>{dayText(noticeDeadline, language)}</span>,
    },
    {
      heading: words.purchaseOrder,
      cell: ({ id, purchaseOrder }) => (
        <span class="row">
          {purchaseOrder === null ? <span class="soft">{words.noOrder}</span> : <span safe>{purchaseOrder}</span>}
          {mayEdit && <a href={`${path}/${id}/purchase-order`}>{words.editOrder}</a>}
        </span>
      ),
    },
    {
      heading: words.documents,
      cell: ({ id }) => (
        <span class="row">
          <a href={`${path}/${id}/statement`}>{words.statement}</a>
          {may(reader, 'evidence.read') && <a href={`${path}/${id}/evidence`}>{words.evidence}</a>}
          <a href={`${sectionPath(head.id, 'ledger')}?term=${id}`}>{words.ledger}</a>
        </span>
      ),
    },
  ];
  return sectionPage(
    head,
    'terms',
    reader,
    <Panel id="terms" title={words.heading}>
      <DataTable caption={words.heading} columns={columns} rows={terms.toReversed()} />
    </Panel>,
  );
}

/** The form for the customer's order of one term. */
export function purchaseOrderPage(
  head: SubscriptionHead,
  term: TermAnswer,
  reader: PageReader,
  again?: Again,
): ShownPage {
  const words = termsWords[reader.language];
  const path = sectionPath(head.id, 'terms');
  const form = formShown(reader, again?.typed ?? { purchaseOrder: term.purchaseOrder ?? '' }, again?.refusal);
  return sectionPage(
    head,
    'terms',
    reader,
    <Panel id="purchase-order" title={words.purchaseOrder}>
      <ActionForm reader={reader} action={`${path}/${term.id}/purchase-order`} class="narrow">
        <Refused refusal={again?.refusal} reader={reader} />
        <input type="hidden" name="version" value={String(term.version)} />
        <Field
          field={{ name: 'purchaseOrder', label: words.purchaseOrder, hint: words.orderHint, maxLength: 50 }}
          form={form}
        />
        <FormButtons backTo={path} reader={reader}>
          <button type="submit">{words.saveOrder}</button>
        </FormButtons>
      </ActionForm>
    </Panel>,
  );
}
