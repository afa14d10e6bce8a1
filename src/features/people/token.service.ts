import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { scopeOf, type Actor } from '../../domain/access.js';
import { Refusal } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { AccessTokens, tokenHash } from '../../platform/http/access-tokens.js';
import { page, PageQuery, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { refuseBroken } from '../../platform/database/constraint-refusals.js';
import { newId } from '../../platform/ids.js';
import type { ApiToken } from './api-token.entity.js';
import type { NewToken, CreatedToken, TokenAnswer, TokenList } from './people.dto.js';
import { findUser, holdUser, insertToken, revokeToken, tokensAfter } from './people.store.js';

/** A new token: 256 random bits, after a prefix that secret scanners recognise. */
export const newToken = (): string => `trm_${randomBytes(32).toString('base64url')}`;

/** Tokens: users handle their own, administrators handle everybody's (§13). */
@Injectable()
export class TokenService {
  constructor(
    private readonly clock: Clock,
    private readonly tokens: AccessTokens,
  ) {}

  /**
   * Creates a token. With the same `id`, a second call creates none.
   * @throws Refusal `not-found`, `user-inactive`, `expires-on-in-past`, `token-already-created`
   */
  async give(
    tx: Transaction,
    actor: Actor,
    userId: string,
    body: NewToken,
    id: string = newId(),
  ): Promise<CreatedToken> {
    await this.#refuseStranger(tx, actor, userId);
    // The lock makes a concurrent deactivation wait, and then revoke this token as well.
    if ((await holdUser(tx, userId))?.active === false) throw new Refusal('user-inactive', { id: userId });
    const expiresOn = body.expiresOn ?? null;
    const now = this.clock.now();
    if (expiresOn !== null && expiresOn < now.toISOString().slice(0, 10)) {
      throw new Refusal('expires-on-in-past', { expiresOn });
    }
    const token = newToken();
    const row: ApiToken = {
      id,
      userId,
      name: body.name,
      tokenHash: tokenHash(token),
      expiresOn,
      createdAt: now,
      revokedAt: null,
    };
    await refuseBroken(insertToken(tx, row), { api_tokens_pk: 'token-already-created' }, {});
    return { ...show(row), token };
  }

  async list(tx: Transaction, actor: Actor, userId: string, { limit, cursor }: PageQuery): Promise<TokenList> {
    await this.#refuseStranger(tx, actor, userId);
    const [afterId] = readCursor(cursor, ['id']) ?? [];
    return page(await tokensAfter(tx, userId, afterId, rowsToFetch(limit)), limit, ({ id }) => [id], show);
  }

  async revoke(tx: Transaction, actor: Actor, id: string): Promise<void> {
    const ofUser = mayHandleOthers(actor) ? undefined : actor.userId;
    if (!(await revokeToken(tx, id, ofUser, this.clock.now()))) throw new Refusal('not-found');
    tx.afterCommit(() => this.tokens.forget());
  }

  async #refuseStranger(tx: Transaction, actor: Actor, userId: string): Promise<void> {
    if (userId === actor.userId) return;
    if (!mayHandleOthers(actor) || !(await findUser(tx, userId))) throw new Refusal('not-found');
  }
}

const mayHandleOthers = (actor: Actor): boolean => scopeOf('tokens.others', actor.role) === 'all';

const show = ({ id, name, expiresOn, createdAt }: ApiToken): TokenAnswer => ({ id, name, expiresOn, createdAt });
