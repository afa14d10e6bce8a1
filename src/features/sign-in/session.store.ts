import { Injectable } from '@nestjs/common';
import type { SessionTimes } from '../../domain/browser-session.js';
import type { Transaction } from '../../platform/database/transaction.js';

/** How a session began. */
export type OpenedWith = 'link' | 'invitation' | 'token';

export interface NewSession {
  id: string;
  userId: string;
  tokenHash: Buffer;
  openedWith: OpenedWith;
  createdAt: Date;
  address: string;
  userAgent: string | null;
}

export interface StoredSession extends SessionTimes {
  id: string;
  userId: string;
  openedWith: OpenedWith;
  address: string;
  userAgent: string | null;
}

const ends = 'update sessions set ended_at = greatest($1, created_at) where ended_at is null';

/** SQL of `sessions`. `BrowserSessions` reads them with each request, and notes that they were used. */
@Injectable()
export class SessionStore {
  async insert(tx: Transaction, session: NewSession): Promise<void> {
    const { id, userId, tokenHash, openedWith, createdAt, address, userAgent } = session;
    await tx.query(
      `insert into sessions (id, user_id, token_hash, opened_with, created_at, last_seen_at, address, user_agent)
       values ($1, $2, $3, $4, $5, $5, $6, $7)`,
      [id, userId, tokenHash, openedWith, createdAt, address, userAgent],
    );
  }

  /** The sessions of a user that have not ended, the last one seen first. Those that are too old are among them. */
  notEnded(tx: Transaction, userId: string): Promise<StoredSession[]> {
    return tx.query(
      `select id, user_id as "userId", opened_with as "openedWith", created_at as "createdAt",
              last_seen_at as "lastSeenAt", ended_at as "endedAt", address, user_agent as "userAgent"
         from sessions where user_id = $1 and ended_at is null order by last_seen_at desc, id desc`,
      [userId],
    );
  }

  /** When each of these users was last seen in the console. Users who never signed in are missing. */
  async lastSeen(tx: Transaction, userIds: readonly string[]): Promise<Map<string, Date>> {
    const rows = await tx.query<{ userId: string; at: Date }>(
      `select user_id as "userId", max(last_seen_at) as at from sessions where user_id = any($1::uuid[]) group by user_id`,
      [userIds],
    );
    return new Map(rows.map(({ userId, at }) => [userId, at]));
  }

  /** Ends a session, of the given user or of anybody. Returns false if no live session has this id. */
  async end(tx: Transaction, id: string, userId: string | undefined, now: Date): Promise<boolean> {
    const ended = await tx.query(`${ends} and id = $2 and ($3::uuid is null or user_id = $3) returning id`, [
      now,
      id,
      userId ?? null,
    ]);
    return ended.length > 0;
  }

  /** Ends every session of a user but one. Returns how many. */
  async endAll(tx: Transaction, userId: string, exceptId: string | null, now: Date): Promise<number> {
    const ended = await tx.query(`${ends} and user_id = $2 and id is distinct from $3 returning id`, [
      now,
      userId,
      exceptId,
    ]);
    return ended.length;
  }

  async endByToken(tx: Transaction, tokenHash: Buffer, now: Date): Promise<void> {
    await tx.query(`${ends} and token_hash = $2`, [now, tokenHash]);
  }

  /** Deletes up to `most` sessions that began before an instant; returns how many. */
  async forgetBefore(tx: Transaction, instant: Date, most: number): Promise<number> {
    const gone = await tx.query(
      `delete from sessions where id = any(array(
         select id from sessions where created_at < $1 order by created_at limit $2)) returning 1`,
      [instant, most],
    );
    return gone.length;
  }
}
