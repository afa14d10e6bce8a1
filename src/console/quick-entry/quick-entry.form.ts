import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { DraftField } from '../../domain/quick-entry-draft.js';

/** The longest line. A summary that needs more is typed into its own field. */
export const longestLine = 500;

const Line = () => MaxLength(longestLine);
const Value = () => MaxLength(2_000);

/** The fields of an entry as texts, as a browser sends them. */
abstract class EntryTexts implements Partial<Record<DraftField, string>> {
  @IsOptional()
  @IsString()
  @Line()
  line?: string;

  @IsOptional()
  @IsString()
  @Value()
  subscriptionId?: string;

  @IsOptional()
  @IsString()
  @Value()
  workDate?: string;

  @IsOptional()
  @IsString()
  @Value()
  minutes?: string;

  @IsOptional()
  @IsString()
  @Value()
  consultantId?: string;

  @IsOptional()
  @IsString()
  @Value()
  productLineId?: string;

  @IsOptional()
  @IsString()
  @Value()
  activity?: string;

  @IsOptional()
  @IsString()
  @Value()
  delivery?: string;

  @IsOptional()
  @IsString()
  @Value()
  visitId?: string;

  @IsOptional()
  @IsString()
  @Value()
  summary?: string;

  @IsOptional()
  @IsString()
  @Value()
  reference?: string;

  @IsOptional()
  @IsString()
  @Value()
  severity?: string;

  /** The customer and the consultant of the entry before. They apply if the line names no others. */
  @IsOptional()
  @IsString()
  @Value()
  usualSubscriptionId?: string;

  @IsOptional()
  @IsString()
  @Value()
  usualConsultantId?: string;
}

/** What is typed so far. */
export class QuickEntryQuery extends EntryTexts {
  /** The fields that the reader has set beside the line, by name, with commas between them. */
  @IsOptional()
  @IsString()
  @Value()
  set?: string;

  /** The line for which they were set. */
  @IsOptional()
  @IsString()
  @Line()
  readLine?: string;

  /** Only the reading, for a script. */
  @IsOptional()
  @IsIn(['reading'])
  part?: 'reading';
}

/** An entry to be logged. */
export class QuickEntryForm extends EntryTexts {
  /** Other minutes than those of the field: the largest value that the rules accept. */
  @IsOptional()
  @IsString()
  @Value()
  instead?: string;
}
