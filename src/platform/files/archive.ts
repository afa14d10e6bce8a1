import { createHash } from 'node:crypto';
import { zipped, type ArchiveFile } from './zip.js';

/** What an archive holds of a file. */
export interface FileSum {
  path: string;
  /** In bytes. */
  size: number;
  sha256: string;
}

/** Files, some of which may only be known when those before them have been written. */
type Files = Iterable<ArchiveFile> | AsyncIterable<ArchiveFile>;

/**
 * A zip that is made while it is read, one file after the other in their order, in bounded memory. `sums` grows with every
 * file that is written, so that a later file can list the files before it.
 */
export class Archive {
  readonly sums: FileSum[] = [];
  readonly #files: Files[] = [];

  add(files: Files): this {
    this.#files.push(files);
    return this;
  }

  /** The bytes of the zip, for one reader. */
  pieces(): AsyncGenerator<Buffer, void> {
    return zipped(this.#inOrder());
  }

  async *#inOrder(): AsyncGenerator<ArchiveFile> {
    for (const files of this.#files) {
      for await (const file of files) yield { path: file.path, pieces: () => this.#summed(file) };
    }
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
