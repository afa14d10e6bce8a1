import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import type { Language } from '../../domain/language.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { NamedPlannedSession } from '../../features/planning/planned-session.dto.js';
import { PlanningService } from '../../features/planning/planning.service.js';
import type { TodayAnswer } from '../../features/today/today.dto.js';
import { TodayService } from '../../features/today/today.service.js';

/** What the page shows: the answer of the room, and the sessions with names. */
export interface TodayShown extends Omit<TodayAnswer, 'plannedSessions'> {
  sessions: NamedPlannedSession[];
}

@Injectable()
export class TodayPageService {
  constructor(
    private readonly today: TodayService,
    private readonly planning: PlanningService,
  ) {}

  async read(tx: Transaction, actor: Actor, language: Language): Promise<TodayShown> {
    const { plannedSessions, ...shown } = await this.today.read(tx, actor, language);
    return { ...shown, sessions: await this.planning.named(tx, plannedSessions) };
  }
}
