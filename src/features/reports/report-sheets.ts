import type { CopiedRow } from '../../platform/database/snapshot.js';
import { BytePieces } from './byte-pieces.js';
import { bytesOf, textOf } from './byte-text.js';
import { printedColumns } from './printed-columns.js';
import type { Column, Report } from './report.js';
import type { FileOptions } from './report-format.js';
import type { RowReader } from './row-reader.js';
import { cellWriter, columnLetters, textCell, type CellWriter } from './sheet-cells.js';
import { sheetProof, type SheetProof } from './sheet-proof.js';
import { currencyRows, totalCells, type SheetColumn } from './sheet-totals.js';
import { columnWidth, numberWidth } from './sheet-widths.js';
import { sheetEnd, sheetStart, type SheetSize } from './workbook.js';

/** A sheet ends at the first of these limits. The rows continue on the next sheet. */
export interface SheetLimits {
  /** Including the heading and space for the totals. */
  rows: number;
  bytes: number;
}

/** Below the rows comes an empty row, so that filters, sorting and pivot tables leave the totals out. */
const rowsBelow = 2;

/** Column widths depend on this many rows. The number is fixed, so that the same rows always give the same bytes. */
const judgedRows = 200;

/** The sheets of a workbook, one after the other. */
export class ReportSheets {
  /** The sheets written so far. */
  readonly sizes: SheetSize[] = [];
  readonly #columns: readonly (SheetColumn & { cell: CellWriter })[];
  readonly #proof: SheetProof | undefined;
  readonly #title: string;
  #start?: string;
  #rowCount = 0;

  constructor(
    private readonly report: Report,
    private readonly rows: RowReader,
    private readonly headings: FileOptions['headings'],
    private readonly limits: SheetLimits,
  ) {
    this.#title = headings === undefined ? report.name : report.title[headings];
    this.#columns = printedColumns(report, { language: headings, hours: 'exact' }).map((printed, at) => ({
      ...printed,
      letters: columnLetters(at),
      cell: cellWriter(printed.column, columnLetters(at)),
    }));
    this.#proof = sheetProof(report, this.#columns);
  }

  /** The XML of the next sheet. Read it to its end before the next one. */
  async *next(): AsyncGenerator<Buffer> {
    this.#start ??= this.#startOf(await this.rows.ahead(judgedRows));
    const pieces = new BytePieces();
    pieces.add(this.#start);
    let bytes = 0;
    let number = 1;
    while (number < this.limits.rows - rowsBelow && bytes < this.limits.bytes) {
      const row = this.rows.atHand() ?? (await this.rows.next());
      if (row === undefined) break;
      const full = pieces.add(this.#row(row, ++number));
      if (full === undefined) continue;
      bytes += full.length;
      yield full;
    }
    yield pieces.rest();
    this.#rowCount += number - 1;
    const size = this.#sizeOf(this.sizes.length + 1, number);
    this.sizes.push(size);
    const totals = (await this.rows.ended()) ? this.#totals(number + rowsBelow) : '';
    yield Buffer.from(totals + sheetEnd(size));
  }

  #startOf(judged: readonly CopiedRow[]): string {
    const language = this.headings ?? 'name';
    const headings = this.#columns.map(({ column }) => column[language]);
    const trial = printedColumns(this.report, { language: this.headings });
    const widths = headings.map((heading, at) => {
      const column = trial[at]!;
      const printed = judged.map((row) => column.print(row)).map((bytes) => bytes && textOf(bytes));
      return numeric.has(column.column.type) ? numberWidth(heading, printed) : columnWidth(heading, printed);
    });
    if (this.#proof) {
      headings.push(this.#proof.heading[language]);
      widths.push(columnWidth(this.#proof.heading[language], []));
    }
    const cells = headings.map((heading, at) =>
      headingCell(columnLetters(at), this.#columns[at]?.column)(bytesOf(heading), '1'),
    );
    return `${sheetStart(widths)}<row r="1">${cells.join('')}</row>`;
  }

  #row(row: CopiedRow, number: number): string {
    const place = String(number);
    let cells = '';
    for (const column of this.#columns) cells += column.cell(column.print(row), place);
    return `<row r="${number}">${cells}${this.#proof?.cell(row, number) ?? ''}</row>`;
  }

  #totals(number: number): string {
    const cells = totalCells(this.#columns, this.sizes, this.#rowCount, number);
    const totals = `<row r="${number}">${cells}${this.#proof?.totalCell(number) ?? ''}</row>`;
    return totals + currencyRows(this.#columns, this.sizes, number + 1);
  }

  #sizeOf(sheet: number, lastRow: number): SheetSize {
    const name = sheet === 1 ? this.#title : `${this.#title} (${sheet})`;
    return { name, lastColumn: columnLetters(this.#columns.length - (this.#proof ? 0 : 1)), lastRow };
  }
}

const numeric = new Set(['number', 'minutes', 'hours', 'amount']);

/** A heading is aligned like its values: to the right over numbers and over the proof column. */
const headingCell = (letters: string, column?: Column): CellWriter =>
  textCell(column === undefined || numeric.has(column.type) ? 'numberHeading' : 'heading', letters);
