import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { topUpKinds, type TopUpKind } from '../../domain/entitlement.js';
import { IsDay, IsName, IsText } from '../../platform/http/fields.js';
import { BalanceAnswer } from '../ledger/balance.dto.js';

export class NewTopUp {
  /** `supplement`: the customer bought the minutes. `goodwill`: the vendor gives them; only an administrator may enter it. */
  @IsIn(topUpKinds)
  kind!: TopUpKind;

  /** Whole minutes. At most ten times the minutes of the package in force. */
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  minutes!: number;

  /** The first day on which the minutes count: a day of the open term, not after today. Default: today in the customer's time zone. */
  @IsOptional()
  @IsDay()
  effectiveOn?: string;

  /** The number of the customer's order. Required for a supplement, not allowed for a goodwill. */
  @IsOptional()
  @IsName({ max: 50 })
  orderNumber?: string;

  /** Why the vendor gives the minutes, for staff. Required for a goodwill, not allowed for a supplement. Customers do not see it. */
  @IsOptional()
  @IsText({ max: 2_000 })
  reason?: string;
}

export class NewTopUpCancellation {
  /** The reason, for staff. Customers do not see it. */
  @IsText({ max: 2_000 })
  reason!: string;
}

export class TopUpCancellationAnswer {
  /** The minutes that the cancellation took back: those that were neither worked nor allocated. */
  minutes!: number;
  /** `null` for a customer's user. */
  reason!: string | null;
  cancelledAt!: Date;
  /** The ID of the user who cancelled the top-up. */
  cancelledBy!: string;
}

export class TopUpAnswer {
  id!: string;
  subscriptionId!: string;
  termId!: string;
  kind!: TopUpKind;
  /** The minutes that were entered, cancelled ones included. */
  minutes!: number;
  effectiveOn!: string;
  /** `null` for a goodwill. */
  orderNumber!: string | null;
  /** `null` for a supplement, and for a customer's user. */
  reason!: string | null;
  enteredAt!: Date;
  /** The ID of the user who entered the top-up. */
  enteredBy!: string;
  /** `null` unless the top-up was cancelled. */
  cancellation!: TopUpCancellationAnswer | null;
}

export class TopUpWithBalance extends TopUpAnswer {
  /** The balance of the term afterwards. */
  balance!: BalanceAnswer;
}

export class TopUpList {
  data!: TopUpAnswer[];
  nextCursor!: string | null;
}
