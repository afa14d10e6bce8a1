import type { Transaction } from '../../platform/database/transaction.js';
import { ApiToken } from './api-token.entity.js';
import { User } from './user.entity.js';

export async function insertUser(tx: Transaction, user: User): Promise<void> {
  await tx.manager.insert(User, user);
}

export function findUser(tx: Transaction, id: string): Promise<User | null> {
  return tx.manager.findOneBy(User, { id });
}

/** The user with an e-mail address, ignoring case. */
export function findUserByEmail(tx: Transaction, email: string): Promise<User | null> {
  return tx.manager.createQueryBuilder(User, 'u').where('lower(u.email) = lower(:email)', { email }).getOne();
}

export function lockUser(tx: Transaction, id: string): Promise<User | null> {
  return tx.manager.findOne(User, { where: { id }, lock: { mode: 'for_no_key_update' } });
}

/** Returns the user and locks the role until the end of the transaction. */
export function holdUser(tx: Transaction, id: string): Promise<User | null> {
  return tx.manager.findOne(User, { where: { id }, lock: { mode: 'pessimistic_read' } });
}

/** Makes other demotions and deactivations of administrators wait until the end of this transaction. */
export async function lockDemotions(tx: Transaction): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [demotionLockKey]);
}
const demotionLockKey = 7_277_002;

/** Whether another active user has the role admin. */
export async function hasOtherAdmin(tx: Transaction, id: string): Promise<boolean> {
  const others = await tx.query(`select 1 from users where role = 'admin' and active and id <> $1 limit 1`, [id]);
  return others.length > 0;
}

export async function updateUser(tx: Transaction, { id, ...user }: User): Promise<void> {
  await tx.manager.update(User, { id }, user);
}

/** Users in the order of creation, after `afterId`. */
export function usersAfter(tx: Transaction, afterId: string | undefined, limit: number): Promise<User[]> {
  const users = tx.manager.createQueryBuilder(User, 'u').orderBy('u.id').limit(limit);
  return (afterId === undefined ? users : users.where('u.id > :afterId', { afterId })).getMany();
}

/** The last user of a page, in the order of the names. */
export interface UserPlace {
  key: string;
  id: string;
}

/** Users in the order of their names, after a place. `search` is a part of the name or of the address. */
export function usersByName(
  tx: Transaction,
  { search, after, limit }: { search?: string; after?: UserPlace; limit: number },
): Promise<(User & { key: string })[]> {
  return tx.query(
    `select u.id, u.name, u.email, u.role, u.customer_id as "customerId", u.locale, u.time_zone as "timeZone", u.nudges, u.shortcuts,
            u.active, u.version, u.created_at as "createdAt", k.key
       from users u cross join lateral (select left(lower(u.name), 100) collate "C" as key) k
      where ($1::text is null or position(lower($1) in lower(u.name)) > 0 or position(lower($1) in lower(u.email)) > 0)
        and ($2::text is null or (k.key, u.id) > ($2 collate "C", $3::uuid))
      order by k.key, u.id limit $4`,
    [search ?? null, after?.key ?? null, after?.id ?? null, limit],
  );
}

/** The active users who can own subscriptions, in the order of their names. */
export function possibleCsms(tx: Transaction): Promise<Pick<User, 'id' | 'name' | 'email' | 'role'>[]> {
  return tx.query(
    `select id, name, email, role from users where active and role in ('csm', 'admin') order by lower(name) collate "C", id`,
  );
}

export async function insertToken(tx: Transaction, token: ApiToken): Promise<void> {
  await tx.manager.insert(ApiToken, token);
}

/** A user's tokens, without revoked ones. */
export function tokensAfter(
  tx: Transaction,
  userId: string,
  afterId: string | undefined,
  limit: number,
): Promise<ApiToken[]> {
  const tokens = tx.manager
    .createQueryBuilder(ApiToken, 't')
    .where('t.userId = :userId and t.revokedAt is null', { userId })
    .orderBy('t.id')
    .limit(limit);
  return (afterId === undefined ? tokens : tokens.andWhere('t.id > :afterId', { afterId })).getMany();
}

/** Revokes a token, of the given user or of anybody. Returns false if no valid token has this id. */
export async function revokeToken(
  tx: Transaction,
  id: string,
  userId: string | undefined,
  now: Date,
): Promise<boolean> {
  const revoked = await tx.query(
    `update api_tokens set revoked_at = $3
      where id = $1 and ($2::uuid is null or user_id = $2) and revoked_at is null returning id`,
    [id, userId ?? null, now],
  );
  return revoked.length > 0;
}

/** Revokes every valid token of a user. */
export async function revokeAllTokens(tx: Transaction, userId: string, now: Date): Promise<void> {
  await tx.query('update api_tokens set revoked_at = $2 where user_id = $1 and revoked_at is null', [userId, now]);
}
