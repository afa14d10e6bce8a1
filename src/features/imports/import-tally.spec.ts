import { Refusal } from '../../domain/refusal.js';
import type { ImportRow } from './import-row.js';
import { ImportTally, type RowOutcome } from './import-tally.js';

const refusedOn = (...lines: number[]): [ImportRow[], RowOutcome[]] => [
  lines.map((line) => ({ line, refusal: new Refusal('not-found') })),
  lines.map(() => ({ refusal: new Refusal('not-found') })),
];
const upTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

/** Chunks do not follow the order of lines. */
test.each`
  chunks                                          | shown           | omitted
  ${[[5, 3], [4, 1]]}                             | ${[1, 3, 4, 5]} | ${0}
  ${[upTo(999), [1_002, 1_001, 1_000]]}           | ${upTo(1_000)}  | ${2}
  ${[upTo(1_500).reverse()]}                      | ${upTo(1_000)}  | ${500}
  ${[upTo(1_500).slice(500), upTo(500), [2_000]]} | ${upTo(1_000)}  | ${501}
`(
  'the outcome of $chunks.length chunks has the first thousand problems in the order of lines',
  ({ chunks, shown, omitted }) => {
    const tally = new ImportTally({ atomic: false, dryRun: false, language: 'en' });
    for (const lines of chunks as number[][]) tally.add(...refusedOn(...lines));
    const { problems, problemsOmitted, refused } = tally.outcome('an import');
    expect(problems.map(({ line }) => line)).toEqual(shown);
    expect([problemsOmitted, refused]).toEqual([omitted, (chunks as number[][]).flat().length]);
  },
);
