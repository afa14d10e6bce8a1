import { Injectable } from '@nestjs/common';
import { scopeOf } from '../../domain/access.js';
import { ServiceRules } from '../../domain/service-rules.js';
import type { DeputiesAnswer } from '../../features/people/deputy.dto.js';
import { DeputyService } from '../../features/people/deputy.service.js';
import type { MeAnswer, TokenAnswer } from '../../features/people/people.dto.js';
import { TokenService } from '../../features/people/token.service.js';
import { UserService } from '../../features/people/user.service.js';
import type { SessionAnswer } from '../../features/sign-in/session.dto.js';
import { SessionService } from '../../features/sign-in/session.service.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { PageReader } from '../page/console-page.js';

/** What the page of one's own account shows. */
export interface ProfileFacts {
  me: MeAnswer;
  houseTimeZone: string;
  sessions: readonly SessionAnswer[];
  tokens: readonly TokenAnswer[];
  /** Undefined for roles that have no portfolio. */
  deputies: { named: DeputiesAnswer; possible: readonly { id: string; name: string }[] } | undefined;
}

/** A page shows at most this many tokens. */
const mostTokens = 200;

/** Gathers the page of one's own account. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly users: UserService,
    private readonly tokens: TokenService,
    private readonly deputies: DeputyService,
    private readonly sessions: SessionService,
    private readonly rules: ServiceRules,
  ) {}

  async read(tx: Transaction, { actor }: PageReader): Promise<ProfileFacts> {
    const { userId, role } = actor;
    return {
      me: await this.users.profile(tx, userId),
      houseTimeZone: this.rules.houseTimeZone,
      sessions: await this.sessions.list(tx, actor, userId),
      tokens: (await this.tokens.list(tx, actor, userId, { limit: mostTokens })).data,
      deputies: scopeOf('deputies.manage', role) === 'portfolio' ? await this.#deputies(tx, actor) : undefined,
    };
  }

  async #deputies(tx: Transaction, actor: PageReader['actor']): Promise<ProfileFacts['deputies']> {
    const possible = (await this.users.csms(tx)).filter(({ id, role }) => role === 'csm' && id !== actor.userId);
    return { named: await this.deputies.read(tx, actor, actor.userId), possible };
  }
}
