import { escapeHtml } from '@kitajs/html';
import { scopeOf } from '../../domain/access.js';
import type { CustomerAnswer, CustomerList } from '../../features/customers/customer.dto.js';
import { addressOf } from '../page/address.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Empty, Pager } from '../parts/layout.js';
import type { CustomersPageQuery } from './customer.forms.js';
import { customersWords } from './customers.words.js';

/** The customers by name. */
export function customersPage({
  reader,
  query,
  list: { data, nextCursor },
}: {
  reader: PageReader;
  query: CustomersPageQuery;
  list: CustomerList;
}): ShownPage {
  const words = customersWords[reader.language];
  const mayEnter = scopeOf('customers.write', reader.actor.role) !== 'never';
  const { search } = query;
  return {
    title: words.title,
    main: (
      <>
        <div class="row apart page-head">
          <h1>{words.title}</h1>
          {mayEnter && (
            <a class="button" href="/console/customers/new">
              {words.newCustomer}
            </a>
          )}
        </div>
        <form method="get" action="/console/customers" role="search" class="row list-search">
          <label for="search" class="unseen">
            {words.searchHint}
          </label>
          <input
            type="search"
            id="search"
            name="search"
            value={escapeHtml(search ?? '')}
            placeholder={words.searchHint}
            maxlength={200}
            autocomplete="off"
          />
          <button type="submit" class="quiet">
            {words.search}
          </button>
        </form>
        {data.length > 0 ? (
          <section class="panel">
            <DataTable caption={words.caption} columns={columnsOf(reader)} rows={data} list />
          </section>
        ) : search === undefined ? (
          <Empty text={words.noneYet} {...(mayEnter && { href: '/console/customers/new', verb: words.newCustomer })} />
        ) : (
          <Empty text={words.none} href="/console/customers" verb={words.all} />
        )}
        <Pager
          href={nextCursor === null ? null : addressOf('/console/customers', { search, cursor: nextCursor })}
          text={words.next}
        />
      </>
    ),
  };
}

function columnsOf({ language }: PageReader): TableColumn<CustomerAnswer>[] {
  const words = customersWords[language];
  return [
    {
      heading: words.columns.name,
      cell: ({ id, name }) => (
        <a href={`/console/customers/${id}`} safe>
          {name}
        </a>
      ),
    },
    { heading: words.columns.code, cell: ({ code }) => <span safe>{code ?? '–'}</span> },
    { heading: words.columns.locale, cell: ({ locale }) => <>{words.locales[locale]}</> },
    { heading: words.columns.timeZone, cell: ({ timeZone }) => <span safe>{timeZone}</span> },
    {
      heading: words.columns.contacts,
      cell: ({ contacts }) => {
        const renewal = contacts.filter(({ roles }) => roles.includes('renewal')).map(({ name }) => name);
        return <span safe>{renewal.length === 0 ? words.noRenewal : renewal.join(', ')}</span>;
      },
    },
  ];
}
