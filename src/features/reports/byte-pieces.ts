/** What is longer is a piece of its own. */
const pieceSize = 512 * 1024;

/** So much is written at once: each writing has its price, and a text of very many parts too. */
const writtenAtOnce = 16 * 1024;

/** Gathers bytes, a character for each, to pieces. They are written where they will stand in them, some rows at a time. */
export class BytePieces {
  #piece = Buffer.allocUnsafe(pieceSize);
  #length = 0;
  #waiting = '';

  /** Adds bytes; where there is no room left for them, gives the piece before them. */
  add(bytes: string): Buffer | undefined {
    this.#waiting += bytes;
    return this.#waiting.length < writtenAtOnce ? undefined : this.#write();
  }

  /** What was added since the last piece. */
  rest(): Buffer {
    return Buffer.concat([this.#written(), Buffer.from(this.#waiting, 'latin1')]);
  }

  #write(): Buffer | undefined {
    const size = this.#waiting.length;
    const full = this.#length + size > this.#piece.length ? this.#written() : undefined;
    if (full) {
      this.#piece = Buffer.allocUnsafe(Math.max(pieceSize, size));
      this.#length = 0;
    }
    this.#length += this.#piece.write(this.#waiting, this.#length, 'latin1');
    this.#waiting = '';
    return full;
  }

  #written(): Buffer {
    return this.#piece.subarray(0, this.#length);
  }
}
