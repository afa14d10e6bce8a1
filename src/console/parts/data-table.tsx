import { escapeHtml } from '@kitajs/html';

export interface TableColumn<Row> {
  /** The heading; also the label of the cell where the table is shown as cards on a phone. */
  heading: string;
  cell: (row: Row) => JSX.Element;
  /** Numbers stand at the right with figures of equal width. */
  isNumber?: boolean;
  /** The heading's address, where the table can be sorted by this column. */
  sortedBy?: { href: string; now?: 'ascending' | 'descending' };
}

/**
 * A table with a caption. On a narrow screen each row becomes a card, whose cells are labelled by the headings. The first column names the
 * row. `list` marks the rows for the keys `j` and `k`.
 */
export function DataTable<Row>({
  caption,
  columns,
  rows,
  foot,
  list = false,
}: {
  caption: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  /** The cells of the last row, e.g. totals, one for each column. */
  foot?: readonly JSX.Element[];
  list?: boolean;
}): JSX.Element {
  return (
    <table class="data" data-list={list ? 'rows' : undefined}>
      <caption class="unseen" safe>
        {caption}
      </caption>
      <thead>
        <tr>
          {columns.map(({ heading, isNumber, sortedBy }) => (
            <th scope="col" class={isNumber ? 'number' : undefined} aria-sort={sortedBy?.now}>
              {sortedBy ? (
                <a href={escapeHtml(sortedBy.href)} safe>
                  {heading}
                </a>
              ) : (
                escapeHtml(heading)
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr data-item={list ? 'row' : undefined}>
            {columns.map(({ heading, cell, isNumber }, at) =>
              at === 0 ? (
                <th scope="row">{cell(row) as 'safe'}</th>
              ) : (
                <td class={isNumber ? 'number' : undefined} data-heading={escapeHtml(heading)}>
                  <div>{cell(row) as 'safe'}</div>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
      {foot !== undefined && (
        <tfoot>
          <tr>
            {foot.map((cell, at) =>
              at === 0 ? (
                <th scope="row">{cell as 'safe'}</th>
              ) : (
                <td
                  class={columns[at]!.isNumber ? 'number' : undefined}
                  data-heading={escapeHtml(columns[at]!.heading)}
                >
                  <div>{cell as 'safe'}</div>
                </td>
              ),
            )}
          </tr>
        </tfoot>
      )}
    </table>
  );
}
