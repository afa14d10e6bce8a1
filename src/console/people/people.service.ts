import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { CustomerService } from '../../features/customers/customer.service.js';
import type { TokenAnswer, UserAnswer } from '../../features/people/people.dto.js';
import { TokenService } from '../../features/people/token.service.js';
import { UserService, type UserSearch } from '../../features/people/user.service.js';
import { InvitationService } from '../../features/sign-in/invitation.service.js';
import type { SessionAnswer } from '../../features/sign-in/session.dto.js';
import { SessionService } from '../../features/sign-in/session.service.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** A user, with what an administrator wants to know at a glance. */
export interface Colleague {
  user: UserAnswer;
  customer: string | undefined;
  /** When the user last used the console. */
  seenAt: Date | undefined;
  /** Until when an invitation works that was not used yet. */
  invitedUntil: Date | undefined;
}

export interface NamedChoice {
  id: string;
  name: string;
}

/** The page of one user. */
export interface ColleagueFacts extends Colleague {
  sessions: readonly SessionAnswer[];
  tokens: readonly TokenAnswer[];
  customers: readonly NamedChoice[];
  /** The CSMs who can take over the portfolio; empty for a user who can have none. */
  successors: readonly NamedChoice[];
}

/** A choice shows at most this many customers, by name. */
const mostCustomers = 2_000;

const mostTokens = 200;

/** Gathers the pages about users for administrators. */
@Injectable()
export class PeopleService {
  constructor(
    private readonly users: UserService,
    private readonly tokens: TokenService,
    private readonly sessions: SessionService,
    private readonly invitations: InvitationService,
    private readonly customers: CustomerService,
  ) {}

  async list(tx: Transaction, query: UserSearch): Promise<{ rows: Colleague[]; nextCursor: string | null }> {
    const { data, nextCursor } = await this.users.search(tx, query);
    return { rows: await this.#colleagues(tx, data), nextCursor };
  }

  /** @throws Refusal `not-found` */
  async read(tx: Transaction, actor: Actor, id: string): Promise<ColleagueFacts> {
    const user = await this.users.read(tx, id);
    const [colleague] = await this.#colleagues(tx, [user]);
    const ownsPortfolio = user.role === 'csm' || user.role === 'admin';
    return {
      ...colleague!,
      sessions: await this.sessions.list(tx, actor, id),
      tokens: (await this.tokens.list(tx, actor, id, { limit: mostTokens })).data,
      customers: await this.customerChoices(tx, actor),
      successors: ownsPortfolio ? (await this.users.csms(tx)).filter((csm) => csm.id !== id) : [],
    };
  }

  /** The customers to which a user can belong, by name. */
  async customerChoices(tx: Transaction, actor: Actor): Promise<NamedChoice[]> {
    const found: NamedChoice[] = [];
    let cursor: string | undefined;
    do {
      const { data, nextCursor } = await this.customers.search(tx, actor, { limit: 200, cursor });
      found.push(...data.map(({ id, name }) => ({ id, name })));
      cursor = nextCursor ?? undefined;
    } while (cursor !== undefined && found.length < mostCustomers);
    return found;
  }

  async #colleagues(tx: Transaction, users: readonly UserAnswer[]): Promise<Colleague[]> {
    const ids = users.map(({ id }) => id);
    const seen = await this.sessions.lastSeen(tx, ids);
    const invited = await this.invitations.openUntil(tx, ids);
    const customers = await this.customers.names(
      tx,
      users.flatMap(({ customerId }) => customerId ?? []),
    );
    return users.map((user) => ({
      user,
      customer: customers.get(user.customerId ?? ''),
      seenAt: seen.get(user.id),
      invitedUntil: invited.get(user.id),
    }));
  }
}
