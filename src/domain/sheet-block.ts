/** The largest block that a sheet takes. */
export const mostBlockRows = 200;
export const mostBlockColumns = 60;

/**
 * Reads a block of cells that a spreadsheet put on the clipboard: values separated by tabs, rows by line ends. A value in quotation
 * marks can contain both, and doubles its own quotation marks. Further rows and columns than the largest block are dropped.
 */
export function readBlock(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  const takeValue = (value: string): void => {
    if (row.length < mostBlockColumns) row.push(value.trim());
  };
  while (at < text.length && rows.length < mostBlockRows) {
    const quoted = quotedValue(text, at);
    const end = quoted?.end ?? endOfValue(text, at);
    takeValue(quoted?.value ?? text.slice(at, end));
    if (text[end] === '\t') {
      at = end + 1;
      // A tab at the end of the text is followed by an empty value.
      if (at === text.length) takeValue('');
      else continue;
    }
    rows.push(row);
    row = [];
    at = text.startsWith('\r\n', end) ? end + 2 : end + 1;
  }
  return rows;
}

/** A value in quotation marks that ends where a value can end; undefined if the text only begins like one. */
function quotedValue(text: string, from: number): { value: string; end: number } | undefined {
  if (text[from] !== '"') return undefined;
  let value = '';
  for (let at = from + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return undefined;
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const end = quote + 1;
      return end === text.length || '\t\r\n'.includes(text[end]!) ? { value, end } : undefined;
    }
    value += '"';
    at = quote + 2;
  }
}

function endOfValue(text: string, from: number): number {
  const end = /[\t\r\n]/g;
  end.lastIndex = from;
  return end.exec(text)?.index ?? text.length;
}

/** Where a block fills a grid: from the cell on which it was pasted to the right and down, as far as the grid goes. */
export function placedBlock(
  block: readonly (readonly string[])[],
  { row, column }: { row: number; column: number },
  { rows, columns }: { rows: number; columns: number },
): { row: number; column: number; text: string }[] {
  return block.flatMap((values, down) =>
    values.flatMap((text, right) => {
      const place = { row: row + down, column: column + right };
      return place.row < rows && place.column < columns ? [{ ...place, text }] : [];
    }),
  );
}
