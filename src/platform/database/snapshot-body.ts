import { Readable } from 'node:stream';
import { Patience, type LeastPace } from '../load/patience.js';
import type { Snapshot } from './snapshot.js';

/**
 * Streams the pieces of a file, and ends the snapshot when the stream ends in any way. (A generator that was never started would not
 * clean up.) An error destroys the stream and the response, so that the reader sees a broken transfer without a trailer. A reader
 * slower than the minimum rate is cut off too: it must not hold a connection for ever.
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
    // The end of the file is sent only after everything has been read.
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
      // Closes what the writer has opened. An error here no longer matters.
      iterator.return?.().catch(() => undefined);
      done(error);
    },
  });
  snapshot.onLost((error) => body.destroy(error));
  return body;
}
