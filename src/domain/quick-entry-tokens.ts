/** A piece of a line. */
export interface LineToken {
  /** What marks the piece: `@`, `#`, `^`, `!`, `"` for a quoted text, or nothing. */
  sign: '@' | '#' | '^' | '!' | '"' | '';
  /** The piece as it stands in the line, with its sign and quotes. */
  text: string;
  /** The piece without sign and quotes, as typed. */
  value: string;
  /** `value` in lower case, with full-width characters as plain ones. */
  plain: string;
  from: number;
  to: number;
}

/** Opening quotes with their closing ones. */
const quotes: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“', '「': '」', '『': '』' };

/**
 * Splits a line at its blanks. A quoted text is one piece, and so is a sign with a quoted text: `@"Suzuki Ken"`. A quote that is not
 * closed yet ends with the line, so a line can be read while it is typed.
 */
export function tokensOf(line: string): LineToken[] {
  const narrow = narrowed(line);
  const tokens: LineToken[] = [];
  let at = 0;
  while (at < narrow.length) {
    if (narrow[at] === ' ') {
      at += 1;
      continue;
    }
    const token = tokenAt(line, narrow, at);
    tokens.push(token);
    at = token.to;
  }
  return tokens;
}

function tokenAt(line: string, narrow: string, from: number): LineToken {
  const sign = signAt(narrow, from);
  const start = from + sign.length;
  const closing = quotes[narrow[start] ?? ''];
  if (closing !== undefined) {
    const end = narrow.indexOf(closing, start + 1);
    const inner = end < 0 ? narrow.length : end;
    const to = end < 0 ? narrow.length : end + 1;
    return { ...pieces(line, narrow, start + 1, inner), sign: sign || '"', text: line.slice(from, to), from, to };
  }
  let to = start;
  while (to < narrow.length && narrow[to] !== ' ' && !(to > from && narrow[to]! in quotes)) to += 1;
  return { ...pieces(line, narrow, start, to), sign, text: line.slice(from, to), from, to };
}

function pieces(line: string, narrow: string, from: number, to: number): Pick<LineToken, 'value' | 'plain'> {
  return { value: line.slice(from, to).trim(), plain: narrow.slice(from, to).trim().toLowerCase() };
}

function signAt(narrow: string, at: number): '@' | '#' | '^' | '!' | '' {
  const sign = narrow[at];
  return sign === '@' || sign === '#' || sign === '^' || sign === '!' ? sign : '';
}

/** The line with full-width characters as plain ones and each kind of blank as a space. Each character keeps its place. */
function narrowed(line: string): string {
  return line
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/\s/g, ' ');
}
