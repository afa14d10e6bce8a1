import { IsAmount, IsCurrency, IsText } from '../../platform/http/fields.js';

export class NewExpense {
  /** A decimal number above 0 as text, for example `"123.45"`, with at most as many decimal places as the currency has. */
  @IsAmount()
  amount!: string;

  /** An ISO 4217 currency code. */
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
  /** The accounting month in which the reversal counts. */
  accountingMonth!: string;
  /** The closed month that is adjusted, if this counts in a later month. */
  adjustsMonth!: string | null;
  recordedAt!: Date;
  recordedBy!: string;
}

export class ExpenseAnswer {
  id!: string;
  visitId!: string;
  /** With all decimal places of the currency. */
  amount!: string;
  currency!: string;
  description!: string;
  /**
   * The accounting month in which the expense counts: the month of the visit's first day, or the first open month if
   * that one is closed.
   */
  accountingMonth!: string;
  /** The closed month that is adjusted, if this counts in a later month. */
  adjustsMonth!: string | null;
  recordedAt!: Date;
  recordedBy!: string;
  reversal!: ExpenseReversalAnswer | null;
}

export class ExpenseList {
  data!: ExpenseAnswer[];
  nextCursor!: string | null;
}
