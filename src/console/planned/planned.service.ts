import { Injectable } from '@nestjs/common';
import { visibilityOf, type Actor } from '../../domain/access.js';
import { Database } from '../../platform/database/database.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { HoursService } from '../../features/hours/hours.service.js';
import type { LoggedEntryAnswer, NewTimeEntry } from '../../features/hours/time-entry.dto.js';
import { VisitService } from '../../features/onsite/visit.service.js';
import type { VisitAnswer } from '../../features/onsite/visit.dto.js';
import type {
  NamedPair,
  NamedPlannedSession,
  PlannedSessionList,
} from '../../features/planning/planned-session.dto.js';
import { PlanningService } from '../../features/planning/planning.service.js';
import type { SubscriptionName } from '../../features/subscriptions/contract.js';
import { ContractService } from '../../features/subscriptions/contract.service.js';
import type { PageReader } from '../page/console-page.js';
import type { KeyOfForm } from '../page/form-key.js';
import type { PlannedPageQuery } from './planned.forms.js';

/** Sessions of a page. */
export interface NamedSessions {
  sessions: NamedPlannedSession[];
  nextCursor: string | null;
}

/** What a form about sessions of a subscription offers. */
export interface SessionChoices {
  subscription: SubscriptionName;
  pairs: NamedPair[];
  /** Today in the customer's time zone. */
  today: string;
}

/** A session that is to be logged, with the visits of onsite work. */
export interface SessionToLog {
  session: NamedPlannedSession;
  visits: VisitAnswer[];
}

/** Puts together what the pages about planned sessions show, and logs a session as an entry that fulfils it. */
@Injectable()
export class PlannedPageService {
  constructor(
    private readonly planning: PlanningService,
    private readonly contracts: ContractService,
    private readonly visits: VisitService,
    private readonly hours: HoursService,
    private readonly database: Database,
  ) {}

  overdue(tx: Transaction, actor: Actor, { subscription }: PlannedPageQuery): Promise<NamedSessions> {
    return this.#named(tx, this.planning.list(tx, actor, { status: 'overdue', limit: 200 }, subscription));
  }

  coming(tx: Transaction, actor: Actor, { subscription, cursor, limit }: PlannedPageQuery): Promise<NamedSessions> {
    return this.#named(tx, this.planning.list(tx, actor, { status: 'open', cursor, limit }, subscription));
  }

  /** The subscription of a page; undefined if the page is about all. */
  async subscription(tx: Transaction, id: string | undefined): Promise<SubscriptionName | undefined> {
    return id === undefined ? undefined : (await this.contracts.names(tx, [id])).get(id);
  }

  /** The subscriptions for which the actor can plan. */
  subscriptions(tx: Transaction, actor: Actor): Promise<SubscriptionName[]> {
    return this.contracts.activeNames(tx, visibilityOf(actor, 'planned-sessions.write'));
  }

  /** @throws Refusal `not-found` */
  async choices(tx: Transaction, actor: Actor, subscriptionId: string): Promise<SessionChoices> {
    const plan = await this.planning.look(tx, actor, subscriptionId);
    const subscription = (await this.contracts.names(tx, [subscriptionId])).get(subscriptionId)!;
    return { subscription, pairs: await this.planning.pairs(tx, plan), today: plan.today };
  }

  /** @throws Refusal `not-found` */
  async session(tx: Transaction, actor: Actor, id: string): Promise<NamedPlannedSession> {
    const [session] = await this.planning.named(tx, [await this.planning.read(tx, actor, id)]);
    return session!;
  }

  /** @throws Refusal `not-found` */
  async toLog(tx: Transaction, actor: Actor, id: string): Promise<SessionToLog> {
    const session = await this.session(tx, actor, id);
    if (session.delivery === 'remote') return { session, visits: [] };
    const { data } = await this.visits.list(tx, actor, session.subscriptionId, { limit: 200 });
    return { session, visits: data.filter(({ status }) => status !== 'cancelled') };
  }

  /**
   * Logs a session. What is not typed is as it was planned.
   * @throws Refusal by the rules of the booking
   */
  async log(
    { actor, language, path }: PageReader,
    id: string,
    done: Partial<Pick<NewTimeEntry, 'workDate' | 'minutes' | 'summary' | 'visitId'>>,
    idempotency: KeyOfForm | undefined,
  ): Promise<{ session: NamedPlannedSession; logged: LoggedEntryAnswer }> {
    const session = await this.database.read((tx) => this.session(tx, actor, id));
    const { plannedOn, minutes, consultantId, productLineId, activity, delivery, summary } = session;
    const request = { actor, dryRun: false, idempotency, language, instance: path };
    const { answer } = await this.hours.log(request, session.subscriptionId, {
      workDate: done.workDate ?? plannedOn,
      minutes: done.minutes ?? minutes,
      consultantId,
      productLineId,
      activity,
      delivery,
      visitId: done.visitId ?? null,
      summary: done.summary ?? summary,
      plannedSessionId: id,
    });
    if ('refusal' in answer) throw answer.refusal;
    return { session, logged: answer.body as LoggedEntryAnswer };
  }

  async #named(tx: Transaction, list: Promise<PlannedSessionList>): Promise<NamedSessions> {
    const { data, nextCursor } = await list;
    return { sessions: await this.planning.named(tx, data), nextCursor };
  }
}
