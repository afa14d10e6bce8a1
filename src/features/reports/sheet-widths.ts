/** Of a column, in characters of Latin text. */
const narrowest = 6;
const widest = 48;

/** Room for the button of the filter, and for bold letters. */
const headingMargin = 4;
const margin = 2;

/** Room for a total that is up to a thousand times as large as what stands above it, with its separator. */
const totalMargin = 4;

/** As wide as the heading and what is printed under it, within bounds. */
export function columnWidth(heading: string, printed: readonly (string | null)[]): number {
  const contents = printed.map((text) => (text === null ? 0 : textWidth(text) + margin));
  return Math.min(widest, Math.max(narrowest, textWidth(heading) + headingMargin, ...contents));
}

/** As wide as the heading and the numbers under it, with their separators of thousands and with room for their total. */
export function numberWidth(heading: string, printed: readonly (string | null)[]): number {
  return columnWidth(
    heading,
    printed.map((text) => text && `${separated(text)}${' '.repeat(totalMargin)}`),
  );
}

const separated = (number: string): string => number.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');

/** Characters of Chinese, Japanese and Korean are twice as wide as Latin ones. */
function textWidth(text: string): number {
  let width = 0;
  for (const character of text.slice(0, widest)) width += character >= '\u1100' ? 2 : 1;
  return width;
}
