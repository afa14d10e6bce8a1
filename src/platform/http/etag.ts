import { isDeepStrictEqual } from 'node:util';
import { createParamDecorator } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { Refusal } from '../../domain/refusal.js';
import { requestOf } from './request.js';

/** A version that no object ever has. It stands for an `If-Match` that is not one of our strong tags. */
const noVersion = -1;

/** The ETag of a response: the version of the object in it. */
export const etagOf = (version: number): string => `"${version}"`;

/**
 * The version that `If-Match` names. A weak or foreign tag matches nothing (RFC 9110 §13.1.1). Of a list, the newest
 * version counts. `*` is not enough, because it does not name a version that the caller has read.
 * @throws Refusal `etag-required`
 */
function versionWanted(ifMatch: string | undefined): number {
  if (ifMatch === undefined || ifMatch.trim() === '' || ifMatch.trim() === '*') throw new Refusal('etag-required');
  const versions = ifMatch.split(',').map((tag) => Number(/^\s*"(\d{1,10})"\s*$/.exec(tag)?.[1] ?? noVersion));
  return Math.max(...versions);
}

const VersionWanted = createParamDecorator((_: unknown, context): number =>
  versionWanted(requestOf(context).headers['if-match']),
);

const ifMatchHeader = {
  name: 'If-Match',
  required: true,
  description: 'The `ETag` of the object as you have read it.',
};

/** Parameter decorator: the version from `If-Match`, which the caller has read and wants to change. */
export const IfMatch = (): ParameterDecorator => (controller, method, index) => {
  VersionWanted()(controller, method, index);
  ApiHeader(ifMatchHeader)(controller, method!, Object.getOwnPropertyDescriptor(controller, method!)!);
};

/**
 * Compares versions. Call it under the lock of the row.
 * @throws Refusal `etag-stale`
 */
export function refuseStale(version: number, wanted: number): void {
  if (version !== wanted) throw new Refusal('etag-stale');
}

/**
 * Whether a change leaves everything but the version unchanged. Then nothing is written and the ETag stays, so that
 * it remains valid for other readers. Both are compared as JSON, because rows and bodies differ in class and in the
 * order of keys.
 */
export function changesNothing<Kept extends object>(kept: Kept, changed: Kept): boolean {
  return isDeepStrictEqual(asJson(kept), asJson(changed));
}

const asJson = (value: object): unknown => JSON.parse(JSON.stringify({ ...value, version: undefined }));
