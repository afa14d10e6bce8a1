import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { Archive } from './archive.js';
import type { ArchiveFile } from './zip.js';

const file = (path: string, ...pieces: (string | Buffer)[]): ArchiveFile => ({ path, pieces: () => pieces });

it('gives the same bytes for the same content, whenever and however its pieces come', async () => {
  const once = new Archive().add([file('a.txt', 'one', 'two'), file('b/c.txt', '日本語')]).pieces();
  async function* slowly() {
    yield 'o';
    await pause(5);
    yield 'netwo';
  }
  const again = new Archive().add([{ path: 'a.txt', pieces: slowly }, file('b/c.txt', '日本語')]).pieces();
  expect((await buffer(once)).equals(await buffer(again))).toBe(true);
});

it('lets a later file tell of the ones before it', async () => {
  const archive = new Archive();
  let told: unknown;
  const last = function* () {
    told = [...archive.sums];
    yield 'last';
  };
  await buffer(archive.add([file('a.txt', 'one', 'two'), { path: 'last', pieces: last }]).pieces());
  const sha256 = createHash('sha256').update('onetwo').digest('hex');
  expect(told).toEqual([{ path: 'a.txt', size: 6, sha256 }]);
});

it('asks for no more than its reader takes', async () => {
  let asked = 0;
  const endless = function* () {
    for (;;) {
      asked++;
      yield randomBytes(64 * 1024);
    }
  };
  const archive = new Archive().add([{ path: 'endless', pieces: endless }]);
  const body = Readable.from(archive.pieces(), { objectMode: false });
  body.read();
  await pause(100);
  expect(asked).toBeLessThan(20);
  body.destroy();
  await once(body, 'close');
  const before = asked;
  await pause(30);
  expect(asked).toBe(before);
});

it('breaks off where a piece cannot be had', async () => {
  const failing = function* () {
    yield 'one';
    throw new Error('gone');
  };
  const body = new Archive().add([{ path: 'a', pieces: failing }, file('b', 'never')]).pieces();
  await expect(buffer(body)).rejects.toThrow('gone');
});
