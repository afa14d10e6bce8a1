import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { SharedRoom } from '../../../platform/load/shared-room.js';
import { ImportFile, mostFileBytes, type Limits } from './import-file.js';

const folder = mkdtempSync(join(tmpdir(), 'trm-import-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => expect(readdirSync(folder)).toEqual([]));

const defaults = { customer: 'a', consultant: 'b', productLine: 'c', activity: 'd', delivery: 'e', summary: 'f' };
const reading = { encoding: 'utf-8', map: undefined, defaults } as const;
const place = { folder, room: new SharedRoom(2 * mostFileBytes), person: 'a' };
const generous = { leastBytesPerSecond: 1, patienceMs: 600_000 };
const usual: Limits = { bytes: mostFileBytes, pace: generous, wholeMs: 600_000 };
const receive = (body: Readable, limits: Partial<Limits> = {}): Promise<ImportFile> =>
  ImportFile.receive(body, place, reading, { ...usual, ...limits });
const pieces = (...texts: string[]): Readable => Readable.from(texts.map((text) => Buffer.from(text)));

test('a file can be read several times, and has no name in its folder', async () => {
  const text = `workDate,minutes\r\n${'2026-04-01,90\r\n'.repeat(30_000)}"2026-04-02",\r\n\r\n`;
  const file = await receive(pieces(text.slice(0, 5), text.slice(5)));
  expect(readdirSync(folder)).toEqual([]);
  expect(file.form.rowCount).toBe(30_001);
  for (let times = 0; times < 2; times++) {
    const rows = [];
    for await (const portion of file.rows()) rows.push(...portion);
    expect(rows).toHaveLength(30_001);
    expect([rows[0], rows.at(-1)]).toEqual([
      { line: 2, values: ['2026-04-01', '90'] },
      { line: 30_002, values: ['2026-04-02', ''] },
    ]);
  }
  await file.close();
});

test('a file that is too large, or whose upload breaks off, is refused', async () => {
  const large = new PassThrough();
  large.write('workDate,minutes\n2026-04-01,90\n');
  await expect(receive(large, { bytes: 20 })).rejects.toMatchObject({ code: 'payload-too-large' });
  expect(large.destroyed).toBe(false);
  function* breakingOff(): Generator<Buffer> {
    yield Buffer.from('workDate,minutes\n');
    throw new Error('aborted');
  }
  await expect(receive(Readable.from(breakingOff()))).rejects.toMatchObject({ code: 'malformed-request' });
});

test('an upload that pauses, trickles or never ends is refused', async () => {
  const pace = { leastBytesPerSecond: 1_000_000, patienceMs: 40 };
  const paused = new PassThrough();
  paused.write('workDate,minutes\n');
  await expect(receive(paused, { pace })).rejects.toMatchObject({ code: 'upload-stalled' });
  const trickling = new PassThrough();
  trickling.write('workDate,minutes\n');
  const trickle = setInterval(() => trickling.write('\n'), 5);
  await expect(receive(trickling, { pace })).rejects.toMatchObject({ code: 'upload-stalled' });
  clearInterval(trickle);
  const endless = new PassThrough();
  const writing = setInterval(() => endless.write('\n'), 5);
  await expect(receive(endless, { wholeMs: 40 })).rejects.toMatchObject({ code: 'upload-stalled' });
  clearInterval(writing);
  expect(endless.destroyed).toBe(false);
});

test('an upload is read no faster than it is written to the disk', async () => {
  const record = Buffer.from(`2026-04-01,90,${'x'.repeat(60_000)}\n`);
  const recordsOf64MiB = 1_100;
  /** A stream reads 16 pieces ahead, and one piece is being written. */
  const mostRecordsInFlight = 17;
  let sent = 0;
  let written = 0;
  let mostInFlight = 0;
  function* records(): Generator<Buffer> {
    yield Buffer.from('workDate,minutes,reference\n');
    for (; sent < recordsOf64MiB; sent++) {
      mostInFlight = Math.max(mostInFlight, sent - written);
      yield record;
    }
  }
  const writing = await countingWrites((bytes) => (written += bytes === record.length ? 1 : 0));
  try {
    const file = await receive(Readable.from(records()));
    await file.close();
    expect([file.form.rowCount, written]).toEqual([recordsOf64MiB, recordsOf64MiB]);
    expect(mostInFlight).toBeLessThanOrEqual(mostRecordsInFlight);
  } finally {
    writing.mockRestore();
  }
});

/** Calls `count` with the bytes of each write to a file after the write. */
async function countingWrites(count: (bytes: number) => void): Promise<jest.SpiedFunction<FileHandle['writeFile']>> {
  const opened = await open(__filename, 'r');
  const handles = Object.getPrototypeOf(opened) as FileHandle;
  await opened.close();
  const write = handles.writeFile;
  return jest.spyOn(handles, 'writeFile').mockImplementation(async function (this: FileHandle, bytes) {
    await write.call(this, bytes);
    count((bytes as Buffer).length);
  });
}
