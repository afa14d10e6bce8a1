import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Refuses, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { SubscriptionAnswer } from '../subscriptions/subscription.dto.js';
import { NewAnnulment } from './annulment.dto.js';
import { AnnulmentService } from './annulment.service.js';

@ApiTags('Subscriptions')
@Controller('v1/subscriptions')
export class AnnulmentController {
  constructor(private readonly annulments: AnnulmentService) {}

  /**
   * Annul a subscription that was created by mistake
   * @remarks Only a subscription in its first term can be annulled, and only when it has no entries, visits, expenses
   * or notices. Lists, reports, mails and jobs ignore it from then on. It can still be read by its id.
   */
  @Post(':id/annulment')
  @HttpCode(200)
  @Allow('subscriptions.annul')
  @Refuses(
    'subscription-annulled',
    'subscription-already-renewed',
    'subscription-ended',
    'subscription-has-entries',
    'subscription-has-visits',
    'subscription-has-expenses',
    'subscription-has-notices',
    'rules-violated',
  )
  annulSubscription(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewAnnulment,
  ): Promise<SubscriptionAnswer> {
    return this.annulments.annul(tx, actor, id, body);
  }
}
