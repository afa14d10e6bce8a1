import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { activities, deliveries, type Activity, type Delivery } from '../../domain/time-entry.js';
import { IsId, IsName, IsText, QueryBoolean } from '../../platform/http/fields.js';
import { delimiters, type DelimiterName } from './files/import-dialect.js';
import { mapNames, type MapName } from './files/import-maps.js';
import { encodings, type Encoding } from './files/import-text.js';
import {
  dayOrders,
  decimalMarks,
  durationUnits,
  type DayOrder,
  type DecimalMark,
  type DurationUnit,
} from './files/import-values.js';

export class ImportQuery {
  /** `true`: answer what the import would do, and book nothing. Each row is judged as if the rows before it were booked. */
  @IsOptional()
  @QueryBoolean()
  dryRun?: boolean;

  /** `true`: book all rows or none; then a file has at most 10,000 rows. Default: book each row that the rules accept. */
  @IsOptional()
  @QueryBoolean()
  atomic?: boolean;

  /** The name of the file, for the list of imports. */
  @IsOptional()
  @IsName({ max: 255 })
  fileName?: string;

  /**
   * `skip` (default): rows that are already booked are counted as `present` and not booked again. `book`: every row is
   * booked, even if the same file was sent before.
   */
  @IsOptional()
  @IsIn(['skip', 'book'])
  duplicates?: 'skip' | 'book';

  /** The program that exported the file. Default: recognised by the headings. */
  @IsOptional()
  @IsIn(mapNames)
  map?: MapName;

  /** The separator between values. Default: recognised by the headings. */
  @IsOptional()
  @IsIn(Object.keys(delimiters))
  delimiter?: DelimiterName;

  /** The unit of whole numbers in a column of durations. Default: recognised by the file. */
  @IsOptional()
  @IsIn(durationUnits)
  durations?: DurationUnit;

  /** The decimal mark of hours. Default: recognised by the file. */
  @IsOptional()
  @IsIn(decimalMarks)
  decimal?: DecimalMark;

  /** The order of year, month and day in dates that are not ISO dates. Default: recognised by the file. */
  @IsOptional()
  @IsIn(dayOrders)
  dates?: DayOrder;

  /** The encoding of the file. Default: UTF-8. */
  @IsOptional()
  @IsIn(encodings)
  encoding?: Encoding;

  /**
   * The subscription of the whole file. This and the following parameters fill empty values of a row. For the export of
   * another program, they apply to every row.
   */
  @IsOptional()
  @IsId()
  subscriptionId?: string;

  /** Name or ID of the customer of the whole file. */
  @IsOptional()
  @IsName({ max: 254 })
  customer?: string;

  /** E-mail address, name or ID of the consultant of the whole file. */
  @IsOptional()
  @IsName({ max: 254 })
  consultant?: string;

  /** Code, name or ID of the product line of the whole file. */
  @IsOptional()
  @IsName({ max: 254 })
  productLine?: string;

  /** The activity of the whole file. */
  @IsOptional()
  @IsIn(activities)
  activity?: Activity;

  /** The delivery of the whole file. */
  @IsOptional()
  @IsIn(deliveries)
  delivery?: Delivery;

  /** The summary of the whole file. */
  @IsOptional()
  @IsName({ max: 2_000 })
  summary?: string;
}

export class ImportProblemAnswer {
  /** The line on which the row begins, as an editor counts lines. */
  line!: number;
  /** The HTTP status that the single request would have had. */
  status!: number;
  code!: string;
  detail!: string;
  /** The heading of the column with the fault. `value` is its content, shortened. */
  column?: string;
  value?: string;
  /** The largest amount that all rules would accept. */
  maxAcceptableMinutes?: number;
  /** Every broken rule. */
  violations?: object[];
  /** Each value that cannot be read. */
  errors?: object[];
}

export class ImportAnswer {
  /** The ID of the import, to undo it. Absent for a dry run and for a refused atomic import. */
  importId?: string;
  dryRun!: boolean;
  /** The rows of the file: accepted, present and refused. Headings, blank rows and the totals of a report do not count. */
  rows!: number;
  /** The rows that were booked. */
  accepted!: number;
  /** The rows that were already booked and were not booked again. */
  present!: number;
  refused!: number;
  /** The minutes of the accepted rows. */
  minutes!: number;
  /** The problems of refused rows in the order of lines, at most 1,000. */
  problems!: ImportProblemAnswer[];
  /** The number of problems beyond these 1,000. */
  problemsOmitted!: number;
}

const statuses = ['running', 'done', 'interrupted', 'undoing', 'undone'] as const;

/** Why an import was undone, and the progress. */
export class ImportUndoAnswer {
  reason!: string;
  startedAt!: Date;
  /** `null` while entries are still to be reversed. */
  endedAt!: Date | null;
  /** The ID of the user who undid the import. */
  undoneBy!: string;
  /** The number of entries that were reversed. Entries that were reversed before do not count. */
  reversed!: number;
}

export class ImportRecordAnswer {
  id!: string;
  /**
   * `interrupted`: the service stopped before the end of the file; send the file again. `undoing`: entries are still to
   * be reversed; undo the import again to continue.
   */
  @ApiProperty({ enum: statuses })
  status!: (typeof statuses)[number];
  /** The name that the sender gave the file. */
  fileName!: string | null;
  /** The program that exported the file. `null` for the headings of this service. */
  map!: string | null;
  startedAt!: Date;
  /** The ID of the user who sent the file. */
  startedBy!: string;
  startedByName!: string | null;
  endedAt!: Date | null;
  rows!: number;
  accepted!: number;
  present!: number;
  refused!: number;
  /** The minutes of the accepted rows. */
  minutes!: number;
  undo!: ImportUndoAnswer | null;
}

export class ImportList {
  data!: ImportRecordAnswer[];
  nextCursor!: string | null;
}

export class NewUndo {
  /** The reason. Each reversal gets it. */
  @IsText({ max: 2_000 })
  reason!: string;
}
