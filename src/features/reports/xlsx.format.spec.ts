import { buffer } from 'node:stream/consumers';
import { unzipped } from '../../../test/support/unzipped.js';
import type { CopiedRow } from '../../platform/database/snapshot.js';
import { bytesOf as utf8Of } from './byte-text.js';
import type { FileOptions } from './report-format.js';
import type { Report } from './report.js';
import { workbookWithin, xlsx } from './xlsx.format.js';

const columns: Report['columns'] = [
  { name: 'id', type: 'code', en: 'ID', ja: 'ID', about: '' },
  { name: 'summary', type: 'text', en: 'Summary', ja: '作業概要', about: '' },
  { name: 'severity', type: 'number', en: 'Severity', ja: '重大度', about: '' },
  { name: 'day', type: 'day', en: 'Day', ja: '日', about: '' },
  { name: 'month', type: 'month', en: 'Month', ja: '月', about: '' },
  { name: 'at', type: 'instant', en: 'At', ja: '日時', about: '' },
  { name: 'minutes', type: 'minutes', en: 'Minutes', ja: '時間（分）', about: '' },
  { name: 'hours', type: 'hours', of: 'minutes', en: 'Hours', ja: '時間', about: '' },
  { name: 'cost', type: 'amount', currencyIn: 'currency', en: 'Cost', ja: '費用', about: '' },
  { name: 'currency', type: 'code', en: 'Currency', ja: '通貨', about: '' },
];

const report: Report = {
  name: 'small-lines',
  title: { en: 'Small lines', ja: '小さな明細' },
  permission: 'reports.usage',
  about: '',
  columns,
  totalOf: 'minutes',
  rows: () => ({ sql: '', values: [] }),
};

const row = (minutes: number, summary: string | null = 'text', cost = '100', currency = 'JPY'): CopiedRow => [
  `id-${minutes}`,
  summary,
  '2',
  '2026-04-20',
  '2026-04',
  '2026-04-20 09:30:00.12+00',
  String(minutes),
  cost,
  currency,
];

const asBytes = (values: CopiedRow): CopiedRow => values.map((value) => value && utf8Of(value));

async function* inBatches(rows: readonly CopiedRow[], size = 3) {
  for (let at = 0; at < rows.length; at += size) yield await Promise.resolve(rows.slice(at, at + size).map(asBytes));
}

async function bytesOf(rows: readonly CopiedRow[], options: FileOptions = {}, format = xlsx, batch = 3) {
  const pieces: Buffer[] = [];
  for await (const piece of format.write(report, inBatches(rows, batch), options)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

/** The parts of a workbook by their paths. */
async function partsOf(...given: Parameters<typeof bytesOf>): Promise<Map<string, string>> {
  return new Map([...(await unzipped(await bytesOf(...given)))].map(([path, content]) => [path, content.toString()]));
}

const sheet1 = 'xl/worksheets/sheet1.xml';

/** The content of the cell at a place, without the number of its style. */
const cellAt = (sheet: string, place: string): string | undefined =>
  new RegExp(`<c r="${place}" s="\\d+"(.*?)</c>`, 's').exec(sheet)?.[1];

const text = (escaped: string, space = '') => ` t="inlineStr"><is><t${space}>${escaped}</t></is>`;
const number = (value: string) => `><v>${value}</v>`;
const calculated = (formula: string, value: string) => `><f>${formula}</f><v>${value}</v>`;

/** The number format of the cell at a place. */
function formatAt(parts: Map<string, string>, place: string): string | undefined {
  const style = Number(new RegExp(`<c r="${place}" s="(\\d+)"`).exec(parts.get(sheet1)!)![1]);
  const styles = parts.get('xl/styles.xml')!;
  const [, cellXfs] = /<cellXfs.*?>(.*)<\/cellXfs>/.exec(styles)!;
  const id = /numFmtId="(\d+)"/.exec(cellXfs!.match(/<xf .*?<\/xf>/g)![style]!)![1];
  return new RegExp(`<numFmt numFmtId="${id}" formatCode="(.*?)"`).exec(styles)?.[1];
}

test('cells have the type and the format of their column', async () => {
  const parts = await partsOf([
    row(75, 'text', '12800'),
    row(-20, null, '-99.50', 'USD'),
    row(1, null, '0.125', 'KWD'),
  ]);
  const sheet = parts.get(sheet1)!;
  const cells = [...'ABCDEFGHI'].map((letter) => cellAt(sheet, `${letter}2`));
  expect(cells).toEqual([
    text('id-75'),
    text('text'),
    number('2'),
    number('46132'),
    number('46113'),
    number(String(46132 + (9.5 * 3_600 + 0.12) / 86_400)),
    number('75'),
    number('1.25'),
    number('12800'),
  ]);
  expect([...'ABCDEFGHI'].map((letter) => formatAt(parts, `${letter}2`))).toEqual([
    '@',
    '@',
    undefined,
    'yyyy-mm-dd',
    'yyyy-mm',
    'yyyy-mm-dd hh:mm:ss&quot; UTC&quot;',
    '#,##0',
    '#,##0.00',
    '#,##0',
  ]);
  expect([cellAt(sheet, 'B3'), cellAt(sheet, 'I3'), formatAt(parts, 'I3')]).toEqual([
    undefined,
    number('-99.50'),
    '#,##0.00',
  ]);
  expect(formatAt(parts, 'I4')).toBe('#,##0.000');
});

test('a day on which the calendars of spreadsheets disagree is text', async () => {
  const early = row(1).with(3, '1900-02-28');
  expect(cellAt((await partsOf([early])).get(sheet1)!, 'D2')).toBe(text('1900-02-28'));
  const later = row(1).with(3, '1900-03-01');
  expect(cellAt((await partsOf([later])).get(sheet1)!, 'D2')).toBe(number('61'));
});

test.each([
  ['=HYPERLINK("http://x","y")', '=HYPERLINK("http://x","y")'],
  ["'; drop & <b> ]]>", "'; drop &amp; &lt;b&gt; ]]&gt;"],
  ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
  ['bell \u0007, return \r, no character \ufffe', 'bell _x0007_, return _x000D_, no character _xFFFE_'],
  ['_x000D_ and _xZZZZ_', '_x005F_x000D_ and _xZZZZ_'],
  ['_x0041_x0042_', '_x005F_x0041_x005F_x0042_'],
  ['_x000B\u000c.', '_x005F_x000B_x000C_.'],
  ['𠮷野家 👩‍💻 ＝１', '𠮷野家 👩‍💻 ＝１'],
  ['￥￠ｱ and no character \uffff', '￥￠ｱ and no character _xFFFF_'],
  ['x'.repeat(32_767), 'x'.repeat(32_767)],
  ['設'.repeat(32_767), '設'.repeat(32_767)],
  ['x'.repeat(32_768), `${'x'.repeat(32_766)}…`],
  ['設'.repeat(32_768), `${'設'.repeat(32_766)}…`],
  [`${'x'.repeat(32_765)}😀😀`, `${'x'.repeat(32_765)}…`],
])('any content of a text cell stays text: case %#', async (given, written) => {
  expect(cellAt((await partsOf([row(1, given)])).get(sheet1)!, 'B2')).toBe(text(written));
});

test('spaces at the beginning and the end of a text are preserved', async () => {
  const preserved = ' xml:space="preserve"';
  expect(cellAt((await partsOf([row(1, ' a ')])).get(sheet1)!, 'B2')).toBe(text(' a ', preserved));
});

test('a value that is not a number is refused in a column of numbers', async () => {
  const hostile = row(1).with(2, '2</v></c>');
  await expect(bytesOf([hostile])).rejects.toThrow('Column severity of a report holds no number');
});

test('the first row stays visible, the rows have a filter, and an empty row separates the totals', async () => {
  const sheet = (await partsOf([row(20), row(20), row(20)])).get(sheet1)!;
  expect(sheet).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
  expect(sheet).toContain('<autoFilter ref="A1:J4"/>');
  expect(sheet).not.toContain('<row r="5">');
  expect([...'ABGHI'].map((letter) => cellAt(sheet, `${letter}6`))).toEqual([
    text('TOTAL'),
    calculated('SUBTOTAL(103,A2:A4)', '3'),
    calculated('SUBTOTAL(109,G2:G4)', '60'),
    calculated('SUBTOTAL(109,H2:H4)', '1'),
    calculated('SUBTOTAL(109,I2:I4)', '300'),
  ]);
});

test('a cell of hours is not rounded', async () => {
  expect(cellAt((await partsOf([row(20)])).get(sheet1)!, 'H2')).toBe(number(String(20 / 60)));
});

test('amounts in one currency are added up in its decimal places', async () => {
  const dollars = [row(1, '', '0.10', 'USD'), row(1, '', '0.20', 'USD')];
  const parts = await partsOf(dollars);
  expect(cellAt(parts.get(sheet1)!, 'I5')).toBe(calculated('ROUND(SUBTOTAL(109,I2:I3),2)', '0.30'));
  expect(formatAt(parts, 'I5')).toBe('#,##0.00');
  expect(cellAt(parts.get(sheet1)!, 'J5')).toBe(text('USD'));
});

test('amounts in several currencies have a total for each currency, which follows the filter', async () => {
  const parts = await partsOf([row(1, '', '0.10', 'USD'), row(1, '', '0.20', 'USD'), row(1)]);
  const sheet = parts.get(sheet1)!;
  const sum = (currency: string) => `SUMPRODUCT((J2:J4="${currency}")*SUBTOTAL(109,OFFSET(I2,ROW(I2:I4)-ROW(I2),0)))`;
  expect(['I6', 'A7', 'I7', 'J7', 'A8', 'I8', 'J8'].map((place) => cellAt(sheet, place))).toEqual([
    text(''),
    text('TOTAL'),
    calculated(sum('JPY'), '100'),
    text('JPY'),
    text('TOTAL'),
    calculated(`ROUND(${sum('USD')},2)`, '0.30'),
    text('USD'),
  ]);
  expect([formatAt(parts, 'I7'), formatAt(parts, 'I8')]).toEqual(['#,##0', '#,##0.00']);
});

test('amounts and their total fit into their column', async () => {
  const rows = Array.from({ length: 12 }, () => row(1, '', '98765'));
  const [, width] = /<col min="9" max="9" width="(\d+)"/.exec((await partsOf(rows)).get(sheet1)!)!;
  // Bold digits and the indent need extra room.
  expect(Number(width)).toBeGreaterThanOrEqual('1,185,180'.length + 2);
});

test('codes are printed as words if the headings are in a language, and as codes otherwise', async () => {
  const worded: Report = {
    ...report,
    columns: [{ ...columns[0]!, type: 'code', words: { a: { en: 'First', ja: '第一' } } }, columns[1]!],
  };
  const printed = async (options: FileOptions) => {
    const bytes = await buffer(
      xlsx.write(
        worded,
        inBatches([
          ['a', ''],
          ['b', ''],
        ]),
        options,
      ),
    );
    const sheet = (await unzipped(bytes)).get(sheet1)!.toString();
    return ['A2', 'A3'].map((place) => cellAt(sheet, place));
  };
  expect(await printed({})).toEqual([text('a'), text('b')]);
  expect(await printed({ headings: 'en' })).toEqual([text('First'), text('b')]);
  expect(await printed({ headings: 'ja' })).toEqual([text('第一'), text('b')]);
});

test('a report without rows has headings, a filter and totals without formulas', async () => {
  const sheet = (await partsOf([])).get(sheet1)!;
  expect(sheet).toContain('<autoFilter ref="A1:J1"/>');
  expect([...'ABG'].map((letter) => cellAt(sheet, `${letter}3`))).toEqual([text('TOTAL'), number('0'), number('0')]);
});

test.each([
  [undefined, 'small-lines', ['id', 'summary', 'severity']],
  ['en', 'Small lines', ['ID', 'Summary', 'Severity']],
  ['ja', '小さな明細', ['ID', '作業概要', '重大度']],
] as const)(
  'the headings and the name of the sheet follow the requested language: %s',
  async (headings, name, first) => {
    const parts = await partsOf([row(1)], { headings });
    expect(parts.get('xl/workbook.xml')).toContain(`<sheet name="${name}" sheetId="1" r:id="rId1"/>`);
    expect([...'ABC'].map((letter) => cellAt(parts.get(sheet1)!, `${letter}1`))).toEqual(
      first.map((each) => text(each)),
    );
  },
);

test('columns are as wide as their content within bounds, and Japanese counts twice as wide as Latin', async () => {
  const widths = async (summary: string) =>
    [...(await partsOf([row(1, summary)])).get(sheet1)!.matchAll(/<col .*? width="(\d+)"/g)].map(([, width]) => width);
  expect((await widths('x'.repeat(20)))[1]).toBe('22');
  expect((await widths('設'.repeat(20)))[1]).toBe('42');
  expect((await widths('x'.repeat(2_000)))[1]).toBe('48');
});

describe('a report with more rows than fit on a sheet', () => {
  const five = workbookWithin({ rows: 5, bytes: 1e9 });
  const rows = [1, 2, 3, 4, 5].map((minutes) => row(minutes));

  test('continues on the next sheet with headings, filter and frozen row, and its totals cover all sheets', async () => {
    const parts = await partsOf(rows, { headings: 'en' }, five);
    const sheets = [1, 2, 3].map((number) => parts.get(`xl/worksheets/sheet${number}.xml`)!);
    expect(sheets.map((sheet) => /autoFilter ref="(.*?)"/.exec(sheet)?.[1])).toEqual(['A1:J3', 'A1:J3', 'A1:J2']);
    for (const sheet of sheets) {
      expect([cellAt(sheet, 'G1'), sheet.includes('state="frozen"')]).toEqual([text('Minutes'), true]);
    }
    expect(sheets.map((sheet) => sheet.includes('TOTAL'))).toEqual([false, false, true]);
    const all = (letter: string) =>
      ["'Small lines'!X2:X3", "'Small lines (2)'!X2:X3", 'X2:X2'].map((range) => range.replaceAll('X', letter));
    expect(cellAt(sheets[2]!, 'B4')).toBe(calculated(`SUBTOTAL(103,${all('A').join()})`, '5'));
    expect(cellAt(sheets[2]!, 'G4')).toBe(calculated(`SUBTOTAL(109,${all('G').join()})`, '15'));
    expect(parts.get('xl/workbook.xml')!.match(/<sheet name=".*?"/g)).toEqual([
      '<sheet name="Small lines"',
      '<sheet name="Small lines (2)"',
      '<sheet name="Small lines (3)"',
    ]);
    expect(parts.get('[Content_Types].xml')!.match(/\/xl\/worksheets\/sheet\d.xml/g)).toHaveLength(3);
  });

  test('has no empty sheet if the last sheet is just full', async () => {
    const parts = await partsOf(rows.slice(0, 4), {}, five);
    expect([...parts.keys()].filter((path) => path.includes('worksheets'))).toHaveLength(2);
    expect(parts.get('xl/worksheets/sheet2.xml')).toContain('TOTAL');
  });

  test('starts another sheet before a sheet is too large for a zip', async () => {
    const long = [1, 2, 3].map((minutes) => row(minutes, 'x'.repeat(30_000)));
    const many = Array.from({ length: 10 }, () => long).flat();
    const parts = await partsOf(many, {}, workbookWithin({ rows: 1_000, bytes: 200_000 }));
    expect(parts.get('xl/worksheets/sheet1.xml')!.length).toBeLessThan(600_000);
    expect([...parts.keys()].filter((path) => path.includes('worksheets'))).toHaveLength(2);
  });
});

test('a proof is a formula behind the columns, in the rows and in the totals', async () => {
  const minutes = (name: string) => ({ name, type: 'minutes', en: name, ja: name, about: '' }) as const;
  const proven: Report = {
    ...report,
    columns: [columns[0]!, columns[1]!, minutes('granted'), minutes('used'), minutes('left')],
    proof: { of: 'left', from: { granted: 1, used: -1 } },
  };
  const rows = [
    ['a', 'b', '100', '40', '60'],
    ['c', 'd', '100', '40', '59'],
  ];
  const bytes = await buffer(xlsx.write(proven, inBatches(rows), { headings: 'ja' }));
  const sheet = (await unzipped(bytes)).get(sheet1)!.toString();
  expect(['F1', 'F2', 'F3', 'F5'].map((place) => cellAt(sheet, place))).toEqual([
    text('検算'),
    calculated('E2-C2+D2', '0'),
    calculated('E3-C3+D3', '-1'),
    calculated('E5-C5+D5', '-1'),
  ]);
  expect(sheet).toContain('<autoFilter ref="A1:F3"/>');
});

test('the same rows have the same bytes, in batches of any size', async () => {
  const rows = Array.from({ length: 3_000 }, (_, at) => row(at, `設定の確認 ${at}`));
  const [one, other] = [await bytesOf(rows, {}, xlsx, 1), await bytesOf(rows, {}, xlsx, 999)];
  expect(one.equals(other)).toBe(true);
});

test('rows are read no faster than the file, and no longer if the reader stops', async () => {
  let rowsRead = 0;
  let hasStopped = false;
  async function* endless() {
    try {
      for (;;) {
        rowsRead += 100;
        const summary = () => Array.from({ length: 50 }, () => Math.random().toString(36)).join('');
        yield await Promise.resolve(Array.from({ length: 100 }, () => row(1, summary())));
      }
    } finally {
      hasStopped = true;
    }
  }
  const pieces = xlsx.write(report, endless(), {})[Symbol.asyncIterator]();
  while (rowsRead < 300) await pieces.next();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(rowsRead).toBeLessThan(5_000);
  await pieces.return!();
  expect(hasStopped).toBe(true);
});

test('a file that breaks off in the middle cannot be opened as a workbook', async () => {
  async function* broken() {
    yield Array.from({ length: 5_000 }, (_, at) => row(at));
    await Promise.reject(new Error('gone'));
  }
  const pieces: Buffer[] = [];
  const reading = (async () => {
    for await (const piece of xlsx.write(report, broken(), {})) pieces.push(Buffer.from(piece));
  })();
  await expect(reading).rejects.toThrow('gone');
  expect(pieces.length).toBeGreaterThan(2);
  await expect(unzipped(Buffer.concat(pieces))).rejects.toThrow(/end of central directory/i);
});
