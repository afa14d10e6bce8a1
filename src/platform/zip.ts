import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** A file of an archive; its pieces are asked for when it is its turn, once. */
export interface ArchiveFile {
  /** With forward slashes, ASCII. */
  path: string;
  pieces: () => Iterable<string | Buffer> | AsyncIterable<string | Buffer>;
}

/** What the directory at the end of a zip tells of a file. */
interface Entry {
  path: Buffer;
  /** Of the file as it was, and where it begins in the zip. */
  crc: number;
  size: number;
  packedSize: number;
  offset: number;
}

/** The same content gives the same bytes: no file has a time of its own, all are of 2000-01-01 00:00. */
const time = 0;
const date = (20 << 9) | (1 << 5) | 1;

const version = 20;
const onUnix = 3 << 8;
const readableByAll = 0o100644;
const deflated = 8;
/** Names are UTF-8, and the sizes of a file stand behind it. */
const flags = 0x0808;

/** A zip without its extension to 64 bits, which not every program reads, ends before this. */
const tooLarge = 2 ** 32 - 1;

/**
 * The files as a zip, made while it is read, in bounded memory; `level` says how hard to compress, from 1 to 9. The next file is
 * asked for when all pieces of the one before it have been taken. After an error there is no end of the zip.
 *
 * It is written here because of the check sums: those of zlib take a tenth of the time of those that yazl makes in JavaScript,
 * which were a fifth of the time that a large workbook takes.
 */
export async function* zipped(
  files: Iterable<ArchiveFile> | AsyncIterable<ArchiveFile>,
  level = 6,
): AsyncGenerator<Buffer, void> {
  const entries: Entry[] = [];
  let offset = 0;
  for await (const { path, pieces } of files) {
    const entry: Entry = { path: Buffer.from(path), crc: 0, size: 0, packedSize: 0, offset };
    const header = Buffer.concat([fields([4, 0x04034b50], ...description(entry), [2, 0]), entry.path]);
    yield header;
    for await (const piece of packed(pieces(), entry, level)) {
      entry.packedSize += piece.length;
      yield piece;
    }
    const behind = fields([4, 0x08074b50], ...sizes(entry));
    yield behind;
    offset += header.length + entry.packedSize + behind.length;
    if (Math.max(offset, entry.size) > tooLarge) throw new Error(`${path} is too large for a zip`);
    entries.push(entry);
  }
  const directory = Buffer.concat(entries.map(directoryEntry));
  yield directory;
  const count = entries.length;
  yield fields([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, directory.length], [4, offset], [2, 0]);
}

/** The file deflated; its sum and size are known at its end. */
function packed(pieces: ReturnType<ArchiveFile['pieces']>, entry: Entry, level: number): AsyncIterable<Buffer> {
  async function* summed() {
    for await (const piece of pieces) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      entry.crc = crc32(bytes, entry.crc);
      entry.size += bytes.length;
      yield bytes;
    }
  }
  // An error destroys both streams, and reaches the reader of the second one.
  return pipeline(Readable.from(summed()), createDeflateRaw({ level, chunkSize: 256 * 1024 }), () => undefined);
}

function directoryEntry(entry: Entry): Buffer {
  const start = fields([4, 0x02014b50], [2, onUnix | version], ...description(entry));
  return Buffer.concat([
    start,
    fields([2, 0], [2, 0], [2, 0], [2, 0], [2, 0], [2, readableByAll], [4, entry.offset]),
    entry.path,
  ]);
}

type Field = readonly [bytes: 2 | 4, value: number];

/** What is said of a file before it, when its sizes are not known yet, and again in the directory. */
const description = (entry: Entry): Field[] => [
  [2, version],
  [2, flags],
  [2, deflated],
  [2, time],
  [2, date],
  ...sizes(entry),
  [2, entry.path.length],
];

const sizes = ({ crc, packedSize, size }: Entry): Field[] => [
  [4, crc],
  [4, packedSize],
  [4, size],
];

function fields(...values: Field[]): Buffer {
  const bytes = Buffer.alloc(values.reduce((sum, [length]) => sum + length, 0));
  let at = 0;
  for (const [length, value] of values) at = bytes.writeUIntLE(value, at, length);
  return bytes;
}
