import { isKnownHeading } from './import-headings.js';

export const delimiters = { comma: ',', semicolon: ';', tab: '\t' } as const;
export type DelimiterName = keyof typeof delimiters;

/** How the values of a file are separated. */
export interface Dialect {
  delimiter: string;
  /** Whether the first line says `sep=;`, as spreadsheets write and read it. */
  hasSeparatorLine: boolean;
}

/**
 * Finds the delimiter of a file from the beginning of its text. First counts the statement of the sender, then a `sep=` line,
 * then the only delimiter in the headings. If the headings have several, the one between known headings counts.
 * @returns `more` if the text ends before the headings do, `unclear` if several delimiters are possible
 */
export function dialectOf(
  text: string,
  stated: DelimiterName | undefined,
  isWhole: boolean,
): Dialect | 'more' | 'unclear' {
  const lines = firstLines(text, isWhole);
  const [first] = lines;
  if (first === undefined)
    return isWhole ? { delimiter: delimiters[stated ?? 'comma'], hasSeparatorLine: false } : 'more';
  const [, said] = /^"?sep=(.)"?$/i.exec(first) ?? [];
  const hasSeparatorLine = said !== undefined;
  if (stated !== undefined) return { delimiter: delimiters[stated], hasSeparatorLine };
  if (said !== undefined) {
    const isDelimiter = Object.values<string>(delimiters).includes(said);
    return isDelimiter ? { delimiter: said, hasSeparatorLine } : 'unclear';
  }
  const delimiter = delimiterOf(first);
  return delimiter === undefined ? 'unclear' : { delimiter, hasSeparatorLine };
}

/** The complete lines that are not blank, without their ends. */
function firstLines(text: string, isWhole: boolean): string[] {
  const lines = text.split('\n');
  if (!isWhole) lines.pop();
  return lines.map((line) => line.replace(/\r$/, '')).filter((line) => line.trim() !== '');
}

function delimiterOf(headings: string): string | undefined {
  // Delimiters within quotation marks do not count.
  const bare = headings.replaceAll(/"[^"]*"?/g, 'x');
  const found = Object.values<string>(delimiters).filter((delimiter) => bare.includes(delimiter));
  if (found.length < 2) return found[0] ?? delimiters.comma;
  const known = found.map(
    (delimiter) =>
      headings.split(delimiter).filter((heading) => isKnownHeading(heading.trim().replace(/^"(.*)"$/, '$1'))).length,
  );
  const most = Math.max(...known);
  const best = found.filter((_, at) => known[at] === most);
  return best.length === 1 ? best[0] : undefined;
}
