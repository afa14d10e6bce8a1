import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { TermQuery } from '../subscriptions/term.dto.js';
import { AlertList } from './alert.dto.js';
import { PaceAlertService } from './pace-alert.service.js';

@ApiTags('Terms and balances')
@Controller('v1/subscriptions/:id/alerts')
export class AlertController {
  constructor(private readonly alerts: PaceAlertService) {}

  /**
   * List the alerts of a term
   * @remarks Alerts report that much of the term is used, that use is ahead of or behind plan, or that minutes are
   * likely to expire. A term gives each alert at most once.
   */
  @Get()
  @Allow('balances.read')
  listAlerts(
    @Tx() tx: Transaction,
    @Who() actor: Actor,
    @Param('id') id: string,
    @Query() query: TermQuery,
  ): Promise<AlertList> {
    return this.alerts.list(tx, actor, id, query.termId);
  }
}
