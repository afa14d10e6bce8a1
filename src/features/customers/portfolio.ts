import { Injectable } from '@nestjs/common';
import { Contributions } from '../../platform/contributions.js';

/** Everything besides entering a customer that puts the customer into the portfolio of a CSM (§13). */
const portfolioConditions = ['subscriptions'] as const;
export type PortfolioConditionName = (typeof portfolioConditions)[number];

/**
 * Returns an SQL condition, so that a list filters, sorts and pages in one statement. The id of the customer and that of the CSM
 * are SQL expressions.
 */
export type PortfolioCondition = (customerId: string, csmId: string) => string;

@Injectable()
export class PortfolioConditions extends Contributions<PortfolioConditionName, PortfolioCondition> {
  constructor() {
    super(portfolioConditions);
  }
}
