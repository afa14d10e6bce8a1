import { daysBetween } from '../../domain/calendar.js';
import type { Column } from './report.js';
import { styleNumber, type StyleName } from './sheet-styles.js';
import { escapedBytes, escapedText, spaced } from './sheet-text.js';

/** Writes a printed value, as bytes, as a cell of the row with this number. No value, no cell. */
export type CellWriter = (value: string | null, row: string) => string;

/** The cell for each kind of column, in the column with these letters: text, or a number with a format. */
export function cellWriter({ name, type }: Column, letters: string): CellWriter {
  switch (type) {
    case 'text':
      return textCell('text', letters);
    case 'code': {
      // Codes need no escaping.
      const [start, middle, end] = textAround('text', letters);
      return (value, row) => (value === null ? '' : start + row + middle + '>' + value + end);
    }
    case 'number':
      return numberWriter(type, letters, (value) => numberIn(name, value));
    case 'minutes':
    case 'hours':
      return numberWriter(type, letters, (value) => value);
    case 'amount':
      return (value, row) =>
        value === null ? '' : numberCell(amountStyle(value), numberIn(name, value), letters + row);
    case 'day':
      return dated('day', letters, serials());
    case 'month': {
      const serialOf = serials();
      return dated('month', letters, (month) => serialOf(`${month}-01`));
    }
    case 'instant': {
      const serialOf = serials();
      return dated('instant', letters, (instant) => serialOfInstant(instant, serialOf));
    }
  }
}

/** A text cell: its value is never a formula, a number or a date. */
export function textCell(style: StyleName, letters: string): CellWriter {
  const [start, middle, end] = textAround(style, letters);
  return (value, row) => (value === null ? '' : start + row + middle + spaced(value) + '>' + escapedBytes(value) + end);
}

/** A number cell. With a formula, the value is its result when the file was written. */
export function numberCell(style: StyleName, value: string, place: string, formula?: string): string {
  const calculated = formula === undefined ? '' : `<f>${escapedText(formula)}</f>`;
  return `<c r="${place}" s="${styleNumber(style)}">${calculated}<v>${value}</v></c>`;
}

/** `A` for the first column (0), `AA` for the 27th. */
export function columnLetters(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : columnLetters(Math.floor(at / 26) - 1) + last;
}

/** The XML before and after the row number, and after the text. */
const textAround = (style: StyleName, letters: string) =>
  [`<c r="${letters}`, `" s="${styleNumber(style)}" t="inlineStr"><is><t`, '</t></is></c>'] as const;

function numberWriter(style: StyleName, letters: string, written: (value: string) => string): CellWriter {
  const start = `<c r="${letters}`;
  const middle = `" s="${styleNumber(style)}"><v>`;
  return (value, row) => (value === null ? '' : start + row + middle + written(value) + '</v></c>');
}

/** Dates that the calendar of spreadsheets does not have become text. */
function dated(style: StyleName, letters: string, serialOf: (value: string) => number | undefined): CellWriter {
  const asText = textCell('text', letters);
  const asNumber = numberWriter(style, letters, (serial) => serial);
  return (value, row) => {
    const serial = value === null ? undefined : serialOf(value);
    return serial === undefined ? asText(value, row) : asNumber(String(serial), row);
  };
}

function numberIn(column: string, value: string): string {
  if (!/^-?\d+(?:\.\d+)?$/.test(value)) throw new Error(`Column ${column} of a report holds no number`);
  return value;
}

/** The number of decimal places of the currency. */
const amountStyle = (value: string): StyleName => amountStyles[decimalsOf(value)] ?? 'number';

const amountStyles: Partial<Record<number, StyleName>> = { 0: 'amount0', 2: 'amount2', 3: 'amount3' };

/** The number of decimal places that a number was printed with. */
export function decimalsOf(value: string): number {
  const point = value.indexOf('.');
  return point < 0 ? 0 : value.length - point - 1;
}

/**
 * The day number of a spreadsheet. 1900-03-01 is day 61: spreadsheets count a 1900-02-29 that never existed, so
 * programs differ on earlier days. The last day is cached, because most rows have the day of the row before.
 */
function serials(): (day: string) => number | undefined {
  let last: string | undefined;
  let serial: number | undefined;
  return (day) => {
    if (day !== last) {
      last = day;
      serial = /^\d{4}-\d\d-\d\d$/.test(day) && day >= '1900-03-01' ? daysBetween('1899-12-30', day) : undefined;
    }
    return serial;
  };
}

/** Converts a printed instant, `2026-04-20T09:30:00.120Z`: the time is the fraction of its day in UTC. */
function serialOfInstant(instant: string, serialOf: (day: string) => number | undefined): number | undefined {
  const day = serialOf(instant.slice(0, 10));
  const seconds =
    Number(instant.slice(11, 13)) * 3_600 + Number(instant.slice(14, 16)) * 60 + Number(instant.slice(17, 23));
  return day === undefined ? undefined : day + seconds / 86_400;
}
