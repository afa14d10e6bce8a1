import type { ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../database/transaction.js';
import type { BrowserSession } from './browser-sessions.js';
import type { Turn } from './turn.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The client's address behind trusted proxies; empty after the connection has closed. */
    readonly clientAddress: string;
    /** The user of the request, set during admission. */
    actor: Actor | null;
    /** The session of a page of the console, set during admission. */
    browserSession: BrowserSession | null;
    /** The transaction of the request, set by the transaction interceptor. */
    tx: Transaction | null;
    /** Set for requests that may change something. */
    turn: Turn | null;
  }
}

/**
 * The properties that are added to a request. They are declared up front, so that all requests have one shape for V8.
 */
export const requestProperties = ['actor', 'browserSession', 'tx', 'turn'] as const;

export const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest();

export const replyOf = (context: ExecutionContext): FastifyReply => context.switchToHttp().getResponse();

/** The requested address with its ids, without the query. */
export function pathOf(request: FastifyRequest): string {
  const url = request.url;
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
