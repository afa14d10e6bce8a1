import type { FastifyRequest } from 'fastify';
import type { FieldError } from '../../domain/field-errors.js';
import { Refusal } from '../../domain/refusal.js';
import { check, compile, NoFields, type DtoClass } from './validation.js';

/**
 * Checks the query of a request against the class that the route declares, and puts the values meant in the place of the
 * text: `@QueryBoolean() dryRun` becomes a boolean. A route without a class takes no parameter, so that a `dryRun` that it
 * does not know is never carried out.
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
