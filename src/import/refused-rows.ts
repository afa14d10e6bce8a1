import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { decode, encode } from 'iconv-lite';

/** A record of a file: its bytes, without the end of its line. */
interface Line {
  number: number;
  bytes: Buffer;
}

const feed = 0x0a;
const quote = 0x22;

/** In every language, so that the column of reasons is recognised when a corrected file is refused again. */
const reasonHeadings = ['refusedBecause', '取り込めなかった理由'];

/**
 * Selects the rows that begin on the given lines, below the headings, and adds a column with the reasons. The rows stay
 * unchanged byte for byte: in these encodings no character contains the byte of a quotation mark, delimiter or line feed.
 */
export async function withReasons(
  path: string,
  { encoding, delimiter: stated }: { encoding: string; delimiter: string | undefined },
  heading: string,
  reasons: ReadonlyMap<number, string>,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let delimiter: string | undefined;
  let isHeadings = true;
  let hasReasons = false;
  let missing = reasons.size;
  for await (const { number, bytes } of records(path)) {
    const said = pieces.length === 0 ? separatorLine.exec(bytes.toString('latin1'))?.[1] : undefined;
    if (said !== undefined) {
      pieces.push(bytes, Buffer.from('\r\n'));
      delimiter = stated ?? said;
      continue;
    }
    const reason = isHeadings ? heading : reasons.get(number);
    if (reason === undefined || bytes.length === 0) continue;
    delimiter ??= stated ?? delimiterOf(bytes);
    const end = lastDelimiter(bytes, delimiter);
    if (isHeadings) hasReasons = reasonHeadings.includes(unquoted(decode(bytes.subarray(end + 1), encoding)));
    const own = hasReasons ? bytes.subarray(0, end) : bytes;
    pieces.push(own, encode(`${delimiter}${quoted(reason)}\r\n`, encoding));
    if (!isHeadings && --missing === 0) break;
    isHeadings = false;
  }
  return Buffer.concat(pieces);
}

/**
 * Writes the rows beside their file. It overwrites no existing file, because a user may be correcting it.
 * @returns the path
 */
export function writeRefused(rows: Buffer, path: string, wanted: string | undefined): string {
  if (wanted !== undefined) {
    writeFileSync(wanted, rows);
    return wanted;
  }
  const stem = path.replace(/\.csv$/i, '');
  for (let number = 1; ; number++) {
    const name = `${stem}.refused${number === 1 ? '' : `-${number}`}.csv`;
    if (existsSync(name) && !readFileSync(name).equals(rows)) continue;
    writeFileSync(name, rows);
    return name;
  }
}

/** The records of a file whose form is valid, each with the line on which it begins. */
async function* records(path: string): AsyncGenerator<Line> {
  let begun: Buffer[] = [];
  let [number, next] = [1, 1];
  let isQuoted = false;
  for await (const block of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = 0; at < block.length; at++) {
      const byte = block[at];
      // A doubled quotation mark closes the value and opens it again at once.
      if (byte === quote) isQuoted = !isQuoted;
      if (byte !== feed) continue;
      next++;
      if (isQuoted) continue;
      yield { number, bytes: withoutReturn(Buffer.concat([...begun, block.subarray(from, at)])) };
      begun = [];
      from = at + 1;
      number = next;
    }
    if (from < block.length) begun.push(Buffer.from(block.subarray(from)));
  }
  if (begun.length > 0) yield { number, bytes: withoutReturn(Buffer.concat(begun)) };
}

const withoutReturn = (bytes: Buffer): Buffer => (bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes);

/** A first line that names the delimiter, as spreadsheets write it. A byte order mark may stand before it. */
const separatorLine = /^(?:\xef\xbb\xbf)?"?sep=([,;\t])"?$/i;

/** The most frequent delimiter in the headings. */
function delimiterOf(headings: Buffer): string {
  const bare = headings.toString('latin1').replaceAll(/"[^"]*"/g, '');
  const counted = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).delimiter;
}

/** The last delimiter outside quotation marks; −1 if there is none. */
function lastDelimiter(bytes: Buffer, delimiter: string): number {
  const code = delimiter.charCodeAt(0);
  let last = -1;
  let isQuoted = false;
  for (const [at, byte] of bytes.entries()) {
    if (byte === quote) isQuoted = !isQuoted;
    else if (byte === code && !isQuoted) last = at;
  }
  return last;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const unquoted = (text: string): string => text.replace(/^"(.*)"$/s, '$1');
