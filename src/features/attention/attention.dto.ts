import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { attentionCodes, type AttentionCode, type AttentionFigures } from '../../domain/attention.js';
import type { PackageCode } from '../../domain/package.js';
import { IsId } from '../../platform/http/fields.js';
import { PageQuery } from '../../platform/http/paging.js';
import { BalanceAnswer, PaceAnswer } from '../ledger/balance.dto.js';

export class AttentionQuery extends PageQuery {
  /** Only subscriptions of this CSM. */
  @IsOptional()
  @IsId()
  csmId?: string;

  /** Only subscriptions of this customer. */
  @IsOptional()
  @IsId()
  customerId?: string;

  /** Only subscriptions with this reason. */
  @IsOptional()
  @IsIn(attentionCodes)
  reason?: AttentionCode;
}

export class AttentionReasonAnswer {
  code!: AttentionCode;
  /** The first day on which the reason holds, by the present facts. */
  since!: string;
  /** What the CSM should know, with the figures. In English or Japanese as `Accept-Language` asks. */
  detail!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: {
      oneOf: [{ type: 'integer' }, { type: 'string' }, { type: 'array', items: { type: 'string' } }],
    },
    description: 'The numbers and days of the reason, by name.',
  })
  figures!: AttentionFigures;
}

export class SubscriptionAttentionAnswer {
  subscriptionId!: string;
  customerId!: string;
  /** The name of the customer. */
  customer!: string;
  csmId!: string;
  contractNumber!: string | null;
  package!: PackageCode;
  /** Gravest first. */
  reasons!: AttentionReasonAnswer[];
  /** The next day on which time alone can change the reasons. `null` if it cannot. */
  nextChangeOn!: string | null;
  /** The balance of the current term today. */
  balance!: BalanceAnswer;
  pace!: PaceAnswer;
  /** The last day for a notice of non-renewal of the current term. */
  deadline!: string;
}

export class AttentionList {
  data!: SubscriptionAttentionAnswer[];
  nextCursor!: string | null;
}
