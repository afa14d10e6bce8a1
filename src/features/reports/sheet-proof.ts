import type { CopiedRow } from '../../platform/database/snapshot.js';
import { askedFor } from './printed-columns.js';
import type { Report } from './report.js';
import { columnLetters, numberCell } from './sheet-cells.js';
import type { SheetColumn } from './sheet-totals.js';
import type { StyleName } from './sheet-styles.js';

/** A last column with a formula: a sum minus its parts, which is 0 in every row. */
export interface SheetProof {
  heading: Readonly<Record<'name' | 'en' | 'ja', string>>;
  cell(row: CopiedRow, number: number): string;
  totalCell(number: number): string;
}

/** The proof of a report that has one. */
export function sheetProof({ proof, ...report }: Report, columns: readonly SheetColumn[]): SheetProof | undefined {
  if (proof === undefined) return undefined;
  const asked = askedFor(report);
  const terms = [
    [proof.of, 1] as const,
    ...Object.entries(proof.from).map(([name, sign]) => [name, -sign] as const),
  ].map(([name, sign]) => ({
    sign,
    place: asked.indexOf(name),
    printed: columns.find(({ column }) => column.name === name)!,
  }));
  const cell = (style: StyleName, number: number, valueOf: (term: (typeof terms)[number]) => string | null) => {
    const rest = terms.reduce((sum, term) => sum + term.sign * Number(valueOf(term)), 0);
    const formula = terms.map(({ sign, printed }) => `${sign < 0 ? '-' : '+'}${printed.letters}${number}`).join('');
    return numberCell(style, String(rest), `${columnLetters(columns.length)}${number}`, formula.slice(1));
  };
  return {
    heading: { name: 'check', en: 'Check', ja: '検算' },
    cell: (row, number) => cell('minutes', number, ({ place }) => row[place]!),
    totalCell: (number) => cell('totalMinutes', number, ({ printed }) => printed.total()),
  };
}
