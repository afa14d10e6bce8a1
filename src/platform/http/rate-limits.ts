import type {} from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/refusal.js';
import type { UserAllowances } from './user-allowances.js';

const minuteMs = 60_000;

/**
 * Health checks are counted apart: other clients behind a load balancer's address must not make the service look ill. The forms with
 * which people sign in are counted apart, too.
 */
export type AddressCount = 'health' | 'sign-in' | 'other';

/** How often one address may sign in, or ask for a link. Enough for an office behind one address; too few to mail many strangers. */
const signIns = { max: 60, timeWindow: 15 * minuteMs };

/** Counts requests per minute for each user, and for each address without a valid token, which gets a tenth. */
export interface RateLimits {
  /** @throws Refusal `too-many-requests` */
  countUser(userId: string, reply: FastifyReply): Promise<void>;
  /**
   * Counts the rows of a request except the first, which was counted with the request. A batch larger than the limit
   * uses a whole minute.
   * @throws Refusal `too-many-requests`
   */
  countRows(userId: string, rows: number, reply: FastifyReply): Promise<void>;
  /** @throws Refusal `too-many-requests` */
  countAddress(request: FastifyRequest, reply: FastifyReply, count?: AddressCount): Promise<void>;
}

/**
 * The limits per user and, based on @fastify/rate-limit, per address. That plugin must be registered before. 0 means
 * no limit.
 */
export function rateLimits(fastify: FastifyInstance, users: UserAllowances, perMinute: number): RateLimits {
  if (perMinute === 0) {
    const none = () => Promise.resolve();
    return { countUser: none, countRows: none, countAddress: none };
  }
  const ofAddress = Math.max(1, Math.floor(perMinute / 10));
  const counter = (count: AddressCount, { max, timeWindow } = { max: ofAddress, timeWindow: minuteMs }) =>
    fastify.createRateLimit({
      max,
      timeWindow,
      keyGenerator: (request) => `${count} ${request.clientAddress}`,
    });
  const counters = { health: counter('health'), 'sign-in': counter('sign-in', signIns), other: counter('other') };
  const spend = async (userId: string, cost: number, reply: FastifyReply): Promise<void> => {
    const { isGranted, remaining, resetSeconds } = await users.spend(userId, cost);
    say(reply, perMinute, remaining, resetSeconds);
    if (!isGranted) throw tooMany(resetSeconds);
  };
  return {
    countUser: (userId, reply) => spend(userId, 1, reply),
    countRows: (userId, rows, reply) => spend(userId, Math.min(rows, perMinute) - 1, reply),
    async countAddress(request, reply, count = 'other') {
      const counted = await counters[count](request);
      if (counted.isAllowed) return;
      const seconds = Math.max(1, counted.ttlInSeconds);
      say(reply, counted.max, counted.remaining, seconds);
      if (counted.isExceeded) throw tooMany(seconds);
    },
  };
}

function say(reply: FastifyReply, limit: number, remaining: number, resetSeconds: number): void {
  reply
    .header('ratelimit-limit', limit)
    .header('ratelimit-remaining', remaining)
    .header('ratelimit-reset', resetSeconds);
}

const tooMany = (seconds: number) => new Refusal('too-many-requests', {}, { retryAfterSeconds: seconds });
