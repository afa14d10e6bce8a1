import { IsIn, IsOptional } from 'class-validator';
import { attentionCodes, type AttentionCode } from '../../domain/attention.js';
import type { Day } from '../../domain/calendar.js';
import { expectations, type Expectation } from '../../domain/outlook.js';
import type { BurnDownMonth } from '../../domain/pace.js';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { renewalStates, type RenewalState } from '../../domain/term.js';
import type { NextDeadline } from '../../domain/today.js';
import { IsId, IsName } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import type { BalanceAnswer } from '../ledger/balance.dto.js';
import type { AttentionReasonAnswer } from '../attention/attention.dto.js';

/** The columns by which the portfolio can be sorted. A `-` turns the order round. */
export const portfolioColumns = [
  'attention',
  'customer',
  'package',
  'pace',
  'left',
  'expiring',
  'onsite',
  'visits',
  'seats',
  'deadline',
  'outlook',
  'last-entry',
  'csm',
] as const;
export type PortfolioColumn = (typeof portfolioColumns)[number];
export type PortfolioSort = PortfolioColumn | `-${PortfolioColumn}`;

export const portfolioSorts: readonly PortfolioSort[] = portfolioColumns.flatMap((column): PortfolioSort[] => [
  column,
  `-${column}`,
]);

/** The next deadline is at most this many days ahead. */
export const deadlineRanges = ['30', '60', '90'] as const;
export type DeadlineRange = (typeof deadlineRanges)[number];

export class PortfolioQuery extends PageQuery {
  /** A part of the customer's name, the customer code or the contract number. Case, width and spaces are ignored. */
  @IsOptional()
  @IsName({ max: 200 })
  search?: string;

  /** Only subscriptions with at least one reason of attention. */
  @IsOptional()
  @IsIn(['yes'])
  attention?: 'yes';

  /** Only subscriptions with this reason. */
  @IsOptional()
  @IsIn(attentionCodes)
  reason?: AttentionCode;

  /** The package of the current term. */
  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  @IsOptional()
  @IsIn(renewalStates)
  renewal?: RenewalState;

  /** What the CSM expects of the current term's renewal; `none` if nothing is stated. */
  @IsOptional()
  @IsIn([...expectations, 'none'])
  outlook?: Expectation | 'none';

  /** Only subscriptions whose next deadline is at most this many days ahead. */
  @IsOptional()
  @IsIn(deadlineRanges)
  deadline?: DeadlineRange;

  /** Only subscriptions of this CSM. */
  @IsOptional()
  @IsId()
  csm?: string;

  /** Subscriptions that have ended instead of the active ones. */
  @IsOptional()
  @IsIn(['yes'])
  ended?: 'yes';

  /** Default: `attention`, the gravest reason first, then the earliest last day for a notice. */
  @IsOptional()
  @IsIn(portfolioSorts)
  sort?: PortfolioSort;
}

export class PortfolioRow {
  subscriptionId!: string;
  customerId!: string;
  customer!: string;
  customerCode!: string | null;
  contractNumber!: string | null;
  csmId!: string;
  csm!: string;
  package!: PackageCode;
  termId!: string;
  endsOn!: Day;
  renewalState!: RenewalState;
  /** Gravest first. */
  reasons!: AttentionReasonAnswer[];
  balance!: BalanceAnswer;
  /** Plan and use by service month of the current term. Use is that of the past and the present month. */
  months!: BurnDownMonth[];
  deadline!: NextDeadline | null;
  outlook!: Expectation | null;
  /** The last work day with a standing entry, in any term. */
  lastEntryOn!: Day | null;
}

export class PortfolioCsm {
  id!: string;
  name!: string;
}

export class PortfolioPage {
  data!: PortfolioRow[];
  nextCursor!: string | null;
  /** The number of subscriptions on all pages. */
  count!: number;
}
