import { once } from 'node:events';
import type { Snapshot } from './snapshot.js';
import { snapshotBody } from './snapshot-body.js';

/** What is asked of a snapshot, in order, and its loss. */
function snapshot(): { asked: string[]; lose: () => void } & Pick<Snapshot, 'end' | 'drop' | 'onLost'> {
  const asked: string[] = [];
  let lost: (error: Error) => void;
  return {
    asked,
    lose: () => lost(new Error('lost')),
    end: () => Promise.resolve(void asked.push('end')),
    drop: () => void asked.push('drop'),
    onLost: (heard) => (lost = heard),
  };
}

const body = (of: ReturnType<typeof snapshot>, pieces: () => AsyncIterable<string>) =>
  snapshotBody(of as unknown as Snapshot, pieces(), { leastBytesPerSecond: 1_000, patienceMs: 120_000 });

test('ends when the snapshot has ended, and then lets it go', async () => {
  const of = snapshot();
  const stream = body(of, async function* () {
    yield await Promise.resolve('one');
    yield 'two';
  });
  expect((await stream.toArray()).join()).toBe('one,two');
  expect(of.asked).toEqual(['end', 'drop']);
});

test.each([
  ['the writer fails', () => Promise.reject(new Error('failed'))],
  ['the end of the snapshot fails', () => Promise.resolve()],
])('is destroyed when %s', async (what, last) => {
  const of = snapshot();
  if (what.includes('snapshot')) of.end = () => Promise.reject(new Error('failed'));
  const stream = body(of, async function* () {
    yield 'one';
    await last();
  });
  await expect(stream.toArray()).rejects.toThrow('failed');
  expect(of.asked).toEqual(['drop']);
});

test('is destroyed when the connection is lost while nobody reads, and the writer cleans up', async () => {
  const of = snapshot();
  let cleaned = false;
  const stream = body(of, async function* () {
    try {
      yield await Promise.resolve('one');
      yield 'two';
    } finally {
      cleaned = true;
    }
  });
  await once(stream, 'readable');
  of.lose();
  const [error] = (await once(stream, 'error')) as [Error];
  expect([error.message, of.asked]).toEqual(['lost', ['drop']]);
  await new Promise(setImmediate);
  expect(cleaned).toBe(true);
});

test('is given up after two minutes in which nobody reads, however long the writer takes', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const of = snapshot();
    const stream = body(of, async function* () {
      yield await new Promise<string>((resolve) => setTimeout(() => resolve('x'.repeat(1e6)), 300_000));
      yield 'more';
    });
    const error = once(stream, 'error');
    stream.read(0);
    await jest.advanceTimersByTimeAsync(300_000);
    await jest.advanceTimersByTimeAsync(119_000);
    expect(of.asked).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect((await error)[0]).toMatchObject({ message: 'The reader is too slow' });
    expect(of.asked).toEqual(['drop']);
  } finally {
    jest.useRealTimers();
  }
});
