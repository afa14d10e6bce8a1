import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { Archive } from './archive.js';
import type { ArchiveFile } from './zip.js';

const file = (path: string, ...pieces: (string | Buffer)[]): ArchiveFile => ({ path, pieces: () => pieces });

it('an archive of the same content has the same bytes, however its pieces are cut and timed', async () => {
  const first = new Archive().add([file('a.txt', 'one', 'two'), file('b/c.txt', '日本語')]).pieces();
  async function* slowly() {
    yield 'o';
    await pause(5);
    yield 'netwo';
  }
  const again = new Archive().add([{ path: 'a.txt', pieces: slowly }, file('b/c.txt', '日本語')]).pieces();
  expect((await buffer(first)).equals(await buffer(again))).toBe(true);
});

it('a later file of an archive can list the files before it', async () => {
  const archive = new Archive();
  let listed: unknown;
  const last = function* () {
    listed = [...archive.sums];
    yield 'last';
  };
  await buffer(archive.add([file('a.txt', 'one', 'two'), { path: 'last', pieces: last }]).pieces());
  const sha256 = createHash('sha256').update('onetwo').digest('hex');
  expect(listed).toEqual([{ path: 'a.txt', size: 6, sha256 }]);
});

it('an archive requests no more pieces than its reader needs', async () => {
  let requested = 0;
  const endless = function* () {
    for (;;) {
      requested++;
      yield randomBytes(64 * 1024);
    }
  };
  const archive = new Archive().add([{ path: 'endless', pieces: endless }]);
  const body = Readable.from(archive.pieces(), { objectMode: false });
  body.read();
  await pause(100);
  expect(requested).toBeLessThan(20);
  body.destroy();
  await once(body, 'close');
  const before = requested;
  await pause(30);
  expect(requested).toBe(before);
});

it('an archive fails if a piece cannot be read', async () => {
  const failing = function* () {
    yield 'one';
    throw new Error('gone');
  };
  const body = new Archive().add([{ path: 'a', pieces: failing }, file('b', 'never')]).pieces();
  await expect(buffer(body)).rejects.toThrow('gone');
});
