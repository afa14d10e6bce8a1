import { IsOptional } from 'class-validator';
import { TimeEntriesQuery } from '../../features/hours/time-entry.dto.js';
import { IsName } from '../../platform/http/fields.js';

/** The filter of a list of entries. */
export class EntriesQuery extends TimeEntriesQuery {
  /** Only entries with exactly this reference. */
  @IsOptional()
  @IsName({ max: 200 })
  reference?: string;
}
