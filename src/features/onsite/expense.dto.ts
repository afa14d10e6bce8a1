import { IsAmount, IsCurrency, IsText } from '../../platform/http/fields.js';

export class NewExpense {
  /** An exact decimal in a string such as "123.45": above 0, with at most as many decimal places as the currency has. */
  @IsAmount()
  amount!: string;

  /** ISO 4217. */
  @IsCurrency()
  currency!: string;

  @IsText({ max: 2_000 })
  description!: string;
}

export class NewExpenseReversal {
  @IsText({ max: 2_000 })
  reason!: string;
}

export class ExpenseReversalAnswer {
  id!: string;
  reason!: string;
  /** The month in which the reversal counts. */
  accountingMonth!: string;
  /** The closed month that it adjusts, where it counts in a later one. */
  adjustsMonth!: string | null;
  recordedAt!: Date;
  recordedBy!: string;
}

export class ExpenseAnswer {
  id!: string;
  visitId!: string;
  /** With all decimal places that the currency has. */
  amount!: string;
  currency!: string;
  description!: string;
  /** The month in which it counts: that of the visit's first day, or where that is closed, the first open one. */
  accountingMonth!: string;
  /** The closed month that it adjusts, where it counts in a later one. */
  adjustsMonth!: string | null;
  recordedAt!: Date;
  recordedBy!: string;
  reversal!: ExpenseReversalAnswer | null;
}

export class ExpenseList {
  data!: ExpenseAnswer[];
  nextCursor!: string | null;
}
