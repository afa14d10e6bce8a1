import { IsOptional } from 'class-validator';
import { IsDay, IsNotBefore } from './fields.js';

/** Chooses rows by a day. The description of the operation says by which one. */
export class DayRange {
  /** The first day. */
  @IsOptional()
  @IsDay()
  from?: string;

  /** The last day, included. */
  @IsOptional()
  @IsDay()
  @IsNotBefore('from')
  to?: string;
}
