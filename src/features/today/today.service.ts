import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { addDays, dayAt } from '../../domain/calendar.js';
import type { Language } from '../../domain/language.js';
import { mondayOf } from '../../domain/nudge.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { loggedWeek } from '../../domain/today.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { AttentionService } from '../attention/attention.service.js';
import { MailListService } from '../mails/mail-list.service.js';
import { UserService } from '../people/user.service.js';
import type { PlannedSessionAnswer } from '../planning/planned-session.dto.js';
import { PlanningService } from '../planning/planning.service.js';
import type { TodayAnswer } from './today.dto.js';
import { TodayStore } from './today.store.js';

const mostAttention = 10;
const mostMails = 50;
/** The longest page of a list. */
const mostRows = 200;

const planDays = 7;
const deadlineDays = 30;
const mailDays = 30;

/** Puts together what a CSM's day starts with, from the lists of other rooms. */
@Injectable()
export class TodayService {
  constructor(
    private readonly store: TodayStore,
    private readonly users: UserService,
    private readonly attentions: AttentionService,
    private readonly planning: PlanningService,
    private readonly mails: MailListService,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
  ) {}

  async read(tx: Transaction, actor: Actor, language: Language): Promise<TodayAnswer> {
    // An administrator sees everything elsewhere. Here, everybody sees the own portfolio.
    const csm: Actor = { ...actor, role: 'csm' };
    const visibility = visibilityOf(csm, 'today.read');
    const { timeZone } = await this.users.read(tx, actor.userId);
    const date = dayAt(this.clock.now(), timeZone ?? this.rules.houseTimeZone);
    const startsOn = mondayOf(date);
    const attention = await this.attentions.first(tx, csm, mostAttention, language);
    const failed = await this.mails.list(tx, csm, {
      outcome: 'failed',
      from: addDays(date, -mailDays),
      limit: mostMails,
    });
    const { lateEntryDays } = this.rules;
    return {
      date,
      attention: attention.data,
      attentionCount: attention.count,
      plannedSessions: await this.#sessions(tx, csm, addDays(date, planDays)),
      week: loggedWeek(startsOn, await this.store.logged(tx, visibility, { from: startsOn, to: addDays(startsOn, 6) })),
      deadlines: await this.store.deadlines(
        tx,
        visibility,
        { from: date, to: addDays(date, deadlineDays) },
        { lateEntryDays, limit: mostRows },
      ),
      failedMails: failed.data,
    };
  }

  /** Overdue sessions come before open ones, because their days lie further back. */
  async #sessions(tx: Transaction, csm: Actor, to: string): Promise<PlannedSessionAnswer[]> {
    const overdue = await this.planning.list(tx, csm, { status: 'overdue', limit: mostRows });
    const open = await this.planning.list(tx, csm, { status: 'open', to, limit: mostRows });
    return [...overdue.data, ...open.data].slice(0, mostRows);
  }
}
