import { applyDecorators, Controller, createParamDecorator, SetMetadata, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Permission } from '../../domain/access.js';
import { permissionOfRoute } from '../../platform/http/access.decorators.js';
import { normalPathOf } from '../../platform/http/idempotency-key.js';
import { requestOf } from '../../platform/http/request.js';
import { ConsoleInterceptor, opensOwnTransaction, readerOf } from './console.interceptor.js';
import type { PageReader } from './console-page.js';
import { keyOfForm, type KeyOfForm } from './form-key.js';

/** A controller of pages under `/console`. Pages are for people, so the API document does not list them. */
export const ConsoleController = (path: string) =>
  applyDecorators(Controller(`console/${path}`), ApiExcludeController());

/**
 * A page for signed-in users with a permission of domain/access.ts (§13). The handler of a GET returns a `PageResult`, the handler of a
 * form `FormSteps`. With `own-transaction`, the services that the handler calls open their own transactions.
 */
export const ConsolePage = (
  permission: Permission,
  transaction: 'in-transaction' | 'own-transaction' = 'in-transaction',
) =>
  applyDecorators(
    SetMetadata(permissionOfRoute, permission),
    SetMetadata(opensOwnTransaction, transaction === 'own-transaction'),
    UseInterceptors(ConsoleInterceptor),
  );

/** Parameter decorator: the signed-in reader of the page. */
export const Reader = createParamDecorator((_: unknown, context): PageReader => readerOf(requestOf(context)));

/** Parameter decorator: the key of the form; undefined if it was sent without one. */
export const FormKey = createParamDecorator((_: unknown, context): KeyOfForm | undefined => {
  const request = requestOf(context);
  return keyOfForm(request.actor!.userId, normalPathOf(request), request.body);
});
