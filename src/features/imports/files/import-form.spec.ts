import * as fc from 'fast-check';
import { encode } from 'iconv-lite';
import { Refusal } from '../../../domain/refusal.js';
import { CsvReader } from './import-csv.js';
import { Faults } from './import-faults.js';
import { FormCheck, type ImportForm, type Reading } from './import-form.js';
import { TextReader } from './import-text.js';

const usual: Reading = { encoding: 'utf-8', map: undefined, defaults: {} };
const defaults = {
  consultant: 'a@b.example',
  productLine: 'ERP',
  activity: 'upgrade',
  delivery: 'remote',
  summary: 'x',
};
/** A file with two columns, and all else said for the whole of it. */
const brief: Reading = { ...usual, defaults: { ...defaults, customer: 'Acme' } };

const header = 'subscriptionId,workDate,minutes,consultant,productLine,activity,delivery,summary';
const row = 's,2026-04-01,90,c,p,upgrade,remote,Done';

/** The form of a file whose bytes come in pieces of so many. */
function formOf(file: string | Buffer, reading = usual, piece = 7): ImportForm {
  const bytes = Buffer.from(file as string);
  const check = new FormCheck(reading);
  for (let at = 0; at < bytes.length; at += piece) check.read(bytes.subarray(at, at + piece));
  return check.end();
}

/** Its faults as `line:column code`. */
function faultsOf(file: string | Buffer, reading = usual, piece = 7): string[] {
  try {
    formOf(file, reading, piece);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal) || !error.faults) throw error;
    return error.faults.map(({ line, column, code }) => `${line}${column === undefined ? '' : `:${column}`} ${code}`);
  }
}

test.each([
  ['CR LF', [header, row, row, ''].join('\r\n'), 2],
  ['LF', [header, row, row, ''].join('\n'), 2],
  ['both', `${header}\r\n${row}\n${row}\r\n`, 2],
  ['no line end after the last row', `${header}\n${row}`, 1],
  ['a mark of UTF-8 at the beginning', `\ufeff${header}\n${row}\n`, 1],
  ['headings alone', `${header}\r\n`, 0],
  ['headings alone, without a line end', header, 0],
  ['blank lines', `${header}\n\n${row}\r\n\r\n\n`, 1],
  ['rows of nothing but commas, more and less of them', `${header}\n${row}\n,,,,,,,\n,,\n,,,,,,,,,,,\n`, 1],
  ['semicolons', `${header}\n${row}\n`.replaceAll(',', ';'), 1],
  ['tabs', `${header}\n${row}\n`.replaceAll(',', '\t'), 1],
  ['a first line for spreadsheets', `\ufeffsep=;\r\n${`${header}\n${row}\n`.replaceAll(',', ';')}`, 1],
  ['a first line that ends with its tab', `sep=\t\n${`${header}\n${row}\n`.replaceAll(',', '\t')}`, 1],
  ['blanks around quotation marks', `${header}\n${row.replace(',90,', ', "90" ,')}\n`, 1],
  ['everything in quotation marks', `"${header.replaceAll(',', '","')}"\n"${row.replaceAll(',', '","')}"`, 1],
  [
    'line ends, commas and quotation marks in a value',
    `${header}\n${row.replace('Done', '"a ""b"", c\r\nd\ne"')}\n`,
    1,
  ],
])('a file with %s is in order', (_, file, rows) => {
  expect(formOf(file).rowCount).toBe(rows);
  expect(formOf(file, usual, 1_000).rowCount).toBe(rows);
});

test.each<[string, string | Buffer, string[], Reading?]>([
  ['nothing', '', ['1 no-header']],
  ['a mark alone', '\ufeff', ['1 no-header']],
  ['a ZIP archive', Buffer.from('504b0304140000000800', 'hex'), ['1 archive']],
  ['a gzip file', Buffer.from('1f8b080000000000', 'hex'), ['1 compressed']],
  ['an XLS workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), ['1 workbook']],
  ['UTF-16 with a mark', Buffer.from(`\ufeff${header}\n`, 'utf16le'), ['1 utf-16']],
  ['UTF-16 without one', Buffer.from(`${header}\n`, 'utf16le'), ['1 utf-16']],
  ['UTF-16 the other way round', Buffer.from(`${header}\n`, 'utf16le').swap16(), ['1 utf-16']],
  ['CP932 that is said to be UTF-8', encode(`${header}\n${row.replace('Done', '作業')}\n`, 'cp932'), ['2 not-utf-8']],
  ['UTF-8 cut in the middle of a character', Buffer.from(`${header}\n${row}あ`).subarray(0, -1), ['2 not-utf-8']],
  [
    'a surrogate in UTF-8',
    Buffer.concat([Buffer.from(`${header}\n${row}`), Buffer.from('eda080', 'hex')]),
    ['2 not-utf-8'],
  ],
  [
    'bytes that are not CP932',
    Buffer.concat([Buffer.from(`${header}\n${row}`), Buffer.from([0xa0])]),
    ['2 not-cp932'],
    { ...usual, encoding: 'cp932' },
  ],
  ['CP932 in the headings', encode(`${header},作業\n${row},\n${row},作業\n`, 'cp932'), ['1 not-utf-8']],
  ['UTF-8 that is said to be CP932', `\ufeff${header}\n`, ['1 utf-8-not-cp932'], { ...usual, encoding: 'cp932' }],
  ['a mark in the middle', `${header}\n${row}\n\ufeff${header}\n`, ['3 bom']],
  ['NUL', `${header}\n${row}\0\n`, ['2 control-character']],
  [
    'a control character in quotation marks',
    `${header}\n${row.replace('Done', '"a\u001bb"')}\n`,
    ['2 control-character'],
  ],
  ['lines that end with CR alone', `${header}\r${row}\r`, ['1:8 carriage-return']],
  ['CR within a line', `${header}\n${row.replace('90', '9\r0')}\n${row}\n`, ['2:3 carriage-return']],
  ['a quotation mark within a value', `${header}\n${row.replace('90', '9"0"')}\n${row}\n`, ['2:3 stray-quote']],
  [
    'text after a closing quotation mark',
    `${header}\n${row.replace('90', '"9"0')}\n${row}\n`,
    ['2:3 text-after-quote'],
  ],
  [
    'a quotation mark that is not closed',
    `${header}\n${row}\n${row.replace('Done', '"Done')}\n${row}\n`,
    ['3:8 quote-not-closed'],
  ],
  ['one that is not closed for long', `${header}\n"${`${row}\n`.repeat(3_000)}`, ['2:1 quote-not-closed']],
  ['too few and too many values', `${header}\n${row},x\n${row}\na,b\n`, ['2 columns-differ', '4 columns-differ']],
  ['10,000 columns', `${Array.from({ length: 10_000 }, (_, at) => at).join()}\n`, ['1 too-many-columns']],
  ['a line of 70,000 characters', `${header}\n${row}${'x'.repeat(70_000)}\n`, ['2 record-too-long']],
  ['a line without an end', `${header}\n${'x'.repeat(300_000)}`, ['2 record-too-long']],
  ['a value of 70,000 characters', `${header}\n"${'x'.repeat(70_000)}"\n`, ['2 record-too-long']],
  [
    'semicolons where commas are stated',
    `${header}\n${row}\n`.replaceAll(',', ';'),
    ['1 other-separator'],
    { ...usual, delimiter: 'comma' },
  ],
  [
    'tabs where semicolons are stated',
    `${header}\n${row}\n`.replaceAll(',', '\t'),
    ['1 other-separator'],
    { ...usual, delimiter: 'semicolon' },
  ],
  ['several delimiters in unknown headings', 'a;b,c\n1;2,3\n', ['1 delimiter-unclear']],
  [
    'bytes that are not Windows-1252',
    Buffer.concat([Buffer.from(`${header}\n${row}`), Buffer.from([0x81])]),
    ['2 not-windows-1252'],
    { ...usual, encoding: 'windows-1252' },
  ],
  [
    'UTF-8 that is said to be Windows-1252',
    `\ufeff${header}\n`,
    ['1 utf-8-not-windows-1252'],
    { ...usual, encoding: 'windows-1252' },
  ],
  ['an unknown heading', `${header},color\n`, ['1:9 heading-unknown']],
  ['an empty heading', `${header},\n`, ['1:9 heading-empty']],
  ['two headings that say the same', `${header},Work date\n`, ['1:9 heading-repeated']],
  ['missing headings', 'workDate,minutes\n', Array<string>(6).fill('1 heading-missing')],
  ['no day', 'minutes\n', ['1 heading-missing-no-parameter'], brief],
])('%s is refused by line and column', (_, file, faults, reading = usual) => {
  expect(faultsOf(file, reading)).toEqual(faults);
  expect(faultsOf(file, reading, 100_000)).toEqual(faults);
});

test('all faults are said at once, but not more than a hundred', () => {
  expect(faultsOf(`${header}\n${`${row}\n"9"0,\n`.repeat(3)}`)).toHaveLength(6);
  expect(faultsOf(`${header}\n${'a,b\n'.repeat(5_000)}`)).toHaveLength(100);
});

test('a fault of encoding says where in the line it is', () => {
  const bytes = Buffer.concat([Buffer.from(`${header}\nあい`), Buffer.from([0xff]), Buffer.from('う\n')]);
  expect(() => formOf(bytes)).toThrow(
    expect.objectContaining({
      faults: expect.arrayContaining([{ line: 2, code: 'not-utf-8', params: { character: 3 } }]) as unknown,
    }),
  );
});

test.each<[string, unknown]>([
  ['\ufeff', { line: 2, code: 'bom', params: { character: 3 } }],
  ['\0', { line: 2, code: 'control-character', params: { character: 3, code: 'U+0000' } }],
])('so does that of a character that has no place there: %j', (character, fault) => {
  const file = `${header}\n😀い${character}う\n`;
  expect(() => formOf(file)).toThrow(expect.objectContaining({ faults: expect.arrayContaining([fault]) as unknown }));
});

test('a file of more than a million rows is refused as such', () => {
  const check = new FormCheck(brief);
  check.read(Buffer.from('workDate,minutes\n'));
  const many = Buffer.from('2026-04-01,1\n'.repeat(100_000));
  for (let times = 0; times < 10; times++) check.read(many);
  expect(() => check.read(Buffer.from('2026-04-01,1\n'))).toThrow(expect.objectContaining({ code: 'file-too-long' }));
});

test('the sums at the end of a report are none of its rows', () => {
  const report = `entryId,kind,${header}\ne,entry,${row}\nTOTAL,1,,,90,,,,,\n`;
  expect(formOf(report).rowCount).toBe(1);
  expect(formOf(`${header}\n${row.replace('s,', 'TOTAL,')}\n`).rowCount).toBe(1);
});

test('any table is read as it was written, in whatever pieces it comes', () => {
  const value = fc.string({ unit: fc.constantFrom('a', 'あ', '😀', ',', '"', '\r\n', '\n', ' ', "'", '=') });
  const table = fc.array(fc.array(value, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
  const lineEnd = fc.constantFrom('\n', '\r\n');
  fc.assert(
    fc.property(table, lineEnd, fc.boolean(), fc.integer({ min: 1, max: 9 }), (rows, end, always, piece) => {
      const quoted = (text: string) => (always || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
      const bytes = Buffer.from(rows.map((values) => values.map(quoted).join() + end).join(''));
      const read: string[][] = [];
      const faults = new Faults();
      const text = new TextReader('utf-8', faults);
      const csv = new CsvReader((values) => read.push(values), faults);
      for (let at = 0; at < bytes.length; at += piece) csv.read(text.read(bytes.subarray(at, at + piece)));
      csv.read(text.end());
      csv.end();
      expect(read).toEqual(rows);
    }),
  );
});
