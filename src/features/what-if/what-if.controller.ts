import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { OnlyReads, Tx } from '../../platform/http/transaction.decorators.js';
import { WhatIfAnswer, WhatIfQuestion } from './what-if.dto.js';
import { WhatIfService } from './what-if.service.js';

@ApiTags('Subscriptions')
@Controller('v1/subscriptions/:id/what-if')
export class WhatIfController {
  constructor(private readonly whatIfs: WhatIfService) {}

  /**
   * Show what changes of the current term would lead to
   * @remarks Judges the changes like the real ones, as if the day of each were today. Nothing is saved. A package that
   * is no upgrade, a second notice, or a day outside the term is refused.
   */
  @Post()
  @HttpCode(200)
  @Allow('what-if.read')
  @OnlyReads()
  @ApiBody({ type: WhatIfQuestion, required: false })
  @Refuses(
    'not-an-upgrade',
    'effective-on-out-of-range',
    'package-not-offered',
    'top-up-too-large',
    'too-many-top-ups',
    'day-outside-term',
    'notice-already-given',
    'subscription-ended',
    'subscription-annulled',
    'rules-violated',
  )
  askWhatIf(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: WhatIfQuestion,
  ): Promise<WhatIfAnswer> {
    return this.whatIfs.answer(tx, actor, id, body);
  }
}
