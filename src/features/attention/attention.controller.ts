import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Language } from '../../domain/language.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { CallerLanguage } from '../../platform/http/language.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { AttentionList, AttentionQuery, SubscriptionAttentionAnswer } from './attention.dto.js';
import { AttentionService } from './attention.service.js';

@ApiTags('Attention')
@Controller('v1')
export class AttentionController {
  constructor(private readonly attention: AttentionService) {}

  /**
   * List the subscriptions that need their CSM
   * @remarks Subscriptions with at least one reason: the gravest first, then by the last day for a notice.
   */
  @Get('attention')
  @Allow('attention.read')
  listAttention(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Query() query: AttentionQuery,
    @CallerLanguage() language: Language,
  ): Promise<AttentionList> {
    return this.attention.list(tx, actor, query, language);
  }

  /**
   * Get the reasons for which a subscription needs its CSM
   * @remarks Each reason names its figures and the day from which it holds.
   */
  @Get('subscriptions/:id/attention')
  @Allow('attention.read')
  getAttention(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @CallerLanguage() language: Language,
  ): Promise<SubscriptionAttentionAnswer> {
    return this.attention.read(tx, actor, id, language);
  }
}
