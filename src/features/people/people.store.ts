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
