import { Injectable } from '@nestjs/common';
import type { Actor } from '../../domain/access.js';
import { isLive, isNoted, type SessionTimes } from '../../domain/browser-session.js';
import type { Language } from '../../domain/language.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { tokenHash } from './access-tokens.js';
import { earliestDay, representedAt, representedBy, type RepresentedDays } from './represented-csms.js';

/** The session of a page: the user, with the settings that decide how a page looks. */
export interface BrowserSession {
  actor: Actor;
  sessionId: string;
  /** Null: the language of the browser. */
  locale: Language | null;
  /** Null: the zone of the house. */
  timeZone: string | null;
  /** Whether single keys are shortcuts. */
  shortcuts: boolean;
}

type SessionRow = Omit<BrowserSession, 'actor'> &
  SessionTimes &
  Omit<Actor, 'deputyFor' | 'tokenId'> & { represented: readonly RepresentedDays[] };

/**
 * Finds the user of a session in the console. It asks the database with each request and remembers nothing: so a session that has ended,
 * or whose user is inactive, is over at once on every instance. Requests with tokens are many (`AccessTokens`); a
 * page is requested by a person.
 */
@Injectable()
export class BrowserSessions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
  ) {}

  /**
   * The session of a token, and notes that it was used. Undefined if the token was never issued, the session has ended or is too old or
   * idle for too long, or the user is inactive.
   */
  async find(token: string): Promise<BrowserSession | undefined> {
    const now = this.clock.now();
    const row = await this.#read(token, now);
    if (!row || !isLive(row, now)) return undefined;
    if (isNoted(row, now)) await this.#note(row.sessionId, now);
    const { sessionId, locale, timeZone, shortcuts, userId, name, email, role, customerId, represented } = row;
    const deputyFor = representedAt(represented, this.rules.houseTimeZone, now);
    const actor = { userId, name, email, role, customerId, deputyFor, tokenId: null };
    return { actor, sessionId, locale, timeZone, shortcuts };
  }

  async #read(token: string, now: Date): Promise<SessionRow | undefined> {
    const [row] = await this.database.read((tx) =>
      tx.prepared<SessionRow>(
        'browser-session',
        `select s.id as "sessionId", s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.ended_at as "endedAt",
                u.id as "userId", u.name, u.email, u.role, u.customer_id as "customerId",
                u.locale, u.time_zone as "timeZone", u.shortcuts, ${representedBy('u.id', '$2')} as represented
           from sessions s join users u on u.id = s.user_id
          where s.token_hash = $1 and u.active`,
        [tokenHash(token), earliestDay(now)],
      ),
    );
    return row;
  }

  /** Another request may have noted a later moment, or ended the session. */
  async #note(sessionId: string, now: Date): Promise<void> {
    await this.database.write((tx) =>
      tx.prepared(
        'browser-session-seen',
        'update sessions set last_seen_at = $2 where id = $1 and last_seen_at < $2 and ended_at is null',
        [sessionId, now],
      ),
    );
  }
}
