import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { Refusal } from '../../domain/refusal.js';
import { requestOf } from './request.js';
import { check, NoFields } from './validation.js';

/**
 * For a route without a body. `{}` counts as no body; any field is an unknown field, as on all routes.
 * @throws Refusal `malformed-body`
 */
export function refuseUnwantedBody(context: ExecutionContext): void {
  const { body } = requestOf(context);
  if (body === undefined || body === null || takesBody(context)) return;
  const checked = check(NoFields, body);
  if ('errors' in checked) throw new Refusal('malformed-body', {}, checked);
}

function takesBody(context: ExecutionContext): boolean {
  const parameters: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name);
  return Object.keys(parameters ?? {}).some((key) => key.startsWith(`${RouteParamtypes.BODY}:`));
}
