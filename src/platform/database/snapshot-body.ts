import { Readable } from 'node:stream';
import { Patience, type LeastPace } from '../load/patience.js';
import type { Snapshot } from './snapshot.js';

/**
 * The pieces of a file as a stream. The snapshot is let go when the stream ends in any way, read or not: a generator that was
 * never begun would not clean up. An error destroys the stream, and with it the response, so that the reader sees a broken
 * transfer and no trailer. So does a reader that takes less than the least rate: it must not hold a connection for ever.
 */
export function snapshotBody(
  snapshot: Snapshot,
  pieces: AsyncIterable<string | Uint8Array>,
  pace: LeastPace,
): Readable {
  const iterator = pieces[Symbol.asyncIterator]();
  const nextPiece = async (): Promise<string | Uint8Array | null> => {
    const piece: IteratorResult<string | Uint8Array, unknown> = await iterator.next();
    if (piece.done !== true) return piece.value;
    // Only who has read everything may see the end of the file.
    await snapshot.end();
    return null;
  };
  let offeredBytes = 0;
  const patience = new Patience(pace, () => body.destroy(new Error('The reader is too slow')));
  const body = new Readable({
    read() {
      patience.moved(offeredBytes);
      nextPiece().then(
        (piece) => {
          if (body.destroyed) return;
          offeredBytes = Buffer.byteLength(piece ?? '');
          patience.wait();
          body.push(piece);
        },
        (error: unknown) => body.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    destroy(error, done) {
      patience.moved(0);
      snapshot.drop();
      // Whatever the writer has opened is closed; an error of that changes nothing any more.
      iterator.return?.().catch(() => undefined);
      done(error);
    },
  });
  snapshot.onLost((error) => body.destroy(error));
  return body;
}
