import { ArrayMaxSize, ArrayUnique, IsIn, IsOptional } from 'class-validator';
import { pacePolicies, subscriptionStatuses, type PacePolicy, type SubscriptionStatus } from '../../domain/contract.js';
import { paceStatuses, type PaceStatus } from '../../domain/pace.js';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { renewalStates, type RenewalState } from '../../domain/term.js';
import { IsDay, IsId, IsInstant, IsName, IsNullable } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { BalanceAnswer } from '../ledger/balance.dto.js';
import { TermAnswer } from './term.dto.js';

export class NewSubscription {
  @IsId()
  customerId!: string;

  @IsIn(packageCodes)
  package!: PackageCode;

  /** The first day of the first term: at most ten years back and one year ahead. Default: the day of the purchase. */
  @IsOptional()
  @IsDay()
  startsOn?: string;

  /** When the customer bought: not in the future, and at most eleven years back. Default: now. */
  @IsOptional()
  @IsInstant()
  purchasedAt?: string;

  /** A user with the role `csm` or `admin`. Required for an administrator. Default for a CSM: the user itself. */
  @IsOptional()
  @IsId()
  csmId?: string;

  /** The product lines that are enrolled from the first day. */
  @IsOptional()
  @IsId({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(100)
  productLineIds?: string[];

  /** `advise` (default): the pace is a plan. `enforce`: entries ahead of the plan are refused. */
  @IsOptional()
  @IsIn(pacePolicies)
  pacePolicy?: PacePolicy;

  /** The vendor's own number for this subscription. It is unique. */
  @IsOptional()
  @IsName({ max: 50 })
  contractNumber?: string;

  /** The customer's purchase order for the first term. */
  @IsOptional()
  @IsName({ max: 50 })
  purchaseOrder?: string;
}

export class SubscriptionChange {
  @IsOptional()
  @IsId()
  csmId?: string;

  @IsOptional()
  @IsIn(pacePolicies)
  pacePolicy?: PacePolicy;

  /** `null` removes the number. */
  @IsOptional()
  @IsNullable()
  @IsName({ max: 50 })
  contractNumber?: string | null;
}

/** What a list of subscriptions is sorted by; `-` turns the order round. */
export const subscriptionSorts = ['entered', '-entered', 'customerName', '-customerName', 'pace', '-pace'] as const;
export type SubscriptionSort = (typeof subscriptionSorts)[number];

export class SubscriptionsQuery extends PageQuery {
  @IsOptional()
  @IsId()
  customerId?: string;

  /** A part of the customer's name. Case, full or half width, and spaces are ignored. */
  @IsOptional()
  @IsName({ max: 200 })
  customerName?: string;

  @IsOptional()
  @IsId()
  csmId?: string;

  /** The package of the current term. */
  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  /** Default: `active` and `ended`. Annulled subscriptions are listed only with `annulled`. */
  @IsOptional()
  @IsIn(subscriptionStatuses)
  status?: SubscriptionStatus;

  @IsOptional()
  @IsIn(renewalStates)
  renewalState?: RenewalState;

  /** Only subscriptions whose current term ends before this day. */
  @IsOptional()
  @IsDay()
  endsBefore?: string;

  /** The present value of `balance.pace.status`. */
  @IsOptional()
  @IsIn(paceStatuses)
  pace?: PaceStatus;

  /**
   * Default: `entered`, oldest first. `pace` orders by `balance.pace.differenceMinutes`, the one most behind plan
   * first. A `-` reverses the order. A cursor belongs to the sort and the filters of its list.
   */
  @IsOptional()
  @IsIn(subscriptionSorts)
  sort?: SubscriptionSort;
}

export class ProductLinesChange {
  /** From this day on, exactly these lines are enrolled. */
  @IsDay()
  effectiveOn!: string;

  @IsId({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(100)
  productLineIds!: string[];
}

export class NextPackage {
  @IsIn(packageCodes)
  package!: PackageCode;
}

export class Upgrade {
  @IsIn(packageCodes)
  package!: PackageCode;

  /** The first day of the new package. Default: today in the customer's time zone. */
  @IsOptional()
  @IsDay()
  effectiveOn?: string;
}

export class EnrolmentAnswer {
  productLineId!: string;
  fromOn!: string;
  /** The first day on which the line is no longer enrolled. `null` if no end is set. */
  untilOn!: string | null;
}

export class AnnulmentAnswer {
  reason!: string;
  annulledAt!: Date;
  /** The ID of the user who annulled the subscription. */
  annulledBy!: string;
}

export class SubscriptionAnswer {
  id!: string;
  customerId!: string;
  customerName!: string;
  csmId!: string;
  contractNumber!: string | null;
  status!: SubscriptionStatus;
  package!: PackageCode;
  /** The package of the next term. `null` if the package stays. */
  nextPackage!: PackageCode | null;
  pacePolicy!: PacePolicy;
  /** The first day of the first term. */
  startsOn!: string;
  purchasedAt!: Date;
  enteredAt!: Date;
  /** All enrolments, past and future ones too, in the order of the requests. */
  productLines!: EnrolmentAnswer[];
  currentTerm!: TermAnswer;
  balance!: BalanceAnswer;
  /** Set only if the subscription has been annulled. */
  annulment!: AnnulmentAnswer | null;
  version!: number;
}

export class SubscriptionList {
  data!: SubscriptionAnswer[];
  nextCursor!: string | null;
}

export class UpgradeChangeAnswer {
  from!: PackageCode;
  to!: PackageCode;
  grantedBeforeMinutes!: number;
  grantedAfterMinutes!: number;
  /** The package that was set for the next renewal, if this upgrade made it obsolete. The CSM gets a mail about it. */
  droppedNextPackage!: PackageCode | null;
}

export class UpgradeAnswer {
  term!: TermAnswer;
  balance!: BalanceAnswer;
  change!: UpgradeChangeAnswer;
}
