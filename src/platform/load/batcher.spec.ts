import { Refusal } from '../../domain/refusal.js';
import { Batcher, type BatcherOptions } from './batcher.js';

const options: BatcherOptions<number> = {
  weightOf: () => 1,
  userOf: () => 'one',
  fullWeight: 3,
  mostWaitingWeight: 10,
  retryAlone: () => true,
};

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work whose batches end when the test says so: `end` ends the one that has run longest, `endBatchOf` that of an item. */
function slowWork<Item>() {
  const batches: Item[][] = [];
  const running: { items: Item[]; end: () => void }[] = [];
  const work = (items: Item[]): Promise<string[]> => {
    batches.push(items);
    return new Promise((resolve) =>
      running.push({ items, end: () => resolve(items.map((item) => `done ${String(item)}`)) }),
    );
  };
  const endAt = async (at: number): Promise<void> => {
    await turn();
    running.splice(at, 1)[0]!.end();
    await turn();
  };
  return {
    batches,
    work,
    end: () => endAt(0),
    endBatchOf: (item: Item) => endAt(running.findIndex(({ items }) => items.includes(item))),
  };
}

describe('a batcher', () => {
  it('starts at once, and collects what arrives meanwhile, in order, up to a full batch', async () => {
    const { batches, work, end } = slowWork<number>();
    const batcher = new Batcher(work, options);
    const answers = [batcher.submit(1)];
    await turn();
    answers.push(...[2, 3, 4, 5].map((item) => batcher.submit(item)));
    await end();
    await end();
    await end();
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
    expect(await Promise.all(answers)).toEqual(['done 1', 'done 2', 'done 3', 'done 4', 'done 5']);
    await batcher.idle();
  });

  it('gives a heavy item a batch of its own', async () => {
    const { batches, work, end } = slowWork<number>();
    const batcher = new Batcher(work, { ...options, weightOf: (item) => item, mostWaitingWeight: 1_000 });
    const answers = [1, 1, 100, 1].map((item) => batcher.submit(item));
    await end();
    await end();
    await end();
    await Promise.all(answers);
    expect(batches).toEqual([[1, 1], [100], [1]]);
  });

  it('lets a faulty item fail alone', async () => {
    const seen: number[][] = [];
    const batcher = new Batcher<number, number>(
      (items) => {
        seen.push(items);
        return items.includes(2) ? Promise.reject(new Error('faulty')) : Promise.resolve(items);
      },
      { ...options, fullWeight: 10 },
    );
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => batcher.submit(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seen).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('fails a whole batch at once if a retry cannot help', async () => {
    let times = 0;
    const batcher = new Batcher<number, number>(
      () => {
        times++;
        return Promise.reject(new Error('the database is away'));
      },
      { ...options, fullWeight: 10, retryAlone: () => false },
    );
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => batcher.submit(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(times).toBe(1);
  });

  it('refuses items for which it has no room, and accepts items again later', async () => {
    const { work, end } = slowWork<number>();
    const batcher = new Batcher(work, options);
    const first = batcher.submit(1);
    await turn();
    const waiting = [2, 3, 4, 5, 6].map((item) => batcher.submit(item));
    await expect(batcher.submit(7)).rejects.toEqual(new Refusal('overloaded'));
    await end();
    await first;
    const late = batcher.submit(8);
    await end();
    await end();
    expect(await Promise.all([...waiting, late])).toContain('done 8');
  });
});

describe('a batcher with two lanes', () => {
  /** `a1` needs the lock `a`, `ab2` the locks `a` and `b`. */
  const twoLanes: BatcherOptions<string> = {
    ...options,
    userOf: () => 'one',
    weightOf: () => 1,
    fullWeight: 10,
    mostWaitingWeight: 100,
    lanes: 2,
    locksOf: (item) => new Set(item.replaceAll(/\d/g, '')),
  };

  /** Submits items in several turns of the event loop. */
  async function submitted(...turns: string[][]) {
    const slow = slowWork<string>();
    const batcher = new Batcher(slow.work, twoLanes);
    const answers: Promise<string>[] = [];
    for (const items of turns) {
      answers.push(...items.map((item) => batcher.submit(item)));
      await turn();
    }
    return { ...slow, batcher, answers };
  }

  it('runs items that share no lock at the same time', async () => {
    const { batches } = await submitted(['a1'], ['b2'], ['c3']);
    expect(batches).toEqual([['a1'], ['b2']]);
  });

  it('starts a second batch when as many items wait as the first one has', async () => {
    const { batches, batcher } = await submitted(['a1', 'b2', 'c3'], ['d4', 'e5']);
    expect(batches).toEqual([['a1', 'b2', 'c3']]);
    void batcher.submit('f6');
    await turn();
    expect(batches).toEqual([
      ['a1', 'b2', 'c3'],
      ['d4', 'e5', 'f6'],
    ]);
  });

  it('starts a second batch when a quarter of a full one waits', async () => {
    const { batches } = await submitted(['a1', 'b2', 'c3', 'd4', 'e5', 'f6'], ['g7', 'h8'], ['i9']);
    expect(batches.slice(1)).toEqual([['g7', 'h8', 'i9']]);
  });

  it('keeps an item back while its lock is in use, and takes those behind it', async () => {
    const { batches, endBatchOf } = await submitted(['a1'], ['a2', 'b3', 'a4']);
    expect(batches).toEqual([['a1'], ['b3']]);
    await endBatchOf('a1');
    expect(batches.at(-1)).toEqual(['a2', 'a4']);
  });

  it('lets no item overtake one that waits for a lock that both need', async () => {
    const { batches, endBatchOf } = await submitted(['a1'], ['ab2', 'b3', 'c4']);
    expect(batches).toEqual([['a1'], ['c4']]);
    await endBatchOf('c4');
    expect(batches).toHaveLength(2);
    await endBatchOf('a1');
    expect(batches.at(-1)).toEqual(['ab2', 'b3']);
  });

  it('puts items that share a lock into one batch, in their order', async () => {
    const { batches } = await submitted(['a1', 'b2', 'ab3']);
    expect(batches).toEqual([['a1', 'b2', 'ab3']]);
  });

  it('frees the locks of a batch that failed', async () => {
    const seen: string[][] = [];
    const work = (items: string[]): Promise<string[]> => {
      seen.push(items);
      return items.includes('a1') ? Promise.reject(new Error('faulty')) : Promise.resolve(items);
    };
    const batcher = new Batcher(work, twoLanes);
    const failed = batcher.submit('a1');
    await expect(failed).rejects.toThrow('faulty');
    expect(await batcher.submit('a2')).toBe('a2');
    expect(seen).toEqual([['a1'], ['a2']]);
  });

  it('is idle when all lanes are empty and everybody has an answer', async () => {
    const { batcher, answers, endBatchOf } = await submitted(['a1'], ['b2', 'a3']);
    let isIdle = false;
    const idle = batcher.idle().then(() => (isIdle = true));
    await endBatchOf('b2');
    await endBatchOf('a1');
    expect(isIdle).toBe(false);
    await endBatchOf('a3');
    await idle;
    expect(await Promise.all(answers)).toEqual(['done a1', 'done b2', 'done a3']);
  });
});
