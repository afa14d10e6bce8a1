import { Refusal } from '../../../domain/refusal.js';
import { ConventionEvidence, type Conventions, type Stated } from './import-conventions.js';
import { CsvReader } from './import-csv.js';
import { dialectOf, type DelimiterName, type Dialect } from './import-dialect.js';
import { Faults, UnreadableFile } from './import-faults.js';
import type { Defaults } from './import-fields.js';
import { readHeadings, type Layout } from './import-headings.js';
import type { MapName } from './import-maps.js';
import { TextReader, type Encoding } from './import-text.js';

export const mostRows = 1_000_000;

/** How to read a file, as its sender states. */
export interface Reading {
  encoding: Encoding;
  /** Default: found from the headings. */
  map: MapName | undefined;
  /** Default: found from the headings. */
  delimiter?: DelimiterName | undefined;
  /** How its numbers are written. What the sender does not state, the file must show. */
  stated?: Stated;
  /**
   * Values for the whole file. With our own headings they fill the empty cells of a row. With the headings of another program
   * they replace the values of every row.
   */
  defaults: Defaults;
}

/** What is known of a file whose form is valid. */
export interface ImportForm {
  layout: Layout;
  rowCount: number;
  dialect: Dialect;
  conventions: Conventions;
}

/**
 * Checks the form of a whole file as its bytes arrive, before anything is booked. If it has faults, all of them are reported by
 * line and column, and nothing is booked.
 */
export class FormCheck {
  readonly #faults = new Faults();
  readonly #text: TextReader;
  /** The beginning of the text, until its delimiter is known. */
  #beginning = '';
  #dialect: Dialect | undefined;
  #csv: CsvReader | undefined;
  #passedSeparatorLine = false;
  #layout: Layout | undefined;
  #evidence: ConventionEvidence | undefined;
  #rowCount = 0;

  constructor(private readonly reading: Reading) {
    this.#text = new TextReader(reading.encoding, this.#faults);
  }

  /** @throws Refusal `malformed-csv` if the rest of the file cannot be read, `file-too-long` */
  read(bytes: Buffer): void {
    this.#orRefuse(() => this.#read(this.#text.read(bytes), false));
  }

  /** @throws Refusal `malformed-csv` with every fault, up to a hundred */
  end(): ImportForm {
    this.#orRefuse(() => {
      this.#read(this.#text.end(), true);
      this.#csv!.end();
      if (!this.#layout) this.#faults.stop({ line: 1, code: 'no-header' });
    });
    const conventions = this.#evidence!.decide(this.#faults);
    this.#faults.refuse();
    return { layout: this.#layout!, rowCount: this.#rowCount, dialect: this.#dialect!, conventions };
  }

  #read(text: string, isWhole: boolean): void {
    if (this.#csv) {
      this.#csv.read(text);
      return;
    }
    this.#beginning += text;
    const dialect = dialectOf(this.#beginning, this.reading.delimiter, isWhole);
    if (dialect === 'more') return;
    if (dialect === 'unclear') return this.#faults.stop({ line: 1, code: 'delimiter-unclear' });
    this.#dialect = dialect;
    this.#csv = new CsvReader((values, line) => this.#record(values, line), this.#faults, dialect.delimiter);
    this.#csv.read(this.#beginning);
    this.#beginning = '';
  }

  #record(values: string[], line: number): void {
    if (!this.#layout) {
      if (this.#dialect!.hasSeparatorLine && !this.#passedSeparatorLine) {
        this.#passedSeparatorLine = true;
        return;
      }
      this.#layout = readHeadings(values, line, this.reading.map, this.reading.defaults, this.#faults);
      this.#evidence = new ConventionEvidence(this.#layout, this.reading.stated ?? {});
      return;
    }
    const { columns } = this.#layout;
    if (values.length !== columns) {
      if (isBlank(values)) return;
      this.#faults.add({ line, code: 'columns-differ', params: { found: values.length, expected: columns } });
      return;
    }
    if (!isRow(values, this.#layout)) return;
    if (++this.#rowCount > mostRows) throw new Refusal('file-too-long', { maximum: mostRows });
    this.#evidence!.see(values, line);
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

/** Spreadsheets leave empty rows at the end. */
const isBlank = (values: readonly string[]): boolean => values[0] === '' && values.every((value) => value === '');

/**
 * Whether a record is a row: neither blank nor a total at the end of one of our reports, whose rows begin with the id of an
 * entry.
 */
export function isRow(values: readonly string[], { places }: Layout): boolean {
  if (values[0] === 'TOTAL' && places.entryId?.[0]?.[0] === 0) return false;
  return !isBlank(values);
}
