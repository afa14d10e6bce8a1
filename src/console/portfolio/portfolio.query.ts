import { IsOptional } from 'class-validator';
import { IsName } from '../../platform/http/fields.js';
import { portfolioColumns, PortfolioQuery, type PortfolioColumn } from '../../features/portfolio/portfolio.dto.js';
import { addressOf } from '../page/address.js';

/** The whole state of the page: its address can be sent to a colleague. */
export class PortfolioPageQuery extends PortfolioQuery {
  /** The shown columns beside customer and use, by comma. Unknown names are ignored. */
  @IsOptional()
  @IsName({ max: 200 })
  columns?: string;
}

/** The columns that can be shown or left out. The customer and the use are always there. */
export const choosableColumns = portfolioColumns.filter(
  (column) => column !== 'attention' && column !== 'customer' && column !== 'package',
);

const firstColumns: readonly PortfolioColumn[] = [
  'left',
  'pace',
  'expiring',
  'onsite',
  'visits',
  'seats',
  'deadline',
  'outlook',
  'last-entry',
];

/** The columns that the address asks for, in the order of the table. */
export function columnsShown({ columns }: PortfolioPageQuery, severalCsms: boolean): PortfolioColumn[] {
  const wanted = columns?.split(',') ?? [...firstColumns, ...(severalCsms ? ['csm'] : [])];
  return choosableColumns.filter((column) => wanted.includes(column));
}

/** The address of the page with some of its state changed. A change leads to the first page. */
export function portfolioAddress(query: PortfolioPageQuery, change: Partial<PortfolioPageQuery> = {}): string {
  const { search, sort, columns, limit, ...filters } = { ...query, cursor: undefined, ...change };
  return addressOf('/console/portfolio', { search, ...filters, sort, columns, limit });
}

/** The number of filters apart from the search. */
export function filtersOn({
  attention,
  reason,
  package: sold,
  renewal,
  outlook,
  deadline,
  csm,
  ended,
}: PortfolioPageQuery) {
  return [attention, reason, sold, renewal, outlook, deadline, csm, ended].filter((filter) => filter !== undefined)
    .length;
}
