import type { ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../domain/access.js';
import type { Transaction } from '../database/database.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The client's address, behind trusted proxies; empty once the connection is closed. */
    readonly clientAddress: string;
    /** Who asks; set by the authentication guard. */
    actor: Actor | null;
    /** The transaction of the request; set by the transaction interceptor. */
    tx: Transaction | null;
  }
}

/** The properties that a request is given on its way, so that all requests have one shape. */
export const requestProperties = ['actor', 'tx'] as const;

export const requestOf = (context: ExecutionContext): FastifyRequest => context.switchToHttp().getRequest();

export const replyOf = (context: ExecutionContext): FastifyReply => context.switchToHttp().getResponse();

/** The address as it was asked for, ids and all, without the query. */
export function pathOf(request: FastifyRequest): string {
  const url = request.url;
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
