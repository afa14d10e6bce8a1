import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { zipped, type ArchiveFile } from './zip.js';

/** What an archive holds of a file. */
export interface FileSum {
  path: string;
  /** In bytes. */
  size: number;
  sha256: string;
}

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
    const files = this.#files.map((file) => ({ path: file.path, pieces: () => this.#summed(file) }));
    return Readable.from(zipped(files), { objectMode: false });
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
