import { buffer } from 'node:stream/consumers';
import { inflateRawSync } from 'node:zlib';
import { unzipped } from '../../../test/support/unzipped.js';
import { zipped } from './zip.js';

const file = (path: string, ...pieces: (string | Buffer)[]) => ({ path, pieces: () => pieces });

test('files come out as they went in, in their order, the empty ones too', async () => {
  const large = Buffer.alloc(3_000_000, 'abc');
  const files = await unzipped(
    await buffer(zipped([file('b/one.txt', '日本', '語'), file('empty'), file('a', large)], 1)),
  );
  expect([...files.keys()]).toEqual(['b/one.txt', 'empty', 'a']);
  expect(files.get('b/one.txt')!.toString()).toBe('日本語');
  expect(files.get('empty')).toHaveLength(0);
  expect(files.get('a')!.equals(large)).toBe(true);
});

test('sum and sizes stand behind each file and in the directory, so that a reader of either kind can check them', async () => {
  const zip = await buffer(zipped([file('digits', '1234', '56789')], 9));
  const local = 30 + 'digits'.length;
  const behind = zip.indexOf(Buffer.from('PK\x07\x08', 'latin1'));
  const directory = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
  expect(inflateRawSync(zip.subarray(local, behind)).toString()).toBe('123456789');
  // The check value of CRC-32, published with its definition.
  const told = [0xcbf43926, behind - local, 9];
  const at = (place: number) => [0, 4, 8].map((next) => zip.readUInt32LE(place + next));
  expect(at(14)).toEqual([0, 0, 0]);
  expect(at(behind + 4)).toEqual(told);
  expect(at(directory + 16)).toEqual(told);
});

test('a file is asked for when the one before it has been taken', async () => {
  const order: string[] = [];
  async function* files() {
    for (const path of ['one', 'two']) {
      order.push(`asked for ${path}`);
      yield await Promise.resolve({
        path,
        *pieces() {
          yield path;
          order.push(`end of ${path}`);
        },
      });
    }
  }
  await buffer(zipped(files()));
  expect(order).toEqual(['asked for one', 'end of one', 'asked for two', 'end of two']);
});

test('who stops reading gives the rest of a file up', async () => {
  let givenUp = false;
  function* endless() {
    try {
      for (;;) yield Buffer.alloc(64 * 1024);
    } finally {
      givenUp = true;
    }
  }
  const pieces = zipped([{ path: 'endless', pieces: endless }]);
  for (let piece = 0; piece < 3; piece++) await pieces.next();
  await pieces.return();
  await new Promise(setImmediate);
  expect(givenUp).toBe(true);
});

test('an error leaves no end behind', async () => {
  function* failing() {
    yield 'one';
    throw new Error('gone');
  }
  const taken: Buffer[] = [];
  const reading = (async () => {
    for await (const piece of zipped([file('a', 'whole'), { path: 'b', pieces: failing }])) taken.push(piece);
  })();
  await expect(reading).rejects.toThrow('gone');
  await expect(unzipped(Buffer.concat(taken))).rejects.toThrow(/end of central directory/i);
});
