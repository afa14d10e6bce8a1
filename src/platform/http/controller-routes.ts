import { RequestMethod, type INestApplicationContext } from '@nestjs/common';
import { METHOD_METADATA, PARAMTYPES_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { Permission } from '../../domain/access.js';
import type { RefusalCode } from '../../domain/refusals.js';
import { permissionOfRoute, publicRoute, queryOfRoute, refusalsOfRoute, rowsOfRoute } from './access.decorators.js';
import { isDto } from './request.pipe.js';
import { compile, type DtoClass } from './validation.js';

/** What the decorators of a controller method say about its route. */
export interface ControllerRoute {
  /** `Controller.method`, for messages. */
  name: string;
  method: string;
  /** E.g. `/v1/customers/:id`. */
  path: string;
  permission: Permission | undefined;
  isPublic: boolean;
  /** The field of the body whose rows count towards the limit of the user. */
  rowsIn: string | undefined;
  /** The refusals that `@Refuses()` names. */
  refusals: readonly RefusalCode[];
  /** The class of the query; undefined if the route takes no query. */
  query: DtoClass | undefined;
  /** The types of its `@Body()` and `@Query()` parameters. */
  inputs: { name: string; type: unknown }[];
}

/** All routes of all controllers. */
export function controllerRoutes(app: INestApplicationContext): ControllerRoute[] {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => routesOf(metatype as DtoClass));
}

function routesOf(controller: DtoClass): ControllerRoute[] {
  const prototype = controller.prototype as Record<string, object>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name]!;
    const paths = Reflect.getMetadata(PATH_METADATA, handler) as string | string[] | undefined;
    if (paths === undefined) return [];
    const root = [Reflect.getMetadata(PATH_METADATA, controller) as string | string[]].flat()[0] ?? '';
    const inputs = inputsOf(controller, name);
    return [paths].flat().map((path) => ({
      name: `${controller.name}.${name}`,
      method: RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod],
      path: `/${[...root.split('/'), ...path.split('/')].filter((part) => part !== '').join('/')}`,
      permission: Reflect.getMetadata(permissionOfRoute, handler) as Permission | undefined,
      isPublic: Reflect.getMetadata(publicRoute, handler) === true,
      rowsIn: Reflect.getMetadata(rowsOfRoute, handler) as string | undefined,
      refusals: (Reflect.getMetadata(refusalsOfRoute, handler) ?? []) as readonly RefusalCode[],
      query: (inputs.find((input) => input.name === '@Query()')?.type ?? Reflect.getMetadata(queryOfRoute, handler)) as
        DtoClass | undefined,
      inputs,
    }));
  });
}

function inputsOf(controller: DtoClass, method: string): ControllerRoute['inputs'] {
  const types = (Reflect.getMetadata(PARAMTYPES_METADATA, controller.prototype as object, method) ?? []) as unknown[];
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Record<
    string,
    { index: number }
  >;
  return Object.entries(parameters).flatMap(([key, { index }]) => {
    const kind = Number(key.split(':')[0]) as RouteParamtypes;
    if (kind !== RouteParamtypes.BODY && kind !== RouteParamtypes.QUERY) return [];
    return [{ name: kind === RouteParamtypes.BODY ? '@Body()' : '@Query()', type: types[index] }];
  });
}

/** Fails the start if a route does not say who may use it, or if its input cannot be checked. */
export function refuseCarelessRoutes(routes: readonly ControllerRoute[]): void {
  for (const { name, permission, isPublic, inputs } of routes) {
    if (!permission && !isPublic) throw new Error(`${name}: a route needs @Allow(permission) or @Public()`);
    for (const input of inputs) {
      if (!isDto(input.type)) throw new Error(`${name}: ${input.name} needs a class, imported as a value, as its type`);
      if (compile(input.type).properties.length === 0)
        throw new Error(`${name}: ${input.name} has a class without decorators`);
    }
  }
}
