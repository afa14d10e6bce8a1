import { escapeHtml } from '@kitajs/html';
import { scopeOf, type Permission } from '../../domain/access.js';
import type { Refusal } from '../../domain/refusal.js';
import { Field, type FieldShown } from '../../platform/pages/fields.js';
import { say } from '../../platform/sentences.js';
import type { PageReader, ShownPage } from '../page/console-page.js';
import { ActionForm } from '../parts/action-form.js';
import { DataTable, type TableColumn } from '../parts/data-table.js';
import { Moment } from '../parts/day-time.js';
import { formShown } from '../parts/fields.js';
import { Empty, Pager } from '../parts/layout.js';
import { RefusalNotice } from '../parts/refusal.js';
import { masterDataWords } from './master-data.words.js';

/** The lists that administrators keep, by their path below `/console/`. */
export type MasterDataKind = 'consultants' | 'product-lines';

/** A row of either list. `mark` is the email address of a consultant, or the code of a product line. */
export interface MasterRow {
  id: string;
  name: string;
  mark: string;
  createdAt?: Date;
}

const writes: Record<MasterDataKind, Permission> = {
  consultants: 'consultants.write',
  'product-lines': 'product-lines.write',
};

export interface MasterList {
  rows: readonly MasterRow[];
  nextHref: string | null;
  /** The text of the search; undefined for the whole list. */
  asked?: string;
}

/** The list, which all staff can read. Administrators enter and change rows. */
export function masterListPage(
  reader: PageReader,
  kind: MasterDataKind,
  { rows, nextHref, asked }: MasterList,
): ShownPage {
  const { language, actor } = reader;
  const words = masterDataWords[language];
  const own = words[kind];
  const mayWrite = scopeOf(writes[kind], actor.role) !== 'never';
  const columns: TableColumn<MasterRow>[] = [
    {
      heading: words.name,
      cell: ({ id, name }) =>
        mayWrite ? (
          <a href={`/console/${kind}/${id}`} safe>
            {name}
          </a>
        ) : (
          <span safe>{name}</span>
        ),
    },
    { heading: markOf(kind, reader).label, cell: ({ mark }) => <span safe>{mark}</span> },
    {
      heading: words.entered,
      cell: ({ createdAt }) => (createdAt === undefined ? <></> : <Moment at={createdAt} reader={reader} />),
    },
  ];
  const shown = asked === undefined ? columns : columns.slice(0, 2);
  return {
    title: own.title,
    main: (
      <>
        <div class="row apart">
          <h1>{own.title}</h1>
          {mayWrite && (
            <a class="button" href={`/console/${kind}/new`}>
              {own.add}
            </a>
          )}
        </div>
        <p class="soft">{own.explanation}</p>
        {kind === 'consultants' && <Search reader={reader} asked={asked} />}
        {rows.length === 0 ? (
          <Empty
            text={asked === undefined ? own.none : say(words.noMatch, language, { text: asked })}
            href={asked === undefined ? undefined : `/console/${kind}`}
            verb={words.all}
          />
        ) : (
          <div class="panel">
            <DataTable caption={own.title} columns={shown} rows={rows} list />
          </div>
        )}
        <Pager href={nextHref} text={words.more} />
      </>
    ),
  };
}

function Search({ reader, asked }: { reader: PageReader; asked: string | undefined }): JSX.Element {
  const words = masterDataWords[reader.language];
  return (
    <form method="get" action="/console/consultants" role="search" class="row list-filter">
      <Field
        field={{ name: 'q', label: words.search, type: 'search', maxLength: 200 }}
        form={formShown(reader, { q: asked ?? '' })}
      />
      <button type="submit" class="quiet">
        {words.find}
      </button>
    </form>
  );
}

export interface MasterForm {
  /** The row that is changed; undefined for a new one. */
  row?: { id: string; name: string };
  typed: Readonly<Record<string, string>>;
  refusal?: Refusal;
}

/** The form of a new row, or of a changed one. */
export function masterFormPage(
  reader: PageReader,
  kind: MasterDataKind,
  { row, typed, refusal }: MasterForm,
): ShownPage {
  const { language } = reader;
  const words = masterDataWords[language];
  const own = words[kind];
  const title = row ? say(words.edit, language, { name: row.name }) : own.add;
  const form = formShown(reader, typed, refusal);
  const fields: readonly FieldShown[] = [
    { name: 'name', label: words.name, required: true, maxLength: 200 },
    markOf(kind, reader),
  ];
  return {
    title,
    main: (
      <>
        <p>
          <a href={`/console/${kind}`}>{own.title}</a>
        </p>
        <h1 safe>{title}</h1>
        <RefusalNotice refusal={refusal} reader={reader} />
        <ActionForm reader={reader} action={`/console/${kind}${row ? `/${row.id}` : ''}`} class="panel">
          {row !== undefined && <input type="hidden" name="version" value={escapeHtml(typed['version'] ?? '')} />}
          {fields.map((field) => (
            <Field field={field} form={form} />
          ))}
          <button type="submit">{row ? words.save : words.add}</button>
        </ActionForm>
      </>
    ),
  };
}

function markOf(kind: MasterDataKind, { language }: PageReader): FieldShown {
  const words = masterDataWords[language];
  return kind === 'consultants'
    ? { name: 'email', label: words.email, type: 'email', required: true, maxLength: 254 }
    : { name: 'code', label: words.code, hint: words.codeHint, required: true, maxLength: 50 };
}
