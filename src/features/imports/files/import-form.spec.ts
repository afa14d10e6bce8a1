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
/** For a file with two columns: parameters give the other values. */
const brief: Reading = { ...usual, defaults: { ...defaults, customer: 'Acme' } };

const header = 'subscriptionId,workDate,minutes,consultant,productLine,activity,delivery,summary';
const row = 's,2026-04-01,90,c,p,upgrade,remote,Done';

/** The form of a file whose bytes arrive in pieces of `piece` bytes. */
function formOf(file: string | Buffer, reading = usual, piece = 7): ImportForm {
  const bytes = Buffer.from(file as string);
  const check = new FormCheck(reading);
  for (let at = 0; at < bytes.length; at += piece) check.read(bytes.subarray(at, at + piece));
  return check.end();
}

/** The faults of a file as `line:column code`. */
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
  ['lines that end with CR LF', [header, row, row, ''].join('\r\n'), 2],
  ['lines that end with LF', [header, row, row, ''].join('\n'), 2],
  ['both kinds of line ends', `${header}\r\n${row}\n${row}\r\n`, 2],
  ['no line end after the last row', `${header}\n${row}`, 1],
  ['a byte order mark at the beginning', `\ufeff${header}\n${row}\n`, 1],
  ['only headings', `${header}\r\n`, 0],
  ['only headings and no line end', header, 0],
  ['blank lines', `${header}\n\n${row}\r\n\r\n\n`, 1],
  ['rows that have only commas, too few or too many', `${header}\n${row}\n,,,,,,,\n,,\n,,,,,,,,,,,\n`, 1],
  ['semicolons', `${header}\n${row}\n`.replaceAll(',', ';'), 1],
  ['tabs', `${header}\n${row}\n`.replaceAll(',', '\t'), 1],
  ['a sep= line', `\ufeffsep=;\r\n${`${header}\n${row}\n`.replaceAll(',', ';')}`, 1],
  ['a sep= line that ends with its tab', `sep=\t\n${`${header}\n${row}\n`.replaceAll(',', '\t')}`, 1],
  ['blanks around quotation marks', `${header}\n${row.replace(',90,', ', "90" ,')}\n`, 1],
  ['everything in quotation marks', `"${header.replaceAll(',', '","')}"\n"${row.replaceAll(',', '","')}"`, 1],
  [
    'line ends, commas and quotation marks in a value',
    `${header}\n${row.replace('Done', '"a ""b"", c\r\nd\ne"')}\n`,
    1,
  ],
])('a file with %s is accepted', (_, file, rows) => {
  expect(formOf(file).rowCount).toBe(rows);
  expect(formOf(file, usual, 1_000).rowCount).toBe(rows);
});

test.each<[string, string | Buffer, string[], Reading?]>([
  ['an empty file', '', ['1 no-header']],
  ['only a byte order mark', '\ufeff', ['1 no-header']],
  ['a ZIP archive', Buffer.from('504b0304140000000800', 'hex'), ['1 archive']],
  ['a gzip file', Buffer.from('1f8b080000000000', 'hex'), ['1 compressed']],
  ['an XLS workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), ['1 workbook']],
  ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${header}\n`, 'utf16le'), ['1 utf-16']],
  ['UTF-16 without a byte order mark', Buffer.from(`${header}\n`, 'utf16le'), ['1 utf-16']],
  ['UTF-16 in the other byte order', Buffer.from(`${header}\n`, 'utf16le').swap16(), ['1 utf-16']],
  ['CP932 that is stated as UTF-8', encode(`${header}\n${row.replace('Done', '作業')}\n`, 'cp932'), ['2 not-utf-8']],
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
  ['UTF-8 that is stated as CP932', `\ufeff${header}\n`, ['1 utf-8-not-cp932'], { ...usual, encoding: 'cp932' }],
  ['a byte order mark in the middle', `${header}\n${row}\n\ufeff${header}\n`, ['3 bom']],
  ['a NUL character', `${header}\n${row}\0\n`, ['2 control-character']],
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
  [
    'a quotation mark that is not closed for 3,000 lines',
    `${header}\n"${`${row}\n`.repeat(3_000)}`,
    ['2:1 quote-not-closed'],
  ],
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
    'UTF-8 that is stated as Windows-1252',
    `\ufeff${header}\n`,
    ['1 utf-8-not-windows-1252'],
    { ...usual, encoding: 'windows-1252' },
  ],
  ['an unknown heading', `${header},color\n`, ['1:9 heading-unknown']],
  ['an empty heading', `${header},\n`, ['1:9 heading-empty']],
  ['two headings with the same meaning', `${header},Work date\n`, ['1:9 heading-repeated']],
  ['missing headings', 'workDate,minutes\n', Array<string>(6).fill('1 heading-missing')],
  ['a file without days', 'minutes\n', ['1 heading-missing-no-parameter'], brief],
])('%s is refused with line and column', (_, file, faults, reading = usual) => {
  expect(faultsOf(file, reading)).toEqual(faults);
  expect(faultsOf(file, reading, 100_000)).toEqual(faults);
});

test('a refusal names all faults, but at most a hundred', () => {
  expect(faultsOf(`${header}\n${`${row}\n"9"0,\n`.repeat(3)}`)).toHaveLength(6);
  expect(faultsOf(`${header}\n${'a,b\n'.repeat(5_000)}`)).toHaveLength(100);
});

test('a fault of the encoding names its place in the line', () => {
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
])('the fault of a forbidden character names its place in the line: %j', (character, fault) => {
  const file = `${header}\n😀い${character}う\n`;
  expect(() => formOf(file)).toThrow(expect.objectContaining({ faults: expect.arrayContaining([fault]) as unknown }));
});

test('a file of more than a million rows is refused', () => {
  const check = new FormCheck(brief);
  check.read(Buffer.from('workDate,minutes\n'));
  const many = Buffer.from('2026-04-01,1\n'.repeat(100_000));
  for (let times = 0; times < 10; times++) check.read(many);
  expect(() => check.read(Buffer.from('2026-04-01,1\n'))).toThrow(expect.objectContaining({ code: 'file-too-long' }));
});

test('the totals at the end of a report are not counted as a row', () => {
  const report = `entryId,kind,${header}\ne,entry,${row}\nTOTAL,1,,,90,,,,,\n`;
  expect(formOf(report).rowCount).toBe(1);
  expect(formOf(`${header}\n${row.replace('s,', 'TOTAL,')}\n`).rowCount).toBe(1);
});

test('any table is read as it was written, in pieces of any size', () => {
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
