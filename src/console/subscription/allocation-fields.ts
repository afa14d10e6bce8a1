import { IsIn, IsOptional } from 'class-validator';
import { readDuration } from '../../domain/duration-text.js';
import type { NewAllocation } from '../../features/allocations/allocation.dto.js';
import { IsId, IsText, QueryInt } from '../../platform/http/fields.js';
import { pairOf } from './entry-fields.js';
import { typedHours } from '../page/well-formed.js';

/** More rows than any package has pairs of consultants and product lines. */
export const mostRows = 20;

const rows = Array.from({ length: mostRows }, (_, at) => at);

/** The rows of a set of allocations, in the fields `pair0`, `hours0`, `removed0` and so on, and one row for a new pair. */
export class AllocationFields {
  /** The number of the set that the reader has seen. */
  @QueryInt()
  version!: number;

  /** The pair of the primary consultant, or `new`. */
  @IsOptional()
  @IsText({ max: 100 })
  primary?: string;

  @IsOptional()
  @IsId()
  newConsultantId?: string;

  @IsOptional()
  @IsId()
  newProductLineId?: string;

  @IsOptional()
  @IsText({ max: 20 })
  newHours?: string;

  [field: string]: unknown;
}

// The fields of the rows differ in their number only.
for (const at of rows) {
  IsOptional()(AllocationFields.prototype, `pair${at}`);
  IsText({ max: 100 })(AllocationFields.prototype, `pair${at}`);
  IsOptional()(AllocationFields.prototype, `hours${at}`);
  IsText({ max: 20 })(AllocationFields.prototype, `hours${at}`);
  IsOptional()(AllocationFields.prototype, `removed${at}`);
  IsIn(['true'])(AllocationFields.prototype, `removed${at}`);
}

/**
 * The set of allocations that was typed: a number without a unit is hours.
 * @throws Refusal `malformed-body`
 */
export function allocationsOf(fields: AllocationFields): NewAllocation[] {
  const kept = rows.flatMap((at): NewAllocation[] => {
    const pair = fields[`pair${at}`];
    if (typeof pair !== 'string' || fields[`removed${at}`] === 'true') return [];
    const hours = fields[`hours${at}`];
    const minutes = typedHours(typeof hours === 'string' ? hours : '', `hours${at}`);
    return [{ ...pairOf(pair), minutes, primary: fields.primary === pair }];
  });
  const { newConsultantId, newProductLineId, newHours = '0', primary } = fields;
  if (newConsultantId === undefined || newProductLineId === undefined) return kept;
  const added = { consultantId: newConsultantId, productLineId: newProductLineId };
  const isPrimary = primary === 'new';
  const settled = isPrimary ? kept.map((each) => ({ ...each, primary: false })) : kept;
  return [...settled, { ...added, minutes: typedHours(newHours, 'newHours'), primary: isPrimary }];
}

/** The minutes of the rows as far as they can be read, for a sum while somebody types. */
export function minutesTyped(typed: Readonly<Record<string, string>>): { rows: (number | undefined)[]; added: number } {
  const minutesOf = (text: string | undefined): number | undefined => {
    const read = text === undefined ? undefined : readDuration(text, 'hours');
    return read && 'minutes' in read ? read.minutes : undefined;
  };
  return {
    rows: rows.map((at) => (typed[`removed${at}`] === 'true' ? 0 : minutesOf(typed[`hours${at}`]))),
    added: minutesOf(typed.newHours) ?? 0,
  };
}
