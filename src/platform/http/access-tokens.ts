import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { Actor } from '../../domain/access.js';
import { Clock } from '../clock.js';
import { Database } from '../database.js';

/** How long a token is believed without asking the database: another instance may have revoked it. */
const believedMs = 1_000;
const maxTokens = 10_000;

interface KnownToken {
  actor: Actor;
  /** The last day (UTC) on which the token is good; null for ever. */
  expiresOn: Day | null;
  readAtMs: number;
}

/** What is kept of a token: a token is long and random, so one round of SHA-256 is enough. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Knows whose token it is. Bookings come by the thousand, so it asks the database once a second for each token. */
@Injectable()
export class AccessTokens {
  readonly #known = new Map<string, KnownToken>();
  readonly #asked = new Map<string, Promise<KnownToken | undefined>>();
  /** Rises with every `forget`: what was read before it may be out of date. */
  #generation = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * The user behind a token; undefined for one that was never given out, is revoked or has expired. `beforeGuess` runs
   * before the database is asked for a token that has not been good here before.
   */
  async find(token: string, beforeGuess: () => Promise<void>): Promise<Actor | undefined> {
    let found = this.#known.get(token);
    if (!found) await beforeGuess();
    if (!found || performance.now() - found.readAtMs > believedMs) found = await this.#ask(token);
    return found && this.#isGood(found) ? found.actor : undefined;
  }

  /** To be called after the commit of every change of a token or a user. */
  forget(): void {
    this.#generation++;
    this.#known.clear();
    this.#asked.clear();
  }

  #isGood({ expiresOn }: KnownToken): boolean {
    return expiresOn === null || this.clock.now().toISOString().slice(0, 10) <= expiresOn;
  }

  #ask(token: string): Promise<KnownToken | undefined> {
    let answer = this.#asked.get(token);
    if (!answer) {
      answer = this.#read(token).finally(() => {
        if (this.#asked.get(token) === answer) this.#asked.delete(token);
      });
      this.#asked.set(token, answer);
    }
    return answer;
  }

  async #read(token: string): Promise<KnownToken | undefined> {
    const generation = this.#generation;
    const readAtMs = performance.now();
    const [row] = await this.database.read((tx) =>
      tx.prepared<Actor & { expiresOn: Day | null }>(
        'access-token',
        `select u.id as "userId", u.name, u.email, u.role, u.customer_id as "customerId",
                t.id as "tokenId", t.expires_on as "expiresOn"
           from api_tokens t join users u on u.id = t.user_id
          where t.token_hash = $1 and t.revoked_at is null`,
        [tokenHash(token)],
      ),
    );
    if (generation === this.#generation) this.#known.delete(token);
    if (!row) return undefined;
    const { expiresOn, ...actor } = row;
    const found = { actor, expiresOn, readAtMs };
    if (generation === this.#generation) this.#remember(token, found);
    return found;
  }

  /** The token read longest ago leaves first. */
  #remember(token: string, found: KnownToken): void {
    if (this.#known.size >= maxTokens) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(token, found);
  }
}
