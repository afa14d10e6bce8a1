import type { FastifyReply, FastifyRequest } from 'fastify';
import { RequestLog } from './logs.js';

const token = 'AaIFZgkAcACAAlkEdLehDYqDPVFwvk4hk5cD';

test.each([
  ['/decline/:token', `/decline/${token}`, '/decline/:token'],
  ['/decline/:token', `/%64ecline/${token}?lang=ja`, '/decline/:token'],
  ['/decline/:token/withdrawal', `/decline/${token}/withdrawal`, '/decline/:token/withdrawal'],
  [undefined, `/decline/${token}/nothing`, '/decline/[removed]/nothing'],
  [undefined, `//decline/${token}`, '//decline/[removed]'],
  [undefined, `/DECLINE/${token}`, '/DECLINE/[removed]'],
  [undefined, `/decline%2F${token}`, '/[removed]'],
  [undefined, `/link/${token}-and-more`, '/link/[removed]'],
  ['/reports/:token', `/reports/${token}`, '/reports/:token'],
  [undefined, `/reports/${token}/nothing`, '/reports/[removed]/nothing'],
  ['/v1/reports/usage-lines', '/v1/reports/usage-lines?from=2026-04-01', '/v1/reports/usage-lines'],
  ['/console/sign-in/:token', `/console/sign-in/${token}?to=/console/today`, '/console/sign-in/:token'],
  [undefined, `/console/sign-in/${token}${token}/nothing`, '/console/sign-in/[removed]/nothing'],
  ['/v1/me', '/v1/me?x=1', '/v1/me'],
])('a request to the route %s with the path %s is logged as %s', (route, url, path) => {
  const lines: object[] = [];
  const log = { info: (line: object) => lines.push(line), error: (line: object) => lines.push(line) };
  const request = { method: 'GET', url, routeOptions: { url: route }, ip: '::1', log } as unknown as FastifyRequest;
  const reply = { statusCode: 200, elapsedTime: 1 } as FastifyReply;
  new RequestLog().requestCompleted(null, request, reply);
  new RequestLog().requestCompleted(new Error('broken'), request, reply);
  expect(lines).toMatchObject([{ path }, { path }]);
  expect(JSON.stringify(lines)).not.toContain(token);
});
