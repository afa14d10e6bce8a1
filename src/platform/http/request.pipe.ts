import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { Refusal } from '../../domain/refusal.js';
import { isId } from './fields.js';
import { check, type DtoClass } from './validation.js';

/** Checks what a request brings: bodies against their class, ids in the path for their form. The query has been read by then. */
export class RequestPipe implements PipeTransform {
  transform(value: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    if (type === 'param') return checkParam(value, data);
    if (type !== 'body' || !isDto(metatype)) return value;
    const checked = check(metatype, bodyOf(value, metatype));
    if ('value' in checked) return checked.value;
    throw new Refusal('malformed-body', {}, { errors: checked.errors });
  }
}

/** Where every field of a body is optional, no body is an empty one. */
function bodyOf(value: unknown, dto: DtoClass): unknown {
  return value === undefined && 'value' in check(dto, {}) ? {} : value;
}

/** Whether the type of a parameter is a class of ours whose decorators can be read. */
export function isDto(metatype: unknown): metatype is DtoClass {
  return typeof metatype === 'function' && !([String, Number, Boolean, Array, Object] as unknown[]).includes(metatype);
}

/** What is no id names nothing, so it is missing rather than malformed. Whatever its name, a parameter holds storable text. */
function checkParam(value: unknown, name: string | undefined): unknown {
  if (typeof value !== 'string' || /[\0\p{Cs}]/u.test(value)) throw new Refusal('not-found');
  if (name === undefined || !isIdName(name)) return value;
  const id = value.toLowerCase();
  if (!isId(id)) throw new Refusal('not-found');
  return id;
}

/** Whether a parameter of a path is an id, whose capitals mean nothing. */
export const isIdName = (name: string): boolean => name === 'id' || name.endsWith('Id');
