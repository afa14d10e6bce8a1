import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';

/** A file of an archive; its pieces are asked for when it is its turn, once. */
export interface ArchiveFile {
  /** With forward slashes, ASCII. */
  path: string;
  pieces: () => Iterable<string | Buffer> | AsyncIterable<string | Buffer>;
}

/** What an archive holds of a file. */
export interface FileSum {
  path: string;
  /** In bytes. */
  size: number;
  sha256: string;
}

/** The same content gives the same bytes: no file has a time of its own. Local, as zip knows no zones. */
const everyFile = { mtime: new Date(2000, 0, 1), mode: 0o100644, forceDosTimestamp: true, compressionLevel: 6 };

/**
 * A zip that is made while it is read, a file after the other in their order, in bounded memory. `sums` grows with every
 * file that is through, so that a later file can tell of the ones before it. An error on the way destroys the body.
 */
export class Archive {
  readonly sums: FileSum[] = [];
  readonly #files: ArchiveFile[] = [];

  add(...files: ArchiveFile[]): this {
    this.#files.push(...files);
    return this;
  }

  body(): Readable {
    const zip = new ZipFile();
    const body = zip.outputStream as Readable;
    zip.on('error', (error: Error) => body.destroy(error));
    let open: Readable | undefined;
    body.once('close', () => open?.destroy());
    for (const file of this.#files) {
      zip.addReadStreamLazy(file.path, everyFile, (hand) => {
        if (body.destroyed) return;
        open = Readable.from(this.#summed(file), { objectMode: false });
        open.on('error', (error) => body.destroy(error));
        hand(null, open);
      });
    }
    zip.end();
    return body;
  }

  async *#summed({ path, pieces }: ArchiveFile): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    let size = 0;
    for await (const piece of pieces()) {
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      hash.update(bytes);
      size += bytes.length;
      yield bytes;
    }
    this.sums.push({ path, size, sha256: hash.digest('hex') });
  }
}
