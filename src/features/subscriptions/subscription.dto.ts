import { ArrayMaxSize, ArrayUnique, IsIn, IsOptional } from 'class-validator';
import { pacePolicies, subscriptionStatuses, type PacePolicy, type SubscriptionStatus } from '../../domain/contract.js';
import { paceStatuses, type PaceStatus } from '../../domain/pace.js';
import { packageCodes, type PackageCode } from '../../domain/package.js';
import { renewalStates, type RenewalState } from '../../domain/term.js';
import { IsDay, IsId, IsInstant, IsName, IsNullable, QueryBoolean } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { BalanceAnswer } from '../ledger/balance.dto.js';
import { TermAnswer } from './term.dto.js';

export class NewSubscription {
  @IsId()
  customerId!: string;

  @IsIn(packageCodes)
  package!: PackageCode;

  /** The first day; without it the day of the purchase. Up to ten years back and one year ahead. */
  @IsOptional()
  @IsDay()
  startsOn?: string;

  /** Without it, now. Never in the future, and at most eleven years back. */
  @IsOptional()
  @IsInstant()
  purchasedAt?: string;

  /** A user with the role `csm` or `admin`. A CSM may leave it out and becomes the CSM; an admin must name it. */
  @IsOptional()
  @IsId()
  csmId?: string;

  /** Enrolled from the first day. */
  @IsOptional()
  @IsId({ each: true })
  @ArrayUnique()
  @ArrayMaxSize(100)
  productLineIds?: string[];

  /** Without it `advise`. */
  @IsOptional()
  @IsIn(pacePolicies)
  pacePolicy?: PacePolicy;

  /** The vendor's own number of this contract. Each contract has its own. */
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

  /** `null` takes the number away. */
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

  /** A part of the customer's name. Capitals, full and half width, and spaces make no difference. */
  @IsOptional()
  @IsName({ max: 200 })
  customerName?: string;

  @IsOptional()
  @IsId()
  csmId?: string;

  /** Of the current term, as are the renewal state and the end. */
  @IsOptional()
  @IsIn(packageCodes)
  package?: PackageCode;

  /** Default: `active` and `ended`. Annulled subscriptions are listed only when this asks for them. */
  @IsOptional()
  @IsIn(subscriptionStatuses)
  status?: SubscriptionStatus;

  @IsOptional()
  @IsIn(renewalStates)
  renewalState?: RenewalState;

  /** The last day of the current term is earlier. */
  @IsOptional()
  @IsDay()
  endsBefore?: string;

  /** What `balance.pace.status` says now. */
  @IsOptional()
  @IsIn(paceStatuses)
  pace?: PaceStatus;

  /**
   * Default: `entered`, the oldest first. `pace` lists by `balance.pace.differenceMinutes`, the one most behind first. A `-`
   * turns the order round. A cursor continues only the sort and the filters that it came from.
   */
  @IsOptional()
  @IsIn(subscriptionSorts)
  sort?: SubscriptionSort;
}

export class ProductLinesChange {
  /** The first day on which exactly these lines are enrolled. */
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

  /** Without it, today in the customer's zone. */
  @IsOptional()
  @IsDay()
  effectiveOn?: string;
}

export class UpgradeQuery {
  /** Answers what the upgrade would do, and writes nothing. */
  @IsOptional()
  @QueryBoolean()
  dryRun?: boolean;
}

export class EnrolmentAnswer {
  productLineId!: string;
  fromOn!: string;
  /** The first day on which it is no longer enrolled; null for the time being. */
  untilOn!: string | null;
}

export class AnnulmentAnswer {
  reason!: string;
  annulledAt!: Date;
  /** The id of the user who annulled it. */
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
  /** What the next renewal changes to; null where the package stays. */
  nextPackage!: PackageCode | null;
  pacePolicy!: PacePolicy;
  /** The first day of the first term. */
  startsOn!: string;
  purchasedAt!: Date;
  enteredAt!: Date;
  /** In the order in which they were named, past and coming ones included. */
  productLines!: EnrolmentAnswer[];
  currentTerm!: TermAnswer;
  balance!: BalanceAnswer;
  /** Null unless the subscription has been annulled. */
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
  /** The package that was set for the next renewal, if this upgrade has overtaken it; the CSM gets a mail about it. */
  droppedNextPackage!: PackageCode | null;
}

export class UpgradeAnswer {
  term!: TermAnswer;
  balance!: BalanceAnswer;
  change!: UpgradeChangeAnswer;
}
