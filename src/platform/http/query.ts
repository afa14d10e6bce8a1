import type { FastifyRequest } from 'fastify';
import type { FieldError } from '../../domain/field-errors.js';
import { Refusal } from '../../domain/refusal.js';
import { check, compile, NoFields, type DtoClass } from './validation.js';

/**
 * Checks the query of a request against the class that the route declares, and converts values: with `@QueryBoolean()
 * dryRun` the text becomes a boolean. A route without a class accepts no parameters, so that it never carries out a
 * request with a `dryRun` that it does not support.
 * @throws Refusal `invalid-query`
 */
export function readQuery(request: FastifyRequest, dto: DtoClass = NoFields): void {
  const checked = check(dto, request.query);
  if ('value' in checked) return;
  const errors = checked.errors.map((error) => (error.code === 'unknown' ? withNames(error, dto) : error));
  throw new Refusal('invalid-query', {}, { errors });
}

function withNames({ pointer }: FieldError, dto: DtoClass): FieldError {
  const names = [...compile(dto).names];
  return { pointer, code: 'unknown-parameter', params: { count: names.length, names: names.join(', ') } };
}
