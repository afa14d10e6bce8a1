import type {} from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/refusals.js';

const minuteMs = 60_000;

/** Counts requests a minute: for each token, and a tenth of that for each address without a valid one. */
export interface RateLimits {
  /** @throws Refusal `too-many-requests` */
  countToken(request: FastifyRequest): Promise<void>;
  /** @throws Refusal `too-many-requests` */
  countAddress(request: FastifyRequest): Promise<void>;
  /** Looks without counting. @throws Refusal `too-many-requests` */
  refuseSpentAddress(request: FastifyRequest): Promise<void>;
}

/** The limits on top of @fastify/rate-limit, which must have been registered; 0 is no limit. */
export function rateLimits(fastify: FastifyInstance, perMinute: number): RateLimits {
  if (perMinute === 0) {
    const none = () => Promise.resolve();
    return { countToken: none, countAddress: none, refuseSpentAddress: none };
  }
  const ofToken = fastify.createRateLimit({
    max: perMinute,
    timeWindow: minuteMs,
    keyGenerator: (request) => `token ${request.actor?.tokenId}`,
  });
  const ofAddress = fastify.createRateLimit({
    max: Math.max(1, Math.floor(perMinute / 10)),
    timeWindow: minuteMs,
    keyGenerator: (request) => `address ${request.clientAddress}`,
  });
  return {
    async countToken(request) {
      const count = await ofToken(request);
      if (!count.isAllowed && count.isExceeded) throw tooMany(count.ttlInSeconds);
    },
    async countAddress(request) {
      const count = await ofAddress(request);
      if (!count.isAllowed && count.isExceeded) throw tooMany(count.ttlInSeconds);
    },
    async refuseSpentAddress(request) {
      const count = await ofAddress(request, { increment: false });
      if (!count.isAllowed && count.remaining === 0) throw tooMany(count.ttlInSeconds);
    },
  };
}

const tooMany = (seconds: number) => new Refusal('too-many-requests', {}, { retryAfterSeconds: Math.max(1, seconds) });
