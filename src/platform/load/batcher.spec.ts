import { Refusal } from '../../domain/refusal.js';
import { Batcher, type BatcherOptions } from './batcher.js';

const options: BatcherOptions<number> = {
  weightOf: () => 1,
  userOf: () => 'one',
  fullWeight: 3,
  mostWaitingWeight: 10,
  retryAlone: () => true,
};

/** A worker whose batches end when the test says so. */
function slowWork() {
  const batches: number[][] = [];
  const ends: (() => void)[] = [];
  const work = (orders: number[]): Promise<string[]> => {
    batches.push(orders);
    return new Promise((resolve) => ends.push(() => resolve(orders.map((order) => `done ${order}`))));
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { batches, work, end: async () => (await turn(), ends.shift()!(), turn()), turn };
}

describe('gathering', () => {
  it('begins at once and gathers what arrives meanwhile, in order, up to a full batch', async () => {
    const { batches, work, end, turn } = slowWork();
    const gathering = new Batcher(work, options);
    const answers = [gathering.submit(1)];
    await turn();
    answers.push(...[2, 3, 4, 5].map((order) => gathering.submit(order)));
    await end();
    await end();
    await end();
    expect(batches).toEqual([[1], [2, 3, 4], [5]]);
    expect(await Promise.all(answers)).toEqual(['done 1', 'done 2', 'done 3', 'done 4', 'done 5']);
    await gathering.idle();
  });

  it('gives a heavy order a batch of its own', async () => {
    const { batches, work, end } = slowWork();
    const gathering = new Batcher(work, { ...options, weightOf: (order) => order, mostWaitingWeight: 1_000 });
    const answers = [1, 1, 100, 1].map((order) => gathering.submit(order));
    await end();
    await end();
    await end();
    await Promise.all(answers);
    expect(batches).toEqual([[1, 1], [100], [1]]);
  });

  it('lets a poisoned order fail alone', async () => {
    const seen: number[][] = [];
    const gathering = new Batcher<number, number>(
      (orders) => {
        seen.push(orders);
        return orders.includes(2) ? Promise.reject(new Error('poison')) : Promise.resolve(orders);
      },
      { ...options, fullWeight: 10 },
    );
    const settled = await Promise.allSettled([1, 2, 3].map((order) => gathering.submit(order)));
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(seen).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  it('fails a whole batch at once where trying again alone cannot help', async () => {
    let times = 0;
    const gathering = new Batcher<number, number>(
      () => {
        times++;
        return Promise.reject(new Error('the database is away'));
      },
      { ...options, fullWeight: 10, retryAlone: () => false },
    );
    const settled = await Promise.allSettled([1, 2, 3].map((order) => gathering.submit(order)));
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(times).toBe(1);
  });

  it('refuses what would wait beyond its bound, and takes orders again later', async () => {
    const { work, end, turn } = slowWork();
    const gathering = new Batcher(work, options);
    const first = gathering.submit(1);
    await turn();
    const waiting = [2, 3, 4, 5, 6].map((order) => gathering.submit(order));
    await expect(gathering.submit(7)).rejects.toEqual(new Refusal('overloaded'));
    await end();
    await first;
    const late = gathering.submit(8);
    await end();
    await end();
    expect(await Promise.all([...waiting, late])).toContain('done 8');
  });
});
