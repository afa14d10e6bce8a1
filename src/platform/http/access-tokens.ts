import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Day } from '../../domain/calendar.js';
import type { Actor } from '../../domain/access.js';
import { ServiceRules } from '../../domain/service-rules.js';
import { Memo } from '../../domain/memo.js';
import { Clock } from '../clock.js';
import { Database } from '../database/database.js';
import { earliestDay, representedAt, representedBy, type RepresentedDays } from './represented-csms.js';

/** How long a token is trusted without asking the database, if a notification gets lost. */
const believedMs = 1_000;

interface KnownToken {
  actor: Actor;
  /** The last day (UTC) on which the token is valid; null if it never expires. */
  expiresOn: Day | null;
  /** The CSMs whose deputy the user is, with days that are not over. Nearly always empty. */
  represented: readonly RepresentedDays[];
  readAtMs: number;
}

/** The stored form of a token. A token is long and random, so one round of SHA-256 is enough. */
export const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The channel on which triggers of `api_tokens`, `users` and `deputies` notify changes. */
const accessChanged = 'access_changed';

/** Requests that wait for the same database lookup of a token. */
interface Question {
  answer: Promise<KnownToken | undefined>;
  resolve: (found: KnownToken | undefined) => void;
  reject: (error: unknown) => void;
}

/**
 * Finds the user of a token. It asks the database once a second for each token, because bookings come by the
 * thousand, and forgets a token at once when an instance changes a token or a user. All waiting tokens are looked up
 * in one query, one query at a time: so guessed tokens use one connection and do not delay requests with valid
 * tokens.
 */
@Injectable()
export class AccessTokens implements OnApplicationBootstrap {
  readonly #known = new Memo<KnownToken>(5_000);
  #waiting = new Map<string, Question>();
  #isAsking = false;
  /** Rises with every `forget`. A lookup that started before may be out of date. */
  #generation = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly rules: ServiceRules,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.listen(accessChanged, () => this.forget());
  }

  /** The user of a token; undefined if the token was never issued, is revoked or has expired, or the user is inactive. */
  async find(token: string): Promise<Actor | undefined> {
    let found = this.#known.get(token);
    if (!found || performance.now() - found.readAtMs > believedMs) found = await this.#ask(token);
    if (!found || !this.#isGood(found)) return undefined;
    return found.represented.length === 0 ? found.actor : this.#asDeputy(found);
  }

  /**
   * Call it after the commit of every change of a token or a user. The notification may arrive later than the
   * response.
   */
  forget(): void {
    this.#generation++;
    this.#known.clear();
  }

  #isGood({ expiresOn }: KnownToken): boolean {
    return expiresOn === null || this.clock.now().toISOString().slice(0, 10) <= expiresOn;
  }

  #asDeputy({ actor, represented }: KnownToken): Actor {
    return { ...actor, deputyFor: representedAt(represented, this.rules.houseTimeZone, this.clock.now()) };
  }

  #ask(token: string): Promise<KnownToken | undefined> {
    const asked = this.#waiting.get(token);
    if (asked) return asked.answer;
    let resolve!: Question['resolve'];
    let reject!: Question['reject'];
    const answer = new Promise<KnownToken | undefined>((...settle) => ([resolve, reject] = settle));
    this.#waiting.set(token, { answer, resolve, reject });
    if (!this.#isAsking) void this.#askForAll();
    return answer;
  }

  async #askForAll(): Promise<void> {
    this.#isAsking = true;
    while (this.#waiting.size > 0) {
      const questions = this.#waiting;
      this.#waiting = new Map();
      try {
        const found = await this.#read([...questions.keys()]);
        for (const [token, { resolve }] of questions) resolve(found.get(token));
      } catch (error) {
        for (const { reject } of questions.values()) reject(error);
      }
    }
    this.#isAsking = false;
  }

  async #read(tokens: readonly string[]): Promise<Map<string, KnownToken>> {
    const generation = this.#generation;
    const readAtMs = performance.now();
    const hashes = new Map(tokens.map((token) => [tokenHash(token).toString('hex'), token]));
    const rows = await this.database.read((tx) =>
      tx.prepared<Omit<Actor, 'deputyFor'> & Pick<KnownToken, 'expiresOn' | 'represented'> & { hash: string }>(
        'access-tokens',
        `select encode(t.token_hash, 'hex') as hash, u.id as "userId", u.name, u.email, u.role,
                u.customer_id as "customerId", t.id as "tokenId", t.expires_on as "expiresOn",
                ${representedBy('u.id', '$2')} as represented
           from api_tokens t join users u on u.id = t.user_id
          where t.token_hash = any(select decode(hash, 'hex') from unnest($1::text[]) as hash) and t.revoked_at is null and u.active`,
        [[...hashes.keys()], earliestDay(this.clock.now())],
      ),
    );
    const found = new Map(
      rows.map(({ hash, expiresOn, represented, ...user }) => [
        hashes.get(hash)!,
        { actor: { ...user, deputyFor: [] }, expiresOn, represented, readAtMs },
      ]),
    );
    if (generation !== this.#generation) return found;
    for (const token of tokens) this.#known.delete(token);
    for (const [token, known] of found) this.#known.set(token, known);
    return found;
  }
}
