import { buffer } from 'node:stream/consumers';
import { inflateRawSync } from 'node:zlib';
import { unzipped } from '../../../test/support/unzipped.js';
import { zipped } from './zip.js';

const file = (path: string, ...pieces: (string | Buffer)[]) => ({ path, pieces: () => pieces });

test('the files of a zip are unchanged and in order, also empty files', async () => {
  const large = Buffer.alloc(3_000_000, 'abc');
  const files = await unzipped(
    await buffer(zipped([file('b/one.txt', '日本', '語'), file('empty'), file('a', large)], 1)),
  );
  expect([...files.keys()]).toEqual(['b/one.txt', 'empty', 'a']);
  expect(files.get('b/one.txt')!.toString()).toBe('日本語');
  expect(files.get('empty')).toHaveLength(0);
  expect(files.get('a')!.equals(large)).toBe(true);
});

test('the checksum and sizes of a file are behind it and in the directory, so that every kind of reader can check them', async () => {
  const zip = await buffer(zipped([file('digits', '1234', '56789')], 9));
  const local = 30 + 'digits'.length;
  const behind = zip.indexOf(Buffer.from('PK\x07\x08', 'latin1'));
  const directory = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  expect(inflateRawSync(zip.subarray(local, behind)).toString()).toBe('123456789');
  // The published check value of CRC-32 is the checksum of these nine digits.
  const sums = [0xcbf43926, behind - local, 9];
  const at = (place: number) => [0, 4, 8].map((next) => zip.readUInt32LE(place + next));
  expect(at(14)).toEqual([0, 0, 0]);
  expect(at(behind + 4)).toEqual(sums);
  expect(at(directory + 16)).toEqual(sums);
});

test('a file is requested when the file before it has been written', async () => {
  const events: string[] = [];
  async function* files() {
    for (const path of ['one', 'two']) {
      events.push(`requested ${path}`);
      yield await Promise.resolve({
        path,
        *pieces() {
          yield path;
          events.push(`end of ${path}`);
        },
      });
    }
  }
  await buffer(zipped(files()));
  expect(events).toEqual(['requested one', 'end of one', 'requested two', 'end of two']);
});

test('the rest of a file is not read if the reader stops', async () => {
  let hasStopped = false;
  function* endless() {
    try {
      for (;;) yield Buffer.alloc(64 * 1024);
    } finally {
      hasStopped = true;
    }
  }
  const pieces = zipped([{ path: 'endless', pieces: endless }]);
  for (let piece = 0; piece < 3; piece++) await pieces.next();
  await pieces.return();
  await new Promise(setImmediate);
  expect(hasStopped).toBe(true);
});

test('a file that fails leaves a zip that cannot be opened', async () => {
  function* failing() {
    yield 'one';
    throw new Error('gone');
  }
  const pieces: Buffer[] = [];
  const reading = (async () => {
    for await (const piece of zipped([file('a', 'whole'), { path: 'b', pieces: failing }])) pieces.push(piece);
  })();
  await expect(reading).rejects.toThrow('gone');
  await expect(unzipped(Buffer.concat(pieces))).rejects.toThrow(/end of central directory/i);
});
