import { createHash } from 'node:crypto';
import { zipped, type ArchiveFile } from './zip.js';

/** The entry of a file in the archive's list. */
export interface FileSum {
  path: string;
  /** In bytes. */
  size: number;
  sha256: string;
}

/** Files of an archive. A later file may depend on the files written before it. */
type Files = Iterable<ArchiveFile> | AsyncIterable<ArchiveFile>;

/**
 * Makes a zip while it is being read, file by file, in bounded memory. `sums` grows with every file, so that a later file can list the
 * files before it.
 */
export class Archive {
  readonly sums: FileSum[] = [];
  readonly #files: Files[] = [];

  add(files: Files): this {
    this.#files.push(files);
    return this;
  }

  /** The bytes of the zip. Can be read once. */
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
