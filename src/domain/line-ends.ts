/** Text whose lines all end with a line feed: `\r\n` and `\r` say nothing else. */
export function unifyLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
