import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { activities, deliveries, type Activity, type Delivery } from '../../domain/time-entry.js';
import { IsId, IsName, IsText, QueryBoolean } from '../../platform/http/fields.js';
import { delimiters, type DelimiterName } from './import-dialect.js';
import { mapNames, type MapName } from './import-maps.js';
import { encodings, type Encoding } from './import-text.js';
import {
  dayOrders,
  decimalMarks,
  durationUnits,
  type DayOrder,
  type DecimalMark,
  type DurationUnit,
} from './import-values.js';

export class ImportQuery {
  /** True: the answer is what it would be, each row judged as if those before it had been booked, and nothing is written. */
  @IsOptional()
  @QueryBoolean()
  dryRun?: boolean;

  /** True: all rows or none (up to 10,000). Without it each row that the rules accept is taken. */
  @IsOptional()
  @QueryBoolean()
  atomic?: boolean;

  /** How the sender calls the file; the list of imports shows it. */
  @IsOptional()
  @IsName({ max: 255 })
  fileName?: string;

  /**
   * `skip` (default): rows that the books hold already are not booked again and counted as `present`. `book`: every row is
   * booked, and so is a row of a file that is sent again.
   */
  @IsOptional()
  @IsIn(['skip', 'book'])
  duplicates?: 'skip' | 'book';

  /** The program whose export it is; without it, as the headings show. */
  @IsOptional()
  @IsIn(mapNames)
  map?: MapName;

  /** What separates the values; without it, as the headings show. */
  @IsOptional()
  @IsIn(Object.keys(delimiters))
  delimiter?: DelimiterName;

  /** What whole numbers of a column of durations are; without it, as the file shows. */
  @IsOptional()
  @IsIn(durationUnits)
  durations?: DurationUnit;

  /** The decimal mark of hours; without it, as the file shows. */
  @IsOptional()
  @IsIn(decimalMarks)
  decimal?: DecimalMark;

  /** The order of days that are not written as ISO writes them; without it, as the file shows. */
  @IsOptional()
  @IsIn(dayOrders)
  dates?: DayOrder;

  /** The encoding of the file; without it UTF-8. */
  @IsOptional()
  @IsIn(encodings)
  encoding?: Encoding;

  /**
   * The subscription, for the whole file. This and the following parameters fill what a row leaves empty; with the export of
   * another program they stand for every row.
   */
  @IsOptional()
  @IsId()
  subscriptionId?: string;

  /** Name or id of the customer, for the whole file. */
  @IsOptional()
  @IsName({ max: 254 })
  customer?: string;

  /** E-mail address, name or id of the consultant, for the whole file. */
  @IsOptional()
  @IsName({ max: 254 })
  consultant?: string;

  /** Code, name or id of the product line, for the whole file. */
  @IsOptional()
  @IsName({ max: 254 })
  productLine?: string;

  /** The activity, for the whole file. */
  @IsOptional()
  @IsIn(activities)
  activity?: Activity;

  /** The delivery, for the whole file. */
  @IsOptional()
  @IsIn(deliveries)
  delivery?: Delivery;

  /** The summary, for the whole file. */
  @IsOptional()
  @IsName({ max: 2_000 })
  summary?: string;
}

export class ImportProblemAnswer {
  /** Where the row begins, as an editor counts lines. */
  line!: number;
  /** The HTTP status that the same entry alone would have had. */
  status!: number;
  code!: string;
  detail!: string;
  /** The heading of the column at fault, and what stands there, shortened. */
  column?: string;
  value?: string;
  /** The largest value that all rules would accept. */
  maxAcceptableMinutes?: number;
  /** Every rule that says no. */
  violations?: object[];
  /** What cannot be read. */
  errors?: object[];
}

export class ImportAnswer {
  /** With this id the import can be undone. Absent in a dry run, and where an atomic import was refused. */
  importId?: string;
  dryRun!: boolean;
  /** Of the file, without the headings, blank rows and the sums at the end of a report: accepted, present and refused ones. */
  rows!: number;
  /** Rows that were booked. */
  accepted!: number;
  /** Rows that the books hold already, so that they were not booked again. */
  present!: number;
  refused!: number;
  /** Of the accepted rows. */
  minutes!: number;
  /** Of the refused rows, in order of the lines; at most 1,000. */
  problems!: ImportProblemAnswer[];
  /** How many more there are. */
  problemsOmitted!: number;
}

const statuses = ['running', 'done', 'interrupted', 'undoing', 'undone'] as const;

/** Why an import was undone, and how far that has come. */
export class ImportUndoAnswer {
  reason!: string;
  startedAt!: Date;
  /** Null while some entries still stand. */
  endedAt!: Date | null;
  /** The user who undid it. */
  undoneBy!: string;
  /** Entries that the undoing reversed; it leaves those alone that were reversed before. */
  reversed!: number;
}

export class KeptImportAnswer {
  id!: string;
  /**
   * `interrupted`: the service stopped amid the file, which can be sent again. `undoing`: some of its entries still stand; undoing it
   * again goes on.
   */
  @ApiProperty({ enum: statuses })
  status!: (typeof statuses)[number];
  /** As the sender named it. */
  fileName!: string | null;
  /** The program whose export it was; null for the headings of this service. */
  map!: string | null;
  startedAt!: Date;
  /** The user who sent it. */
  startedBy!: string;
  startedByName!: string | null;
  endedAt!: Date | null;
  rows!: number;
  accepted!: number;
  present!: number;
  refused!: number;
  /** Of the accepted rows. */
  minutes!: number;
  undo!: ImportUndoAnswer | null;
}

export class ImportList {
  data!: KeptImportAnswer[];
  nextCursor!: string | null;
}

export class NewUndo {
  /** Why; it becomes the reason of each reversal. */
  @IsText({ max: 2_000 })
  reason!: string;
}
