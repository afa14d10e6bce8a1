import fc from 'fast-check';
import { mostBlockColumns, mostBlockRows, placedBlock, readBlock } from './sheet-block.js';

describe('readBlock', () => {
  // prettier-ignore
  test.each<[string, string, string[][]]>([
    ['one value',                         '1:30',                       [['1:30']]],
    ['a row',                             '1\t2\t3',                    [['1', '2', '3']]],
    ['rows as Windows ends them',         '1\t2\r\n3\t4\r\n',           [['1', '2'], ['3', '4']]],
    ['rows without an end of the last',   '1\n2',                       [['1'], ['2']]],
    ['empty values',                      '\t\t1\n\t2\t',               [['', '', '1'], ['', '2', '']]],
    ['an empty row between two',          '1\n\n2',                     [['1'], [''], ['2']]],
    ['blanks around values',              ' 1 \t 2 ',                   [['1', '2']]],
    ['a quoted line end and tab',         '"a\nb\tc"\td',               [['a\nb\tc', 'd']]],
    ['doubled quotation marks',           '"say ""yes"""\t1',           [['say "yes"', '1']]],
    ['a quotation mark that begins text', '"open\t1',                   [['"open', '1']]],
    ['a quoted word in text',             '"a" b\t1',                   [['"a" b', '1']]],
    ['a quotation mark within',           '5" disk\t1',                 [['5" disk', '1']]],
    ['no text',                           '',                           []],
  ])('%s', (_, text, rows) => {
    expect(readBlock(text)).toEqual(rows);
  });

  test('reads what a spreadsheet writes', () => {
    const value = fc.stringMatching(/^[a-z0-9"\t\n:]{0,6}$/).map((text) => text.trim());
    const block = fc
      .integer({ min: 1, max: 4 })
      .chain((columns) =>
        fc.array(fc.array(value, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 4 }),
      );
    const written = (text: string): string => (/["\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    fc.assert(
      fc.property(block, (rows) => {
        const text = rows.map((row) => row.map(written).join('\t') + '\r\n').join('');
        expect(readBlock(text)).toEqual(rows);
      }),
    );
  });

  test('drops what is larger than a sheet', () => {
    const row = Array<string>(mostBlockColumns + 5)
      .fill('1')
      .join('\t');
    const rows = readBlock(
      Array<string>(mostBlockRows + 5)
        .fill(row)
        .join('\n'),
    );
    expect([rows.length, rows[0]!.length]).toEqual([mostBlockRows, mostBlockColumns]);
  });
});

test('a block fills cells to the right and down, as far as the sheet goes', () => {
  const block = [
    ['1', '2', '3'],
    ['4', '5', '6'],
  ];
  expect(placedBlock(block, { row: 1, column: 5 }, { rows: 2, columns: 7 })).toEqual([
    { row: 1, column: 5, text: '1' },
    { row: 1, column: 6, text: '2' },
  ]);
});
