import { Injectable, type OnModuleInit } from '@nestjs/common';
import { scopeOf, type Actor } from '../../domain/access.js';
import { isLive, sessionLifeMs } from '../../domain/browser-session.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { tokenHash } from '../../platform/http/access-tokens.js';
import { newId } from '../../platform/ids.js';
import type { Visitor } from '../../platform/pages/page.decorators.js';
import { UserChangeSteps } from '../people/user-change.js';
import { UserService } from '../people/user.service.js';
import type { SessionAnswer } from './session.dto.js';
import { SessionStore, type OpenedWith } from './session.store.js';
import { SignInLinkStore } from './sign-in-link.store.js';
import { newSecret } from './sign-in-secrets.js';

/** A session is forgotten this long after it can have ended at the latest, so that an administrator can look into a sign-in. */
const keptAfterMs = 100 * 86_400_000;

/** Longer names of browsers are cut. */
const longestUserAgent = 300;

/** The sessions of the console: opens them, lists them, ends them (§13). */
@Injectable()
export class SessionService implements OnModuleInit {
  constructor(
    private readonly store: SessionStore,
    private readonly links: SignInLinkStore,
    private readonly users: UserService,
    private readonly steps: UserChangeSteps,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.steps.register('sign-in', async (tx, before, after) => {
      if (!after.active) await this.store.endAll(tx, after.id, null, this.clock.now());
      // A link lies in the mailbox of the earlier address.
      if (!after.active || before.email !== after.email) await this.links.forgetUnused(tx, after.id, null);
    });
  }

  /**
   * Opens a session, and ends the one that the browser presents: nobody goes on under a token that was known before. Every way to sign in
   * ends here, so a new one (OpenID Connect) needs a value of `OpenedWith` and nothing else.
   * @returns the token of the session
   */
  async open(
    tx: Transaction,
    userId: string,
    { openedWith, visitor, presented }: { openedWith: OpenedWith; visitor: Visitor; presented: string | undefined },
  ): Promise<string> {
    const now = this.clock.now();
    if (presented !== undefined) await this.store.endByToken(tx, tokenHash(presented), now);
    const token = newSecret();
    const { address } = visitor;
    const userAgent = visitor.userAgent?.replaceAll('\0', '').slice(0, longestUserAgent) ?? null;
    const session = {
      id: newId(),
      userId,
      tokenHash: tokenHash(token),
      openedWith,
      createdAt: now,
      address,
      userAgent,
    };
    await this.store.insert(tx, session);
    return token;
  }

  /** Ends the session with this token, if there is one. */
  async signOut(tx: Transaction, token: string): Promise<void> {
    await this.store.endByToken(tx, tokenHash(token), this.clock.now());
  }

  /**
   * The live sessions of a user, the last one seen first.
   * @throws Refusal `not-found` for a user whom the actor may not see
   */
  async list(tx: Transaction, actor: Actor, userId: string): Promise<SessionAnswer[]> {
    await this.#refuseStranger(tx, actor, userId);
    const now = this.clock.now();
    const sessions = await this.store.notEnded(tx, userId);
    return sessions
      .filter((session) => isLive(session, now))
      .map(({ id, openedWith, createdAt, lastSeenAt, address, userAgent }) => {
        const endsAt = new Date(createdAt.getTime() + sessionLifeMs);
        return { id, openedWith, createdAt, lastSeenAt, endsAt, address, userAgent };
      });
  }

  /** When each of these users was last seen, as far as sessions are kept. Call it only for users whom the reader may see. */
  lastSeen(tx: Transaction, userIds: readonly string[]): Promise<Map<string, Date>> {
    return this.store.lastSeen(tx, userIds);
  }

  /** @throws Refusal `not-found` if there is no live session with this id that the actor may end */
  async end(tx: Transaction, actor: Actor, sessionId: string): Promise<void> {
    const ofUser = mayHandleOthers(actor) ? undefined : actor.userId;
    if (!(await this.store.end(tx, sessionId, ofUser, this.clock.now()))) throw new Refusal('not-found');
  }

  /**
   * Ends all sessions of a user, except the one from which the user asks for it.
   * @returns how many ended
   * @throws Refusal `not-found`
   */
  async endAll(tx: Transaction, actor: Actor, userId: string, exceptId: string | null): Promise<number> {
    await this.#refuseStranger(tx, actor, userId);
    return this.store.endAll(tx, userId, exceptId, this.clock.now());
  }

  /** Deletes up to `most` sessions that ended long ago; returns how many. */
  forgetOld(tx: Transaction, now: Date, most: number): Promise<number> {
    return this.store.forgetBefore(tx, new Date(now.getTime() - sessionLifeMs - keptAfterMs), most);
  }

  /** Deletes up to `most` links that expired long ago; returns how many. */
  forgetOldLinks(tx: Transaction, now: Date, most: number): Promise<number> {
    return this.links.forgetExpired(tx, new Date(now.getTime() - keptAfterMs), most);
  }

  async #refuseStranger(tx: Transaction, actor: Actor, userId: string): Promise<void> {
    if (userId === actor.userId) return;
    if (!mayHandleOthers(actor) || !(await this.users.find(tx, userId))) throw new Refusal('not-found');
  }
}

const mayHandleOthers = (actor: Actor): boolean => scopeOf('sessions.others', actor.role) === 'all';
