import { once } from 'node:events';
import type { Snapshot } from './snapshot.js';
import { snapshotBody } from './snapshot-body.js';

/** A snapshot that records its calls. The test can lose its connection. */
function snapshot(): { calls: string[]; lose: () => void } & Pick<Snapshot, 'end' | 'drop' | 'onLost'> {
  const calls: string[] = [];
  let lost: (error: Error) => void;
  return {
    calls,
    lose: () => lost(new Error('lost')),
    end: () => Promise.resolve(void calls.push('end')),
    drop: () => void calls.push('drop'),
    onLost: (listener) => (lost = listener),
  };
}

const body = (opened: ReturnType<typeof snapshot>, pieces: () => AsyncIterable<string>) =>
  snapshotBody(opened as unknown as Snapshot, pieces(), { leastBytesPerSecond: 1_000, patienceMs: 120_000 });

test('the stream ends after the snapshot has ended, and then drops it', async () => {
  const opened = snapshot();
  const stream = body(opened, async function* () {
    yield await Promise.resolve('one');
    yield 'two';
  });
  expect((await stream.toArray()).join()).toBe('one,two');
  expect(opened.calls).toEqual(['end', 'drop']);
});

test.each([
  ['the writer fails', () => Promise.reject(new Error('failed'))],
  ['the end of the snapshot fails', () => Promise.resolve()],
])('the stream is destroyed when %s', async (what, last) => {
  const opened = snapshot();
  if (what.includes('snapshot')) opened.end = () => Promise.reject(new Error('failed'));
  const stream = body(opened, async function* () {
    yield 'one';
    await last();
  });
  await expect(stream.toArray()).rejects.toThrow('failed');
  expect(opened.calls).toEqual(['drop']);
});

test('the stream is destroyed when the connection is lost and nobody reads, and the writer cleans up', async () => {
  const opened = snapshot();
  let cleaned = false;
  const stream = body(opened, async function* () {
    try {
      yield await Promise.resolve('one');
      yield 'two';
    } finally {
      cleaned = true;
    }
  });
  await once(stream, 'readable');
  opened.lose();
  const [error] = (await once(stream, 'error')) as [Error];
  expect([error.message, opened.calls]).toEqual(['lost', ['drop']]);
  await new Promise(setImmediate);
  expect(cleaned).toBe(true);
});

test('the stream is destroyed after two minutes in which nobody reads, and the time of the writer does not count', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const opened = snapshot();
    const stream = body(opened, async function* () {
      yield await new Promise<string>((resolve) => setTimeout(() => resolve('x'.repeat(1e6)), 300_000));
      yield 'more';
    });
    const error = once(stream, 'error');
    stream.read(0);
    await jest.advanceTimersByTimeAsync(300_000);
    await jest.advanceTimersByTimeAsync(119_000);
    expect(opened.calls).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect((await error)[0]).toMatchObject({ message: 'The reader is too slow' });
    expect(opened.calls).toEqual(['drop']);
  } finally {
    jest.useRealTimers();
  }
});
