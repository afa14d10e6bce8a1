import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Refusal } from '../../domain/refusal.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { problemOf } from './problems.js';

const byCode: Readonly<Record<string, RefusalCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
};

/**
 * For Fastify's `clientErrorHandler`: answers requests that Node's parser refuses, before there is a request for a
 * filter.
 */
export const unreadableRequests =
  (headers: Readonly<Record<string, string>>) =>
  (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy(error);
      return;
    }
    const problem = problemOf(new Refusal(byCode[error.code ?? ''] ?? 'malformed-request'), 'en');
    const body = JSON.stringify(problem);
    // Otherwise the client could keep its half of the connection open.
    socket.once('finish', () => socket.destroy());
    socket.end(
      [
        `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
        'content-type: application/problem+json; charset=utf-8',
        `content-length: ${Buffer.byteLength(body)}`,
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  };
