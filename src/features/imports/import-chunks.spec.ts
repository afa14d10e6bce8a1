import * as fc from 'fast-check';
import type { TimeEntry } from '../../domain/time-entry.js';
import { chunksOf } from './import-chunks.js';
import { Refusal } from '../../domain/refusal.js';
import type { ImportRow } from './import-row.js';

/** A row for each letter, which names its subscription. `-` is a row that cannot be read. Lines are counted from 1. */
const rowsOf = (letters: string): ImportRow[] =>
  [...letters].map((letter, at) =>
    letter === '-'
      ? { line: at + 1, refusal: new Refusal('not-found') }
      : { line: at + 1, subscriptionId: letter, entry: {} as TimeEntry },
  );

const written = (row: ImportRow): string => `${'entry' in row ? row.subscriptionId : '-'}${row.line}`;

async function chunked(portions: string[], rowsOfChunk: number, rowsOfWindow: number): Promise<string[]> {
  const rows = rowsOf(portions.join(''));
  async function* reading(): AsyncGenerator<ImportRow[]> {
    for (const portion of portions) yield Promise.resolve(rows.splice(0, portion.length));
  }
  const chunks: string[] = [];
  for await (const chunk of chunksOf(reading(), { rowsOfChunk, rowsOfWindow }))
    chunks.push(chunk.map(written).join(' '));
  return chunks;
}

test.each`
  portions          | chunk | window | chunks
  ${[]}             | ${2}  | ${4}   | ${[]}
  ${['a']}          | ${2}  | ${4}   | ${['a1']}
  ${['aaa', 'a']}   | ${2}  | ${4}   | ${['a1 a2', 'a3 a4']}
  ${['aba', 'b']}   | ${2}  | ${4}   | ${['a1 a3', 'b2 b4']}
  ${['abca']}       | ${2}  | ${4}   | ${['a1 a4', 'b2 c3']}
  ${['abab', 'ab']} | ${2}  | ${4}   | ${['a1 a3', 'b2 b4', 'a5 b6']}
  ${['ab-a-']}      | ${3}  | ${6}   | ${['a1 b2 a4', '-3 -5']}
  ${['abab']}       | ${4}  | ${8}   | ${['a1 b2 a3 b4']}
`(
  'the rows $portions make the chunks $chunks of at most $chunk rows within windows of $window',
  async ({ portions, chunk, window, chunks }) => {
    expect(await chunked(portions as string[], chunk as number, window as number)).toEqual(chunks);
  },
);

test('every row is in one chunk, and the rows of a subscription stay in the order of lines', async () => {
  const portions = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 9 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      portions,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 5, max: 12 }),
      async (some, chunk, window) => {
        const rows = (await chunked(some, chunk, window)).flatMap((each) => each.split(' '));
        expect([...rows].sort()).toEqual(rowsOf(some.join('')).map(written).sort());
        for (const letter of 'abc-') {
          const lines = rows.filter((row) => row.startsWith(letter)).map((row) => Number(row.slice(1)));
          expect(lines).toEqual([...lines].sort((one, other) => one - other));
        }
      },
    ),
  );
});
