import { ArrayMaxSize, ArrayMinSize, ArrayUnique, IsOptional } from 'class-validator';
import type { PackageCode } from '../../domain/package.js';
import { IsId } from '../../platform/http/fields.js';

export class HandOver {
  /** The user who becomes the CSM. */
  @IsId()
  toUserId!: string;

  /** The active subscriptions to hand over. Default: all that the user owns. */
  @IsOptional()
  @IsId({ each: true })
  @ArrayUnique()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  subscriptionIds?: string[];
}

export class HandedOverSubscription {
  subscriptionId!: string;
  customerId!: string;
  customer!: string;
  contractNumber!: string | null;
  package!: PackageCode;
  /** The last day for a notice of the current term. */
  noticeDeadline!: string;
  /** The last day of the current term. */
  endsOn!: string;
}

export class HandOverAnswer {
  fromUserId!: string;
  toUserId!: string;
  /** By the last day for a notice. */
  subscriptions!: HandedOverSubscription[];
}
