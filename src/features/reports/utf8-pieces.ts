/** In bytes; a longer text is a piece of its own. */
const pieceSize = 256 * 1024;

/** The most bytes that a unit of a text takes. */
const bytesPerUnit = 3;

/** Gathers texts to pieces of bytes. Each is written at once where it will stand: longer strings first took twice as long. */
export class Utf8Pieces {
  #piece = Buffer.allocUnsafe(pieceSize);
  #length = 0;

  /** Adds a text; where there is no room left for it, gives the piece before it. */
  add(text: string): Buffer | undefined {
    const most = text.length * bytesPerUnit;
    const full = this.#length + most > this.#piece.length ? this.rest() : undefined;
    if (full) {
      this.#piece = Buffer.allocUnsafe(Math.max(pieceSize, most));
      this.#length = 0;
    }
    this.#length += this.#piece.write(text, this.#length);
    return full;
  }

  /** What was added since the last piece. */
  rest(): Buffer {
    return this.#piece.subarray(0, this.#length);
  }
}
