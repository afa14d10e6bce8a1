import { encode } from 'iconv-lite';
import { bytesOf, textOf } from './byte-text.js';
import { inCp932 } from './cp932.js';
import { printedColumns, type PrintedColumn } from './printed-columns.js';
import { delimiters, type Charset, type ReportFormat } from './report-format.js';

/** What happens to values that are read as bytes. */
interface Encoding {
  /** The registered name of the encoding. */
  name: string;
  /** Text that a spreadsheet would run as a formula starts with one of these. The last four are full-width. */
  formula: RegExp;
  cell: (bytes: string) => string;
  piece: (cells: string) => Uint8Array;
}

const encodings: Record<Charset, Encoding> = {
  'utf-8': {
    name: 'utf-8',
    formula: /^(?:[=+\-@\t\r\n]|\xef\xbc[\x9d\x8b\x8d\xa0])/,
    cell: (bytes) => bytes,
    piece: (cells) => Buffer.from(cells, 'latin1'),
  },
  cp932: {
    name: 'windows-31j',
    formula: /^[=+\-@\t\r\n＝＋－＠]/,
    cell: (bytes) => inCp932(textOf(bytes)),
    piece: (cells) => encode(cells, 'cp932'),
  },
};

/**
 * RFC 4180: a header, the rows, and a last record `TOTAL, row count, …` with the sums under their columns. The records are written
 * here, from undecoded bytes, so that a report takes at most 1.25 times as long as `psql \copy` (`npm run bench:reports`).
 */
export const csv: ReportFormat = {
  mediaType: ({ charset = 'utf-8' }) => `text/csv; charset=${encodings[charset].name}; header=present`,
  async *write(report, batches, { headings, bom, charset = 'utf-8', delimiter = 'comma' }) {
    const { formula, cell, piece } = encodings[charset];
    const { record, quoted } = delimited(delimiters[delimiter]);
    const columns = printedColumns(report, { language: headings });
    const text = (bytes: string): string => quoted(harmless(cell(bytes), formula));
    const printers = columns.map((column) => cellPrinter(column, text));
    const header = record(report.columns.map((column) => quoted(cell(bytesOf(column[headings ?? 'name'])))));
    yield piece(bom === true ? bytesOf('\uFEFF') + header : header);
    let rowCount = 0;
    for await (const rows of batches) {
      rowCount += rows.length;
      yield piece(rows.map((row) => record(printers.map((print) => print(row)))).join(''));
    }
    const totals = columns.slice(2).map((column) => column.total());
    yield piece(record(['TOTAL', String(rowCount), ...totals.map((total) => total && quoted(total))]));
  },
};

/** Writes records with a delimiter. An empty cell has no value. */
const delimited = (delimiter: string) => {
  const special = new RegExp(`[${delimiter}"\r\n]`);
  return {
    record: (cells: (string | null)[]): string => `${cells.join(delimiter)}\r\n`,
    quoted: (text: string): string => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text),
  };
};

/** Only text and the words for codes may need quotes or another encoding, or look like a formula. */
function cellPrinter(printed: PrintedColumn, text: (bytes: string) => string): PrintedColumn['print'] {
  const { column } = printed;
  if (column.type !== 'text' && !(column.type === 'code' && column.words)) return (row) => printed.print(row);
  return (row) => {
    const bytes = printed.print(row);
    return bytes === null ? null : text(bytes);
  };
}

/** A leading apostrophe turns a formula into text. Numbers are never changed. */
const harmless = (text: string, formula: RegExp): string => (formula.test(text) ? `'${text}` : text);
