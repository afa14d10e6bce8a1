import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../../domain/access.js';
import type { Language } from '../../domain/language.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { Allow, Who } from '../../platform/http/access.decorators.js';
import { CallerLanguage } from '../../platform/http/language.js';
import { Tx } from '../../platform/http/transaction.decorators.js';
import { TodayAnswer } from './today.dto.js';
import { TodayService } from './today.service.js';

@ApiTags('Attention')
@Controller('v1/me/today')
export class TodayController {
  constructor(private readonly today: TodayService) {}

  /**
   * Get what your day starts with
   * @remarks The subscriptions that need you, planned sessions, the hours of this week, deadlines and failed mails of your
   * portfolio, and of the CSMs whose deputy you are today. Days are days of your time zone. An administrator sees the
   * subscriptions of which he or she is the CSM.
   */
  @Get()
  @Allow('today.read')
  getToday(@Tx() tx: Transaction, @Who() actor: Actor, @CallerLanguage() language: Language): Promise<TodayAnswer> {
    return this.today.read(tx, actor, language);
  }
}
