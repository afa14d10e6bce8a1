import { IsIn, IsOptional } from 'class-validator';
import { activities, deliveries, type Activity, type Delivery } from '../../domain/time-entry.js';
import { IsId, IsName, QueryBoolean } from '../../platform/http/fields.js';
import { mapNames, type MapName } from './import-maps.js';
import { encodings, type Encoding } from './import-text.js';

export class ImportQuery {
  /** True: the answer is what it would be, each row judged as if those before it had been booked, and nothing is written. */
  @IsOptional()
  @QueryBoolean()
  dryRun?: boolean;

  /** True: all rows or none (up to 10,000). Without it each row that the rules accept is taken. */
  @IsOptional()
  @QueryBoolean()
  atomic?: boolean;

  /** The program whose export it is; without it, as the headings show. */
  @IsOptional()
  @IsIn(mapNames)
  map?: MapName;

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
  dryRun!: boolean;
  /** Of the file, without the headings, blank rows and the sums at the end of a report. */
  rows!: number;
  /** With those that were taken when the same file was sent before. */
  accepted!: number;
  refused!: number;
  /** Those of the accepted rows that were taken when the same file was sent before, and were not booked again. */
  alreadyImported!: number;
  /** Of the accepted rows. */
  minutes!: number;
  /** Of the refused rows, in order of the lines; at most 1,000. */
  problems!: ImportProblemAnswer[];
  /** How many more there are. */
  problemsOmitted!: number;
}
