import { Injectable } from '@nestjs/common';
import type { SignInLinkKind } from '../../domain/sign-in-link.js';
import type { Transaction } from '../../platform/database/transaction.js';

export interface SignInLink {
  id: string;
  userId: string;
  kind: SignInLinkKind;
  tokenHash: Buffer;
  /** Of the browser that asked for the link; null for an invitation. */
  browserHash: Buffer | null;
  /** The administrator who invited the user; null for a link that a user asked for. */
  invitedBy: string | null;
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | null;
}

const columns = `id, user_id as "userId", kind, token_hash as "tokenHash", browser_hash as "browserHash",
  invited_by as "invitedBy", created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt"`;

/** The first number of the advisory locks on a user's links. Locks of two numbers never meet locks of one number. */
const lockSpace = 1_077;

/** SQL of `sign_in_links`. */
@Injectable()
export class SignInLinkStore {
  /** Makes other requests for links to this user wait until the end of this transaction, so that all are counted. */
  async lockRequests(tx: Transaction, userId: string): Promise<void> {
    await tx.query('select pg_advisory_xact_lock($1::integer, hashtext($2))', [lockSpace, userId]);
  }

  async insert(tx: Transaction, link: Omit<SignInLink, 'usedAt'>): Promise<void> {
    const { id, userId, kind, tokenHash, browserHash, invitedBy, createdAt, expiresAt } = link;
    await tx.query(
      `insert into sign_in_links (id, user_id, kind, token_hash, browser_hash, invited_by, created_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, userId, kind, tokenHash, browserHash, invitedBy, createdAt, expiresAt],
    );
  }

  /** When links to sign in were sent to a user since an instant. */
  async sentSince(tx: Transaction, userId: string, since: Date): Promise<Date[]> {
    const rows = await tx.query<{ at: Date }>(
      `select created_at as at from sign_in_links where user_id = $1 and kind = 'sign-in' and created_at > $2`,
      [userId, since],
    );
    return rows.map(({ at }) => at);
  }

  async find(tx: Transaction, tokenHash: Buffer): Promise<SignInLink | undefined> {
    const [link] = await tx.query<SignInLink>(`select ${columns} from sign_in_links where token_hash = $1`, [
      tokenHash,
    ]);
    return link;
  }

  /** The row is locked until the end of the transaction, so that two browsers cannot use one link. */
  async lock(tx: Transaction, tokenHash: Buffer): Promise<SignInLink | undefined> {
    const [link] = await tx.query<SignInLink>(
      `select ${columns} from sign_in_links where token_hash = $1 for no key update`,
      [tokenHash],
    );
    return link;
  }

  async use(tx: Transaction, id: string, now: Date): Promise<void> {
    await tx.query('update sign_in_links set used_at = greatest($2, created_at) where id = $1', [id, now]);
  }

  /** The invitations of these users that still work: at most one of each. */
  openInvitations(tx: Transaction, userIds: readonly string[], now: Date): Promise<SignInLink[]> {
    return tx.query(
      `select distinct on (user_id) ${columns} from sign_in_links
        where user_id = any($1::uuid[]) and kind = 'invitation' and used_at is null and expires_at > $2
        order by user_id, created_at desc`,
      [userIds, now],
    );
  }

  /** Deletes the unused links of a user, of one kind or of both: they sign in no more. */
  async forgetUnused(tx: Transaction, userId: string, kind: SignInLinkKind | null): Promise<void> {
    await tx.query(
      'delete from sign_in_links where user_id = $1 and used_at is null and ($2::text is null or kind = $2)',
      [userId, kind],
    );
  }

  /** Deletes up to `most` links that expired before an instant; returns how many. */
  async forgetExpired(tx: Transaction, before: Date, most: number): Promise<number> {
    const gone = await tx.query(
      `delete from sign_in_links where id = any(array(
         select id from sign_in_links where expires_at < $1 order by expires_at limit $2)) returning 1`,
      [before, most],
    );
    return gone.length;
  }
}
