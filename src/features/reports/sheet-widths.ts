/** The width of a column in Latin characters. */
const narrowest = 6;
const widest = 48;

/** Space for the filter button and for bold text. */
const headingMargin = 4;
const margin = 2;

/** Space for a total up to a thousand times as large as the values above it, with its separator. */
const totalMargin = 4;

/** As wide as the heading and the values, within bounds. */
export function columnWidth(heading: string, printed: readonly (string | null)[]): number {
  const contents = printed.map((text) => (text === null ? 0 : textWidth(text) + margin));
  return Math.min(widest, Math.max(narrowest, textWidth(heading) + headingMargin, ...contents));
}

/** As wide as the heading and the numbers with separators, with space for the total. */
export function numberWidth(heading: string, printed: readonly (string | null)[]): number {
  return columnWidth(
    heading,
    printed.map((text) => text && `${separated(text)}${' '.repeat(totalMargin)}`),
  );
}

const separated = (number: string): string => number.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');

/** Chinese, Japanese and Korean characters are twice as wide as Latin ones. */
function textWidth(text: string): number {
  let width = 0;
  for (const character of text.slice(0, widest)) width += character >= '\u1100' ? 2 : 1;
  return width;
}
