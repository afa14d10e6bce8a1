import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { ImportFile, mostFileBytes, type Limits } from './import-file.js';

const folder = mkdtempSync(join(tmpdir(), 'trm-import-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => expect(readdirSync(folder)).toEqual([]));

const defaults = { customer: 'a', consultant: 'b', productLine: 'c', activity: 'd', delivery: 'e', summary: 'f' };
const reading = { encoding: 'utf-8', map: undefined, defaults } as const;
const usual: Limits = { bytes: mostFileBytes, pauseMs: 5_000, wholeMs: 5_000 };
const receive = (body: Readable, limits: Partial<Limits> = {}): Promise<ImportFile> =>
  ImportFile.receive(body, folder, reading, { ...usual, ...limits });
const pieces = (...texts: string[]): Readable => Readable.from(texts.map((text) => Buffer.from(text)));

test('a file is read as often as one likes, and has no name while it is there', async () => {
  const text = `workDate,minutes\r\n${'2026-04-01,90\r\n'.repeat(30_000)}"2026-04-02",\r\n\r\n`;
  const file = await receive(pieces(text.slice(0, 5), text.slice(5)));
  expect(readdirSync(folder)).toEqual([]);
  expect([file.form.rowCount, file.sha256]).toEqual([30_001, createHash('sha256').update(text).digest('hex')]);
  for (let times = 0; times < 2; times++) {
    const rows = [];
    for await (const lot of file.rows()) rows.push(...lot);
    expect(rows).toHaveLength(30_001);
    expect([rows[0], rows.at(-1)]).toEqual([
      { line: 2, values: ['2026-04-01', '90'] },
      { line: 30_002, values: ['2026-04-02', ''] },
    ]);
  }
  await file.close();
});

test('one that is too large, or breaks off, is refused', async () => {
  const large = new PassThrough();
  large.write('workDate,minutes\n2026-04-01,90\n');
  await expect(receive(large, { bytes: 20 })).rejects.toMatchObject({ code: 'payload-too-large' });
  expect(large.destroyed).toBe(false);
  const broken = new PassThrough();
  broken.write('workDate,minutes\n');
  setTimeout(() => broken.destroy(new Error('aborted')), 10);
  await expect(receive(broken)).rejects.toMatchObject({ code: 'malformed-request' });
});

test('a sender who pauses, or who never comes to an end, is not waited for', async () => {
  const paused = new PassThrough();
  paused.write('workDate,minutes\n');
  await expect(receive(paused, { pauseMs: 20 })).rejects.toMatchObject({ code: 'upload-stalled' });
  const endless = new PassThrough();
  const writing = setInterval(() => endless.write('\n'), 5);
  await expect(receive(endless, { wholeMs: 40 })).rejects.toMatchObject({ code: 'upload-stalled' });
  clearInterval(writing);
  expect(endless.destroyed).toBe(false);
});

test('what has been read of it is not kept in memory', async () => {
  const header = 'workDate,minutes,reference\n';
  const record = `2026-04-01,90,${'x'.repeat(60_000)}\n`;
  const recordsOf64MiB = 1_100;
  let mostBytes = 0;
  function* records(): Generator<Buffer> {
    yield Buffer.from(header);
    for (let at = 0; at < recordsOf64MiB; at++) {
      mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers);
      yield Buffer.from(record);
    }
  }
  const bytesBefore = process.memoryUsage().arrayBuffers;
  const file = await receive(Readable.from(records()));
  await file.close();
  expect(file.form.rowCount).toBe(recordsOf64MiB);
  expect(mostBytes - bytesBefore).toBeLessThan(40 * 1024 ** 2);
});
