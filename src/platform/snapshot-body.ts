import { Readable } from 'node:stream';
import type { Snapshot } from './snapshot.js';

/** A reader that takes nothing for so long has gone, whatever the network says: it must not hold a connection for ever. */
const patienceMs = 120_000;

/**
 * The pieces of a file as a stream. The snapshot is let go when the stream ends in any way, read or not: a generator that was
 * never begun would not clean up. An error destroys the stream, and with it the response, so that the reader sees a broken
 * transfer and no trailer.
 */
export function snapshotBody(snapshot: Snapshot, pieces: AsyncIterable<string | Uint8Array>): Readable {
  const iterator = pieces[Symbol.asyncIterator]();
  const nextPiece = async (): Promise<string | Uint8Array | null> => {
    const piece: IteratorResult<string | Uint8Array, unknown> = await iterator.next();
    if (piece.done !== true) return piece.value;
    // Only who has read everything may see the end of the file.
    await snapshot.end();
    return null;
  };
  let impatience: NodeJS.Timeout | undefined;
  const body = new Readable({
    read() {
      clearTimeout(impatience);
      nextPiece().then(
        (piece) => {
          if (body.destroyed) return;
          impatience = setTimeout(() => body.destroy(new Error('Nobody reads this file')), patienceMs);
          body.push(piece);
        },
        (error: unknown) => body.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    destroy(error, done) {
      clearTimeout(impatience);
      snapshot.drop();
      // Whatever the writer has opened is closed; an error of that changes nothing any more.
      iterator.return?.().catch(() => undefined);
      done(error);
    },
  });
  snapshot.onLost((error) => body.destroy(error));
  return body;
}
