import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import { isId } from './fields.js';
import { check, type DtoClass } from './validation.js';

/**
 * Checks the input of a request: the body against its class, ids in the path for their form. The query has been
 * checked before.
 */
export class RequestPipe implements PipeTransform {
  transform(value: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    if (type === 'param') return checkParam(value, data);
    if (type !== 'body' || !isDto(metatype)) return value;
    const checked = check(metatype, bodyOf(value, metatype));
    if ('value' in checked) return checked.value;
    throw new Refusal('malformed-body', {}, { errors: checked.errors });
  }
}

/** If all fields of a body are optional, a missing body counts as an empty one. */
function bodyOf(value: unknown, dto: DtoClass): unknown {
  return value === undefined && 'value' in check(dto, {}) ? {} : value;
}

/** Whether the type of a parameter is one of our classes with decorators. */
export function isDto(metatype: unknown): metatype is DtoClass {
  return typeof metatype === 'function' && !([String, Number, Boolean, Array, Object] as unknown[]).includes(metatype);
}

/**
 * A malformed id matches no object, so the answer is 404 rather than 400. Every parameter must be text that
 * PostgreSQL can store.
 */
function checkParam(value: unknown, name: string | undefined): unknown {
  if (typeof value !== 'string' || /[\0\p{Cs}]/u.test(value)) throw new Refusal('not-found');
  if (name === undefined || !isIdName(name)) return value;
  const id = value.toLowerCase();
  if (!isId(id)) throw new Refusal('not-found');
  return id;
}

/** Whether a path parameter is an id, in which capital letters do not matter. */
export const isIdName = (name: string): boolean => name === 'id' || name.endsWith('Id');
