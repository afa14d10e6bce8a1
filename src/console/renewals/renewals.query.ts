import { IsIn, IsOptional } from 'class-validator';
import type { Month } from '../../domain/calendar.js';
import { expectations } from '../../domain/outlook.js';
import { renewalColumns, type ExpectationAsked, type RenewalColumn } from '../../features/renewals/renewal-board.js';
import { IsId, IsMonth, IsText } from '../../platform/http/fields.js';

export const renewalViews = ['board', 'timeline'] as const;
export type RenewalView = (typeof renewalViews)[number];

/** What a colleague sees who opens the same address. */
export class RenewalsPageQuery {
  /** Default: the board. */
  @IsOptional()
  @IsIn(renewalViews)
  view?: RenewalView;

  @IsOptional()
  @IsId()
  csmId?: string;

  /** The month of the notice deadline. */
  @IsOptional()
  @IsMonth()
  month?: Month;

  @IsOptional()
  @IsIn([...expectations, 'none'])
  outlook?: ExpectationAsked;

  /** Only this column of the board, with more cards. */
  @IsOptional()
  @IsIn(renewalColumns)
  column?: RenewalColumn;

  @IsOptional()
  @IsText({ max: 1_000 })
  cursor?: string;

  /** The form that a card shows. */
  @IsOptional()
  @IsIn(['outlook', 'package'])
  edit?: 'outlook' | 'package';

  @IsOptional()
  @IsId()
  subscriptionId?: string;
}

/** The address of the page with another choice. A value that is undefined is left out. */
export function renewalsAddress(query: RenewalsPageQuery, change: Partial<RenewalsPageQuery> = {}): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, ...change })) {
    if (typeof value === 'string') asked.set(name, value);
  }
  const text = asked.toString();
  return text === '' ? '/console/renewals' : `/console/renewals?${text}`;
}
