import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { decode, encode } from 'iconv-lite';

/** A record as it stands in a file: its bytes, without the end of its line. */
interface Line {
  number: number;
  bytes: Buffer;
}

const feed = 0x0a;
const quote = 0x22;
const comma = 0x2c;

/** In every language, so that the reasons of a mended file are known when it is refused once more. */
const reasonHeadings = ['refusedBecause', '取り込めなかった理由'];

/**
 * The rows that begin on the lines that are named, below the headings, each with the reason in one more column. They stay byte for
 * byte what they were: neither UTF-8 nor CP932 has quotation marks, commas or line feeds within its characters.
 */
export async function withReasons(
  path: string,
  encoding: string,
  heading: string,
  reasons: ReadonlyMap<number, string>,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let hasReasons = false;
  let missing = reasons.size;
  for await (const { number, bytes } of records(path)) {
    const isHeadings = pieces.length === 0;
    const reason = isHeadings ? heading : reasons.get(number);
    if (reason === undefined || bytes.length === 0) continue;
    if (isHeadings)
      hasReasons = reasonHeadings.includes(unquoted(decode(bytes.subarray(lastComma(bytes) + 1), encoding)));
    const own = hasReasons ? bytes.subarray(0, lastComma(bytes)) : bytes;
    pieces.push(own, encode(`,${quoted(reason)}\r\n`, encoding));
    if (!isHeadings && --missing === 0) break;
  }
  return Buffer.concat(pieces);
}

/**
 * Writes the rows beside their file, without overwriting others: somebody may be mending those.
 * @returns where they are
 */
export function keep(rows: Buffer, path: string, wanted: string | undefined): string {
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

/** The records of a file whose form is in order, each with the line on which it begins. */
async function* records(path: string): AsyncGenerator<Line> {
  let begun: Buffer[] = [];
  let [number, next] = [1, 1];
  let isQuoted = false;
  for await (const block of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = 0; at < block.length; at++) {
      const byte = block[at];
      // A doubled one opens at once what it has closed.
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

/** The last comma that is not within quotation marks. */
function lastComma(bytes: Buffer): number {
  let last = -1;
  let isQuoted = false;
  for (const [at, byte] of bytes.entries()) {
    if (byte === quote) isQuoted = !isQuoted;
    else if (byte === comma && !isQuoted) last = at;
  }
  return last;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const unquoted = (text: string): string => text.replace(/^"(.*)"$/s, '$1');
