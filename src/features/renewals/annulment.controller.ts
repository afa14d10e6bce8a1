import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { SubscriptionAnswer } from '../subscriptions/subscription.dto.js';
import { NewAnnulment } from './annulment.dto.js';
import { AnnulmentService } from './annulment.service.js';

@Controller('v1/subscriptions')
export class AnnulmentController {
  constructor(private readonly annulments: AnnulmentService) {}

  /**
   * Annuls a contract that was entered by mistake. Lists, reports, mails and jobs leave it out from then on. It can
   * still be read by its id.
   */
  @Post(':id/annulment')
  @HttpCode(200)
  @Allow('subscriptions.annul')
  annul(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body() body: NewAnnulment,
  ): Promise<SubscriptionAnswer> {
    return this.annulments.annul(tx, actor, id, body);
  }
}
