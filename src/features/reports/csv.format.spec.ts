import { parse } from 'csv-parse/sync';
import { array, assert, asyncProperty, constantFrom, integer, oneof, option, string, tuple } from 'fast-check';
import { decode } from 'iconv-lite';
import type { CopiedRow } from '../../platform/database/snapshot.js';
import { inCp932 } from './cp932.js';
import { csv } from './csv.format.js';
import type { FileOptions } from './report-format.js';
import type { Report } from './report.js';

const report: Report = {
  name: 'notes',
  title: { en: 'Notes', ja: '備考' },
  permission: 'reports.usage',
  about: '',
  columns: [
    { name: 'id', type: 'code', en: 'ID', ja: '番号', about: '' },
    { name: 'note', type: 'text', en: 'Note, "free"', ja: '備考', about: '' },
    { name: 'minutes', type: 'minutes', en: 'Minutes', ja: '分', about: '' },
    { name: 'hours', type: 'hours', of: 'minutes', en: 'Hours', ja: '時間', about: '' },
  ],
  rows: () => ({ sql: '', values: [] }),
};

/** A value as the rows of a snapshot hold it: each character is one byte of UTF-8. */
const asBytes = (value: string | null): string | null =>
  value === null ? null : Buffer.from(value).toString('latin1');

async function bytesOf(batches: CopiedRow[][], options: FileOptions): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const rows = async function* () {
    yield* batches.map((rows) => rows.map((row) => row.map(asBytes)));
  };
  for await (const piece of csv.write(report, rows(), options)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

const written = async (rows: CopiedRow[], options: FileOptions = {}) => (await bytesOf([rows], options)).toString();

describe('a cell with text', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    [null, ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['one\ntwo', '"one\ntwo"'],
    ['one\rtwo', '"one\rtwo"'],
    [' = not first', ' = not first'],
    ['a=b', 'a=b'],
    ["'=1", "'=1"],
    ['=1+1', "'=1+1"],
    ['+81 3', "'+81 3"],
    ['-5', "'-5"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tindented', "'\tindented"],
    ['\r=1', '"\'\r=1"'],
    ['\n=1', '"\'\n=1"'],
    ['=1,"x"', '"\'=1,""x"""'],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠1', "'＠1"],
    ['設定', '設定'],
  ])('has %j written as %j', async (text, cell) => {
    const file = await written([['x', text, '0']]);
    expect(file).toBe(`id,note,minutes,hours\r\nx,${cell},0,0.00\r\nTOTAL,1,0,0.00\r\n`);
  });
});

test('numbers get no apostrophe, and hours add up', async () => {
  const rows = [-20, 20, 20, -5000].map((minutes) => ['x', null, String(minutes)]);
  expect(await written(rows)).toBe(
    'id,note,minutes,hours\r\nx,,-20,-0.33\r\nx,,20,0.33\r\nx,,20,0.33\r\nx,,-5000,-83.33\r\nTOTAL,4,-4980,-83.00\r\n',
  );
});

test('headings are quoted like any other text', async () => {
  expect(await written([], { headings: 'en' })).toBe('ID,"Note, ""free""",Minutes,Hours\r\nTOTAL,0,0,0.00\r\n');
  expect(await written([], { headings: 'ja', bom: true })).toBe('\uFEFF番号,備考,分,時間\r\nTOTAL,0,0,0.00\r\n');
});

/** Any text, with many characters that cause trouble in a file. */
const text = array(
  oneof(
    constantFrom('"', ',', '\r', '\n', '\r\n', '=', '-', "'", '設', '𠮷', '〜', 'é', '　'),
    string({ unit: 'binary' }),
  ),
  { maxLength: 6 },
).map((pieces) => pieces.join(''));
const rows = array(tuple(option(text), integer({ min: -9_999, max: 9_999 })), { maxLength: 30 });

test('a file is read back as it was, except for the apostrophe before a text that looks like a formula', async () => {
  await assert(
    asyncProperty(rows, integer({ min: 0, max: 30 }), async (given, cut) => {
      const lines = given.map(([note, minutes]) => ['x', note, String(minutes)]);
      const bytes = await bytesOf([lines.slice(0, cut), lines.slice(cut)], {});
      const [, ...records] = parse(bytes, { record_delimiter: '\r\n' });
      expect(records.pop()!.slice(0, 3)).toEqual([
        'TOTAL',
        String(given.length),
        String(given.reduce((sum, [, minutes]) => sum + minutes, 0)),
      ]);
      expect(records.map(([, note, minutes]) => [note!.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, ''), minutes])).toEqual(
        // If the text had an apostrophe there already, nobody can distinguish it from ours.
        given.map(([note, minutes]) => [(note ?? '').replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, ''), String(minutes)]),
      );
    }),
  );
});

describe('a text in CP932', () => {
  test('can be read back, and has no more characters than before', async () => {
    await assert(
      asyncProperty(text, async (note) => {
        const bytes = await bytesOf([[['x', note, '1']]], { charset: 'cp932' });
        const [, record] = parse(decode(bytes, 'cp932'), { record_delimiter: '\r\n' });
        expect(record![1]!.replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, '')).toBe(
          inCp932(note).replace(/^'(?=[=+\-@\t\r\n＝＋－＠])/, ''),
        );
        expect(inCp932(note)).not.toContain('\ufffd');
        expect([...inCp932(note)].length).toBeLessThanOrEqual([...note.normalize('NFC')].length);
      }),
    );
  });

  test.each([
    ['株式会社あおい ①㈱髙﨑ｱ～', '株式会社あおい ①㈱髙﨑ｱ～'],
    ['か\u3099き', 'がき'],
    ['10〜20−5—¥', '10～20－5―￥'],
    ['naïve 😀 한', 'na〓ve 〓 〓'],
    ['plain ASCII ~ \\', 'plain ASCII ~ \\'],
  ])('is written so: %s as %s', (given, expected) => {
    expect(inCp932(given)).toBe(expected);
  });
});
