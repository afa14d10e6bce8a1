import { Injectable } from '@nestjs/common';
import type { Actor, Role, Viewer } from '../../domain/access.js';
import { Refusal, refuseByRules } from '../../domain/refusal.js';
import { Clock } from '../../platform/clock.js';
import type { Transaction } from '../../platform/database/transaction.js';
import { AccessTokens } from '../../platform/http/access-tokens.js';
import { changesNothing, refuseStale } from '../../platform/http/etag.js';
import { page, PageQuery, readCursor, rowsToFetch } from '../../platform/http/paging.js';
import { newId } from '../../platform/ids.js';
import { refuseBroken } from '../../platform/database/constraint-refusals.js';
import { DeputyService } from './deputy.service.js';
import type { MeAnswer, NewUser, UserChange, UserAnswer, UserList } from './people.dto.js';
import {
  findUser,
  findUserByEmail,
  hasOtherAdmin,
  holdUser,
  insertUser,
  lockDemotions,
  lockUser,
  possibleCsms,
  revokeAllTokens,
  updateUser,
  usersAfter,
  usersByName,
} from './people.store.js';
import { RoleChangeChecks } from './role-change.js';
import { UserChangeSteps } from './user-change.js';
import type { User } from './user.entity.js';

const constraints = { users_email_once: 'email-already-used', users_customer_fk: 'customer-unknown' } as const;

export interface UserSearch extends PageQuery {
  search?: string;
}

export type UserWithRights = UserAnswer & Pick<Viewer, 'deputyFor'>;

/** The users of the service (§13). */
@Injectable()
export class UserService {
  constructor(
    private readonly clock: Clock,
    private readonly tokens: AccessTokens,
    private readonly deputies: DeputyService,
    private readonly roleChangeChecks: RoleChangeChecks,
    private readonly changeSteps: UserChangeSteps,
  ) {}

  async enter(tx: Transaction, { name, email, role, ...of }: NewUser): Promise<UserAnswer> {
    const { customerId = null, locale = null, timeZone = null, nudges = true } = of;
    refuseWrongCustomer(role, customerId);
    const createdAt = this.clock.now();
    const own = { locale, timeZone, nudges, shortcuts: true, active: true };
    const user = { id: newId(), name, email, role, customerId, ...own, version: 1, createdAt };
    await refuseBroken(insertUser(tx, user), constraints, { email, id: customerId ?? '' });
    return user;
  }

  async list(tx: Transaction, { limit, cursor }: PageQuery): Promise<UserList> {
    const [afterId] = readCursor(cursor, ['id']) ?? [];
    return page(await usersAfter(tx, afterId, rowsToFetch(limit)), limit, ({ id }) => [id]);
  }

  /** A page of users in the order of their names. `search` is a part of the name or of the address. */
  async search(tx: Transaction, { search, limit, cursor }: UserSearch): Promise<UserList> {
    const [key, id] = readCursor(cursor, ['text', 'id']) ?? [];
    const after = key !== undefined && id !== undefined ? { key, id } : undefined;
    const rows = await usersByName(tx, { search, after, limit: rowsToFetch(limit) });
    return page(
      rows,
      limit,
      (row) => [row.key, row.id],
      ({ key: _key, ...user }) => user,
    );
  }

  /** The active users who can be the CSM of a subscription, in the order of their names. */
  csms(tx: Transaction): Promise<Pick<UserAnswer, 'id' | 'name' | 'email' | 'role'>[]> {
    return possibleCsms(tx);
  }

  /** Undefined if the user does not exist. */
  async find(tx: Transaction, id: string): Promise<UserAnswer | undefined> {
    return (await findUser(tx, id)) ?? undefined;
  }

  /** The user with an e-mail address, ignoring case, if the user is active. */
  async activeWithEmail(tx: Transaction, email: string): Promise<UserAnswer | undefined> {
    const user = await findUserByEmail(tx, email);
    return user?.active ? user : undefined;
  }

  /** An active user, locked against a deactivation until the end of the transaction. Undefined for everybody else. */
  async holdActive(tx: Transaction, id: string): Promise<UserAnswer | undefined> {
    const user = await holdUser(tx, id);
    return user?.active ? user : undefined;
  }

  /** A user with the rights of this moment, for what runs in the name of the user. Undefined if the user does not exist. */
  async findWithRights(tx: Transaction, id: string): Promise<UserWithRights | undefined> {
    const user = await findUser(tx, id);
    return user ? { ...user, deputyFor: await this.deputies.representedNow(tx, id) } : undefined;
  }

  /** The user who asks. */
  async profile(tx: Transaction, id: string): Promise<MeAnswer> {
    const user = await findUser(tx, id);
    if (!user) throw new Refusal('not-found');
    const { name, email, role, customerId, locale, timeZone, nudges, shortcuts, version } = user;
    const own = { id, name, email, role, customerId, locale, timeZone, nudges, shortcuts, version };
    return { ...own, ...(await this.deputies.around(tx, user)) };
  }

  /**
   * Why a user cannot be a CSM (§13); undefined if the user can. Locks the user's role until the end of the
   * transaction.
   */
  async holdCsm(tx: Transaction, id: string): Promise<'not-a-csm' | 'user-inactive' | undefined> {
    const user = await holdUser(tx, id);
    if (user?.role !== 'csm' && user?.role !== 'admin') return 'not-a-csm';
    return user.active ? undefined : 'user-inactive';
  }

  async read(tx: Transaction, id: string): Promise<UserAnswer> {
    const user = await findUser(tx, id);
    if (!user) throw new Refusal('not-found');
    return user;
  }

  /**
   * A deactivation revokes all tokens of the user and ends all sessions. They stay so when the user becomes active again.
   * @throws Refusal `not-found`, `etag-stale`, `user-owns-subscriptions` on a change of role or customer and on a
   * deactivation, `own-deactivation`, `last-admin`, or the domain's refusals
   */
  async change(tx: Transaction, actor: Actor, id: string, version: number, change: UserChange): Promise<UserAnswer> {
    const user = await lockUser(tx, id);
    if (!user) throw new Refusal('not-found');
    refuseStale(user.version, version);
    const changed: User = { ...user, ...change, version: user.version + 1 };
    if (changed.role !== 'customer' && change.customerId === undefined) changed.customerId = null;
    if (changesNothing(user, changed)) return user;
    refuseWrongCustomer(changed.role, changed.customerId);
    const isDeactivated = user.active && !changed.active;
    if (isDeactivated && id === actor.userId) throw new Refusal('own-deactivation');
    if (isDeactivated || changed.role !== user.role || changed.customerId !== user.customerId) {
      for (const check of this.roleChangeChecks.inOrder()) await check(tx, id);
    }
    if (isActiveAdmin(user) && !isActiveAdmin(changed)) await refuseLastAdmin(tx, id);
    const params = { email: changed.email, id: changed.customerId ?? '' };
    await refuseBroken(updateUser(tx, changed), constraints, params);
    if (isDeactivated) await revokeAllTokens(tx, id, this.clock.now());
    for (const step of this.changeSteps.inOrder()) await step(tx, user, changed);
    tx.afterCommit(() => this.tokens.forget());
    return changed;
  }
}

const isActiveAdmin = ({ role, active }: User): boolean => role === 'admin' && active;

/**
 * Without an administrator, nobody could create one (§14). The lock is taken before the check: if two administrators are demoted or
 * deactivated at the same time, the second transaction sees the result of the first.
 */
async function refuseLastAdmin(tx: Transaction, id: string): Promise<void> {
  await lockDemotions(tx);
  if (!(await hasOtherAdmin(tx, id))) throw new Refusal('last-admin');
}

function refuseWrongCustomer(role: Role, customerId: string | null): void {
  if (role === 'customer' && customerId === null) throw ofCustomer('customer-required');
  if (role !== 'customer' && customerId !== null) throw ofCustomer('customer-not-allowed');
}

const ofCustomer = (code: 'customer-required' | 'customer-not-allowed'): Refusal =>
  refuseByRules([{ code, pointer: '/customerId' }]);
