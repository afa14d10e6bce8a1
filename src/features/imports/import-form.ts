import { Refusal } from '../../domain/refusals.js';
import { CsvReader } from './import-csv.js';
import { Faults, UnreadableFile } from './import-faults.js';
import type { Defaults } from './import-fields.js';
import { readHeadings, type Layout } from './import-headings.js';
import type { MapName } from './import-maps.js';
import { TextReader, type Encoding } from './import-text.js';

export const mostRows = 1_000_000;

/** How a file is to be read, as its sender says. */
export interface Reading {
  encoding: Encoding;
  /** Undefined: as the headings show. */
  map: MapName | undefined;
  /**
   * What is said for the whole file. With our own headings it fills what a row leaves empty; with those of another program it
   * stands for every row, whose own words for it are not looked at.
   */
  defaults: Defaults;
}

/** What is known of a file whose form is in order. */
export interface Form {
  layout: Layout;
  rowCount: number;
  /** Of an export that writes hours or seconds: a whole number from 60 on shows that they are seconds. */
  durationsAreSeconds: boolean;
}

/**
 * Looks at a whole file as its bytes come, before anything is booked: everything about its form that is wrong is said at
 * once, by line and column, and then nothing of it is taken.
 */
export class FormCheck {
  readonly #faults = new Faults();
  readonly #text: TextReader;
  readonly #csv: CsvReader;
  #layout: Layout | undefined;
  #rowCount = 0;
  #longestDuration = 0;

  constructor(private readonly reading: Reading) {
    this.#text = new TextReader(reading.encoding, this.#faults);
    this.#csv = new CsvReader((values, line) => this.#record(values, line), this.#faults);
  }

  /** @throws Refusal `malformed-csv` as soon as reading on would make no sense, `file-too-long` */
  read(bytes: Buffer): void {
    this.#orRefuse(() => this.#csv.read(this.#text.read(bytes)));
  }

  /** @throws Refusal `malformed-csv` with every fault, up to a hundred */
  end(): Form {
    this.#orRefuse(() => {
      this.#csv.read(this.#text.end());
      this.#csv.end();
      if (!this.#layout) this.#faults.stop({ line: 1, code: 'no-header' });
    });
    this.#faults.refuse();
    return {
      layout: this.#layout!,
      rowCount: this.#rowCount,
      durationsAreSeconds: this.#longestDuration >= 60,
    };
  }

  #record(values: string[], line: number): void {
    if (!this.#layout) {
      this.#layout = readHeadings(values, line, this.reading.map, this.reading.defaults, this.#faults);
      return;
    }
    const { columns, places } = this.#layout;
    if (values.length !== columns) {
      if (isBlank(values)) return;
      this.#faults.add({ line, code: 'columns-differ', params: { found: values.length, expected: columns } });
      return;
    }
    if (!isRow(values, this.#layout)) return;
    if (++this.#rowCount > mostRows) throw new Refusal('file-too-long', { maximum: mostRows });
    const duration = places.duration && values[places.duration[0]![0]!]!;
    if (duration && /^\d+$/.test(duration)) this.#longestDuration = Math.max(this.#longestDuration, Number(duration));
  }

  #orRefuse(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof UnreadableFile) this.#faults.refuse();
      throw error;
    }
  }
}

/** Spreadsheets leave rows of nothing behind. */
const isBlank = (values: readonly string[]): boolean => values[0] === '' && values.every((value) => value === '');

/** Whether a record is a row of its own: neither blank nor the sums at the end of one of our reports, which begin with an entry's id. */
export function isRow(values: readonly string[], { places }: Layout): boolean {
  if (values[0] === 'TOTAL' && places.entryId?.[0]?.[0] === 0) return false;
  return !isBlank(values);
}
