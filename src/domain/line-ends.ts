/** The text with a line feed at the end of each line: `\r\n` and `\r` mean the same. */
export function unifyLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
