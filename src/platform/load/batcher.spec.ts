import { Refusal } from '../../domain/refusal.js';
import { Batcher, type BatcherOptions } from './batcher.js';

const options: BatcherOptions<number> = {
  weightOf: () => 1,
  userOf: () => 'one',
  fullWeight: 3,
  mostWaitingWeight: 10,
  retryAlone: () => true,
};

/** Work whose batches end when the test calls `end`. */
function slowWork() {
  const batches: number[][] = [];
  const ends: (() => void)[] = [];
  const work = (items: number[]): Promise<string[]> => {
    batches.push(items);
    return new Promise((resolve) => ends.push(() => resolve(items.map((item) => `done ${item}`))));
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { batches, work, end: async () => (await turn(), ends.shift()!(), turn()), turn };
}

describe('a batcher', () => {
  it('starts the first item at once, and collects later items in order, up to a full batch', async () => {
    const { batches, work, end, turn } = slowWork();
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
    const { batches, work, end } = slowWork();
    const batcher = new Batcher(work, { ...options, weightOf: (item) => item, mostWaitingWeight: 1_000 });
    const answers = [1, 1, 100, 1].map((item) => batcher.submit(item));
    await end();
    await end();
    await end();
    await Promise.all(answers);
    expect(batches).toEqual([[1, 1], [100], [1]]);
  });

  it('lets a faulty item fail alone', async () => {
    const batches: number[][] = [];
    const batcher = new Batcher<number, number>(
      (items) => {
        batches.push(items);
        return items.includes(2) ? Promise.reject(new Error('faulty')) : Promise.resolve(items);
      },
      { ...options, fullWeight: 10 },
    );
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => batcher.submit(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(batches).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('fails a whole batch at once if a retry of single items cannot help', async () => {
    let calls = 0;
    const batcher = new Batcher<number, number>(
      () => {
        calls++;
        return Promise.reject(new Error('the database is away'));
      },
      { ...options, fullWeight: 10, retryAlone: () => false },
    );
    const outcomes = await Promise.allSettled([1, 2, 3].map((item) => batcher.submit(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(calls).toBe(1);
  });

  it('refuses items if too many wait, and accepts items again later', async () => {
    const { work, end, turn } = slowWork();
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
