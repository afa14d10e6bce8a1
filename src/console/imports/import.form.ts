import { IsIn, IsOptional } from 'class-validator';
import type { CsvFault } from '../../domain/csv-faults.js';
import { activities, deliveries, type Activity, type Delivery } from '../../domain/time-entry.js';
import { IsName, IsText } from '../../platform/http/fields.js';
import { delimiters, type DelimiterName } from '../../features/imports/files/import-dialect.js';
import { mapNames, type MapName } from '../../features/imports/files/import-maps.js';
import { encodings, type Encoding } from '../../features/imports/files/import-text.js';
import {
  dayOrders,
  decimalMarks,
  durationUnits,
  type DayOrder,
  type DecimalMark,
  type DurationUnit,
} from '../../features/imports/files/import-values.js';

/** `try` books nothing: it shows what `take` would do. */
const steps = ['try', 'take'] as const;

/** How a file is to be read, where the file does not show it. Each is asked only after a refusal. */
export class ImportOptions {
  @IsOptional()
  @IsIn(steps)
  step?: (typeof steps)[number];

  @IsOptional()
  @IsName({ max: 255 })
  fileName?: string;

  @IsOptional()
  @IsIn(mapNames)
  map?: MapName;

  @IsOptional()
  @IsIn(durationUnits)
  durations?: DurationUnit;

  @IsOptional()
  @IsIn(decimalMarks)
  decimal?: DecimalMark;

  @IsOptional()
  @IsIn(dayOrders)
  dates?: DayOrder;

  @IsOptional()
  @IsIn(encodings)
  encoding?: Encoding;

  @IsOptional()
  @IsIn(Object.keys(delimiters))
  delimiter?: DelimiterName;

  @IsOptional()
  @IsName({ max: 254 })
  customer?: string;

  @IsOptional()
  @IsName({ max: 254 })
  consultant?: string;

  @IsOptional()
  @IsName({ max: 254 })
  productLine?: string;

  @IsOptional()
  @IsIn(activities)
  activity?: Activity;

  @IsOptional()
  @IsIn(deliveries)
  delivery?: Delivery;

  @IsOptional()
  @IsName({ max: 2_000 })
  summary?: string;
}

/** Pasted rows, for readers without scripts and for short lists. */
export class PastedRows extends ImportOptions {
  @IsText({ max: 900_000 })
  text!: string;
}

export class UndoForm {
  @IsText({ max: 2_000 })
  reason!: string;
}

/** The options that the reader stated so far, for the next request. */
export const statedOptions = [
  'map',
  'durations',
  'decimal',
  'dates',
  'encoding',
  'delimiter',
  'customer',
  'consultant',
  'productLine',
  'activity',
  'delivery',
  'summary',
] as const satisfies readonly (keyof ImportOptions)[];
export type StatedOption = (typeof statedOptions)[number];

/** A question that a refused file leaves open: an option and its values, one of which the reader chooses. */
export interface AskedOption {
  name: 'durations' | 'decimal' | 'dates' | 'encoding' | 'delimiter';
  values: readonly string[];
}

const asking: Readonly<Partial<Record<CsvFault['code'], AskedOption>>> = {
  'durations-unclear': { name: 'durations', values: durationUnits },
  'durations-contradicted': { name: 'durations', values: ['hours'] },
  'decimal-unclear': { name: 'decimal', values: decimalMarks },
  'dates-unclear': { name: 'dates', values: ['dmy', 'mdy'] },
  'not-utf-8': { name: 'encoding', values: ['cp932', 'windows-1252'] },
  'not-cp932': { name: 'encoding', values: ['utf-8', 'windows-1252'] },
  'not-windows-1252': { name: 'encoding', values: ['utf-8', 'cp932'] },
  'utf-8-not-cp932': { name: 'encoding', values: ['utf-8'] },
  'utf-8-not-windows-1252': { name: 'encoding', values: ['utf-8'] },
  'delimiter-unclear': { name: 'delimiter', values: Object.keys(delimiters) },
  'other-separator': { name: 'delimiter', values: Object.keys(delimiters) },
};

/** The questions behind the faults of a file, each once. */
export function askedBy(faults: readonly CsvFault[]): AskedOption[] {
  const asked = new Map(faults.flatMap(({ code }) => asking[code] ?? []).map((option) => [option.name, option]));
  return [...asked.values()];
}

/** Whether a column is missing whose value may be the same in all rows. */
export const needsDefaults = (faults: readonly CsvFault[]): boolean =>
  faults.some(({ code }) => code === 'heading-missing');
