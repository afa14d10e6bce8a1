import type { Faults } from './import-faults.js';
import type { ImportField } from './import-fields.js';
import type { Layout } from './import-headings.js';
import {
  ordersOf,
  plain,
  readDay,
  readTimeOfDay,
  shortened,
  type DayOrder,
  type DecimalMark,
  type DurationUnit,
} from './import-values.js';

/** How numbers are written in a file. */
export interface Conventions {
  durations: DurationUnit;
  decimal: DecimalMark;
  dates: DayOrder;
}

/** What a sender states about it. */
export type Stated = { readonly [Name in keyof Conventions]?: Conventions[Name] | undefined };

/** A value with several possible meanings. */
interface Doubt {
  line: number;
  column: number;
  value: string;
}

/**
 * Searches a whole file for values that show how its numbers are written (§5). What the file does not show must be stated: an
 * ambiguous value is never guessed. Each question is decided once, for all rows of a file.
 */
export class ConventionEvidence {
  readonly #day: readonly number[];
  readonly #hours: readonly number[];
  readonly #duration: readonly number[];
  readonly #begin: readonly number[];
  readonly #end: readonly number[];
  readonly #headings: readonly string[];

  #showsYearFirst = false;
  #daySeen = '';
  readonly #dayOrders = new Set<'dmy' | 'mdy'>();
  #dayInDoubt: Doubt | undefined;

  #showsPoint = false;
  #commaInDoubt: Doubt | undefined;

  readonly #units = new Set<DurationUnit>();
  #durationInDoubt: Doubt | undefined;

  constructor(
    { places, headings }: Layout,
    private readonly stated: Stated,
  ) {
    const columnsOf = (field: ImportField): number[] => places[field]?.map(([at]) => at!) ?? [];
    this.#headings = headings;
    this.#day = columnsOf('workDate');
    // If a file has both, minutes count.
    this.#hours = places.minutes ? [] : columnsOf('hours');
    this.#duration = places.minutes || places.hours ? [] : columnsOf('duration');
    this.#begin = columnsOf('begin');
    this.#end = columnsOf('end');
  }

  see(values: readonly string[], line: number): void {
    const filled = (columns: readonly number[]): number | undefined => columns.find((at) => values[at] !== '');
    const [day, hours, duration] = [filled(this.#day), filled(this.#hours), filled(this.#duration)];
    if (day !== undefined) this.#seeDay(values[day]!, line, day);
    if (hours !== undefined) this.#seeDecimals(values[hours]!, line, hours);
    if (duration === undefined) return;
    this.#seeDecimals(values[duration]!, line, duration);
    this.#seeDuration(values, line, duration);
  }

  /** What the file shows or its sender states. If neither decides, adds a fault that says what to state. */
  decide(faults: Faults): Conventions {
    const { stated } = this;
    const [hours] = this.#hours;
    if (stated.durations !== undefined && stated.durations !== 'hours' && hours !== undefined) {
      const params = { heading: shortened(this.#headings[hours]!) };
      faults.add({ line: 1, column: hours + 1, code: 'durations-contradicted', params });
    }
    return {
      durations: stated.durations ?? this.#decideDurations(faults),
      decimal: stated.decimal ?? this.#decideDecimal(faults),
      dates: stated.dates ?? this.#decideDates(faults),
    };
  }

  #seeDay(text: string, line: number, at: number): void {
    // Most files are in the order of days.
    if (text === this.#daySeen) return;
    this.#daySeen = text;
    if (readDay(text) !== undefined) {
      this.#showsYearFirst = true;
      return;
    }
    const orders = ordersOf(text);
    if (orders.length === 1) this.#dayOrders.add(orders[0]!);
    else if (orders.length === 2) this.#dayInDoubt ??= doubt(text, line, at);
  }

  #seeDecimals(text: string, line: number, at: number): void {
    if (text.includes('.')) this.#showsPoint ||= /^\d+\.\d+$/.test(plain(text));
    else if (!this.#commaInDoubt && /[,，]/.test(text) && /^\d+,\d+$/.test(plain(text))) {
      this.#commaInDoubt = doubt(text, line, at);
    }
  }

  /** Fractions and colons show hours. For whole numbers, the time from begin to end shows the unit. */
  #seeDuration(values: readonly string[], line: number, at: number): void {
    const text = plain(values[at]!);
    if (/^\d+([.,]\d+|(:\d{2}){1,2})$/.test(text)) this.#units.add('hours');
    if (!/^\d+$/.test(text) || Number(text) === 0) return;
    this.#durationInDoubt ??= doubt(text, line, at);
    const fitting = unitsThatFit(Number(text), this.#spans(values));
    if (fitting.length === 1) this.#units.add(fitting[0]!);
  }

  /** The seconds from begin to end. Equal times may be a whole day. */
  #spans(values: readonly string[]): number[] {
    const timeIn = (columns: readonly number[]): number | undefined =>
      columns.map((at) => readTimeOfDay(values[at]!)).find((time) => time !== undefined);
    const [begin, end] = [timeIn(this.#begin), timeIn(this.#end)];
    if (begin === undefined || end === undefined) return [];
    if (begin === end) return [0, secondsOfDay];
    return [end > begin ? end - begin : end - begin + secondsOfDay];
  }

  #decideDurations(faults: Faults): DurationUnit {
    const [unit = 'hours'] = this.#units;
    if (this.#durationInDoubt !== undefined && this.#units.size !== 1) {
      this.#mustBeStated('durations-unclear', this.#durationInDoubt, faults);
    }
    return unit;
  }

  #decideDecimal(faults: Faults): DecimalMark {
    if (this.#commaInDoubt && !this.#showsPoint) this.#mustBeStated('decimal-unclear', this.#commaInDoubt, faults);
    return 'point';
  }

  /** In a file of ISO days, a single ambiguous date is a fault of its row. */
  #decideDates(faults: Faults): DayOrder {
    const [order, other] = this.#dayOrders;
    if (order !== undefined && other === undefined) return order;
    if (this.#dayInDoubt && (other !== undefined || !this.#showsYearFirst)) {
      this.#mustBeStated('dates-unclear', this.#dayInDoubt, faults);
    }
    return 'ymd';
  }

  #mustBeStated(
    code: 'durations-unclear' | 'decimal-unclear' | 'dates-unclear',
    { line, column, value }: Doubt,
    faults: Faults,
  ): void {
    const params = { value, heading: shortened(this.#headings[column - 1]!) };
    faults.add({ line, column, code, params });
  }
}

const secondsOfDay = 86_400;
const secondsOf: readonly (readonly [DurationUnit, number])[] = [
  ['hours', 3_600],
  ['minutes', 60],
  ['seconds', 1],
];
/** Exports omit the seconds of begin and end. */
const toleranceSeconds = 60;

const unitsThatFit = (duration: number, spans: readonly number[]): DurationUnit[] =>
  secondsOf.flatMap(([unit, seconds]) =>
    spans.some((span) => Math.abs(duration * seconds - span) < toleranceSeconds) ? [unit] : [],
  );

const doubt = (text: string, line: number, at: number): Doubt => ({ line, column: at + 1, value: shortened(text) });
