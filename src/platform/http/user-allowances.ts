import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../settings/config.js';
import { Database } from '../database/database.js';
import type { Transaction } from '../database/transaction.js';

/** The requests that a user may still send in this minute, as far as this instance knows. */
export interface Allowance {
  isGranted: boolean;
  remaining: number;
  /** Until the next minute. */
  resetSeconds: number;
}

/** The part of a user's minute that this instance has leased. */
interface LeasedMinute {
  /** The minute by the database's clock; undefined before the first lease. */
  startedAt?: number;
  /** By `performance.now()`. */
  endsAtMs: number;
  left: number;
  /** The part that no instance had leased at the last query. Others may have leased it since. */
  unleased: number;
}

interface Lease {
  granted: number;
  unleased: number;
  startedAt: number;
  seconds: number;
}

/** The approximate number of leases that one busy instance takes for a user's minute. */
const leasesOfMinute = 20;

/** A slow database must not delay requests longer than this. */
const patienceMs = 1_000;

/**
 * Counts requests per user: one limit a minute over all tokens and instances. An instance leases parts of the minute
 * from the database, so that all leases together never exceed the limit, and counts most requests in memory. While
 * the database does not answer, each instance counts alone. A shared store of @fastify/rate-limit would be written once for each
 * request; leases take about 20 writes for each user, instance and minute.
 */
@Injectable()
export class UserAllowances {
  readonly #logger = new Logger('RateLimit');
  readonly #minutes = new Map<string, LeasedMinute>();
  readonly #leasing = new Map<string, Promise<void>>();
  readonly #perMinute: number;

  constructor(
    private readonly database: Database,
    config: Config,
  ) {
    this.#perMinute = config.rateLimitPerMinute;
  }

  /** Takes `wanted` from the user's minute, or nothing if less is left. */
  async spend(userId: string, wanted: number): Promise<Allowance> {
    for (;;) {
      const minute = this.#minuteOf(userId);
      const isGranted = minute.left >= wanted;
      if (isGranted || minute.left + minute.unleased < wanted) {
        if (isGranted) minute.left -= wanted;
        const resetSeconds = Math.max(1, Math.ceil((minute.endsAtMs - performance.now()) / 1000));
        return { isGranted, remaining: minute.left + minute.unleased, resetSeconds };
      }
      await this.#leaseOnce(userId, minute, wanted - minute.left);
    }
  }

  #minuteOf(userId: string): LeasedMinute {
    const known = this.#minutes.get(userId);
    if (known && performance.now() < known.endsAtMs) return known;
    const fresh: LeasedMinute = { endsAtMs: performance.now() + 60_000, left: 0, unleased: this.#perMinute };
    this.#minutes.set(userId, fresh);
    return fresh;
  }

  /** Other requests of the user wait for the same lease, then check again. */
  #leaseOnce(userId: string, minute: LeasedMinute, least: number): Promise<void> {
    const begun = this.#leasing.get(userId);
    if (begun) return begun;
    const leased = this.#lease(userId, minute, least).finally(() => this.#leasing.delete(userId));
    this.#leasing.set(userId, leased);
    return leased;
  }

  async #lease(userId: string, minute: LeasedMinute, least: number): Promise<void> {
    const part = Math.max(1, Math.ceil(this.#perMinute / leasesOfMinute), least);
    const over = new AbortController();
    const asked = this.database.write((tx) => lease(tx, userId, part, this.#perMinute));
    const tooLate = pause(patienceMs, undefined, { signal: over.signal, ref: false });
    try {
      const given = await Promise.race([asked, tooLate]);
      if (!given) throw new Error(`The database did not answer within ${patienceMs} ms`);
      // A rest of a minute does not carry over into the next one.
      if (minute.startedAt !== given.startedAt) minute.left = 0;
      minute.startedAt = given.startedAt;
      minute.left += given.granted;
      minute.unleased = given.unleased;
      minute.endsAtMs = performance.now() + given.seconds * 1000;
    } catch (error) {
      this.#logger.warn(`Requests are counted by this instance alone: ${(error as Error).message}`);
      const granted = Math.min(part, minute.unleased);
      minute.left += granted;
      minute.unleased -= granted;
    } finally {
      over.abort();
      asked.catch(() => undefined);
      tooLate.catch(() => undefined);
    }
  }
}

/** Leases up to `part` of the rest of the minute, by the database's clock. */
async function lease(tx: Transaction, userId: string, part: number, perMinute: number): Promise<Lease> {
  // A lease that waited for another one may belong to the previous minute. It counts for the later one.
  const [row] = await tx.prepared<Lease>(
    'request-allowance',
    `insert into request_allowances as a (user_id, minute, leased, granted)
     values ($1, date_trunc('minute', clock_timestamp()), least($2::integer, $3::integer), least($2, $3))
     on conflict (user_id) do update set (minute, leased, granted) = (
       select case when goes_on then a.minute else excluded.minute end,
              case when goes_on then a.leased + part else excluded.leased end,
              case when goes_on then part else excluded.granted end
         from (select a.minute between excluded.minute and excluded.minute + interval '1 minute' as goes_on,
                      least(excluded.granted, greatest(0, $3 - a.leased)) as part) as this)
     returning granted, greatest(0, $3 - leased) as unleased,
       extract(epoch from minute)::double precision as "startedAt",
       greatest(0, extract(epoch from minute + interval '1 minute' - clock_timestamp())::double precision) as seconds`,
    [userId, part, perMinute],
  );
  return row!;
}

/** Deletes up to `most` leases of past minutes; returns their number. */
export async function forgetAllowances(tx: Transaction, most: number): Promise<number> {
  // The outer condition checks the minute again: the user may lease anew between the two steps.
  const gone = await tx.query(
    `with past as (select clock_timestamp() - interval '1 day' as minute)
     delete from request_allowances a using past where a.minute < past.minute and a.user_id = any(array(
       select b.user_id from request_allowances b where b.minute < (select minute from past) limit $1)) returning 1`,
    [most],
  );
  return gone.length;
}
