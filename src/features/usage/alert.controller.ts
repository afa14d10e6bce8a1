import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { AlertList, AlertsQuery } from './alert.dto.js';
import { PaceAlertService } from './pace-alert.service.js';

@Controller('v1/subscriptions/:id/alerts')
export class AlertController {
  constructor(private readonly alerts: PaceAlertService) {}

  /** Which alerts about use and pace a term has given, each once. */
  @Get()
  @Allow('balances.read')
  list(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: AlertsQuery,
  ): Promise<AlertList> {
    return this.alerts.list(tx, actor, id, query.termId);
  }
}
