import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { addDays, dayAt, type Day } from '../../domain/calendar.js';
import { packageOn, type PackageCode, type PackageVersion } from '../../domain/package.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { noticeDeadline, termDates } from '../../domain/term.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { CustomerAnswer } from '../../features/customers/customer.dto.js';
import { CustomerService } from '../../features/customers/customer.service.js';
import { ProductLineService } from '../../features/customers/product-line.service.js';
import type { ProductLineAnswer } from '../../features/customers/product-line.dto.js';
import type { MailAnswer } from '../../features/mails/mail-list.dto.js';
import { MailListService } from '../../features/mails/mail-list.service.js';
import { PackageService } from '../../features/packages/package.service.js';
import type { UserAnswer } from '../../features/people/people.dto.js';
import { UserService } from '../../features/people/user.service.js';
import type { NamedPlannedSession } from '../../features/planning/planned-session.dto.js';
import { PlanningService } from '../../features/planning/planning.service.js';
import type { SubscriptionAnswer } from '../../features/subscriptions/subscription.dto.js';
import { SubscriptionService } from '../../features/subscriptions/subscription.service.js';

/** The longest page of a list. */
const mostRows = 200;
const mostMails = 20;

/** A customer with what belongs to it. */
export interface CustomerShown {
  customer: CustomerAnswer;
  subscriptions: SubscriptionAnswer[];
  sessions: NamedPlannedSession[];
  mails: MailAnswer[];
}

/** What a new subscription can be made of. */
export interface SubscriptionChoices {
  customer: CustomerAnswer;
  /** Today in the customer's time zone. */
  today: Day;
  productLines: ProductLineAnswer[];
  /** For an administrator, who must name one. */
  csms: UserAnswer[];
}

/** The first term of a subscription that is not entered yet. */
export interface TermPreview {
  startsOn: Day;
  endsOn: Day;
  noticeDeadline: Day;
  renewsOn: Day;
  package: PackageVersion;
}

/** Puts together what the pages about a customer show. */
@Injectable()
export class CustomerPageService {
  constructor(
    private readonly customers: CustomerService,
    private readonly subscriptions: SubscriptionService,
    private readonly planning: PlanningService,
    private readonly mails: MailListService,
    private readonly productLines: ProductLineService,
    private readonly users: UserService,
    private readonly packages: PackageService,
    private readonly rules: ServiceRules,
  ) {}

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<CustomerShown> {
    const customer = await this.customers.read(tx, actor, id);
    const { data: subscriptions } = await this.subscriptions.list(tx, actor, { customerId: id, limit: mostRows });
    const { data: mails } = await this.mails.list(tx, actor, { customerId: id, limit: mostMails });
    return { customer, subscriptions, mails, sessions: await this.#sessions(tx, actor, subscriptions) };
  }

  /** The overdue and open sessions of active subscriptions, by day. */
  async #sessions(
    tx: Transaction,
    actor: Actor,
    subscriptions: readonly SubscriptionAnswer[],
  ): Promise<NamedPlannedSession[]> {
    const found: NamedPlannedSession[] = [];
    for (const { id, status } of subscriptions) {
      if (status !== 'active') continue;
      const overdue = await this.planning.list(tx, actor, { status: 'overdue', limit: mostRows }, id);
      const open = await this.planning.list(tx, actor, { status: 'open', limit: mostMails }, id);
      found.push(...(await this.planning.named(tx, [...overdue.data, ...open.data])));
    }
    return found.sort((one, other) => (one.plannedOn < other.plannedOn ? -1 : 1));
  }

  /** @throws Refusal `not-found` */
  async choices(tx: Transaction, actor: Actor, customerId: string, now: Date): Promise<SubscriptionChoices> {
    const customer = await this.customers.read(tx, actor, customerId);
    const { data: productLines } = await this.productLines.list(tx, { limit: mostRows });
    const users = actor.role === 'admin' ? (await this.users.list(tx, { limit: mostRows })).data : [];
    const csms = users.filter(({ role, active }) => active && (role === 'csm' || role === 'admin'));
    return { customer, today: dayAt(now, customer.timeZone), productLines, csms };
  }

  /** The first term; undefined if the package is not offered on its first day. */
  preview(code: PackageCode, firstDay: Day): TermPreview | undefined {
    const sold = packageOn(this.packages.table, code, firstDay);
    if (!sold) return undefined;
    const { startsOn, endsOn } = termDates(firstDay, 0);
    const deadline = noticeDeadline(endsOn, this.rules.noticeDays);
    return { startsOn, endsOn, noticeDeadline: deadline, renewsOn: addDays(endsOn, 1), package: sold };
  }
}
